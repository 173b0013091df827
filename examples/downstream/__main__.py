"""Reads the etcd cluster's stack, and has a kube-apiserver run on it."""

from pathlib import Path

import pulumi
from accounts import ServiceAccounts
from etcd_outputs import EtcdOutputs
from placed import place
from restart import restart_digest
from static_pod import MANIFEST, static_pod

config = pulumi.Config()
root = str((Path(__file__).parent / config.require("root")).resolve())

etcd = EtcdOutputs(pulumi.StackReference(config.require("etcd")))
apiserver = etcd.apiserver(config.get("consumer") or "apiserver")

accounts = ServiceAccounts("accounts")
own_flags = config.require_object("flags")
flags = apiserver.flags.apply(lambda of_etcd: [*of_etcd, *accounts.flags, *own_flags])
files = pulumi.Output.all(apiserver.files, accounts.files).apply(lambda both: both[0] | both[1])
digest = pulumi.Output.all(apiserver.files, apiserver.restart_on, accounts.files).apply(
    lambda given: restart_digest(given[0], given[1], given[2])
)

# Made of secret files, but it holds their paths and a digest only: a preview may show it.
pod = pulumi.Output.unsecret(
    pulumi.Output.all(flags, files, digest).apply(
        lambda given: static_pod(config.require("image"), given[0], given[1], given[2], root)
    )
)
place("apiserver", root, files, {MANIFEST: pod})

pulumi.export("pod", pod)
