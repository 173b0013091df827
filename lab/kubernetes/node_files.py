"""What a node's programs read. Pure but for `write`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from lab.kubernetes.addresses import DOMAIN

PAUSE = "lab.test/pause:1"
# A pod's address is one of 29.
MOST_PODS = 25
# What a kubelet writes where it finds anything else, for the whole machine.
KERNEL = {
    "vm.overcommit_memory": 1,
    "vm.panic_on_oom": 0,
    "kernel.panic": 10,
    "kernel.panic_on_oops": 1,
    "kernel.keys.root_maxkeys": 1000000,
    "kernel.keys.root_maxbytes": 25000000,
}


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """All of them, with their folders."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def kernel() -> dict[str, str]:
    """Files to stand in for the kernel's own while a kubelet looks at them."""
    return {f"kernel/{name}": f"{value}\n" for name, value in KERNEL.items()}


def containerd(config: Path) -> str:
    """Version 1.6, which has no settings in a folder beside."""
    cri = 'plugins."io.containerd.grpc.v1.cri"'
    return f"""\
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
# It would make /opt/containerd, which is this machine's.
disabled_plugins = ["io.containerd.internal.v1.opt"]

[grpc]
address = "/run/containerd/containerd.sock"

[{cri}]
sandbox_image = "{PAUSE}"
# A process without CAP_SYS_RESOURCE may not say that it is to be spared.
restrict_oom_score_adj = true
disable_apparmor = true

[{cri}.cni]
bin_dir = "/usr/lib/cni"
conf_dir = "{config}/cni"

[{cri}.containerd]
snapshotter = "overlayfs"

[{cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[{cri}.containerd.runtimes.runc.options]
SystemdCgroup = false
"""


def cni(pods: IPv4Network) -> str:
    """A bridge on each node, routed, without address translation."""
    bridge: dict[str, Any] = {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        # A pod may reach itself by its service.
        "hairpinMode": True,
        "ipMasq": False,
        "ipam": {
            "type": "host-local",
            "ranges": [[{"subnet": str(pods)}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        },
    }
    return json.dumps({"cniVersion": "1.0.0", "name": "lab", "plugins": [bridge]}, indent=1)


def kubelet(config: Path, authority: str, group: str, name_server: str) -> str:
    """Its `--config`. What takes Kubernetes minutes takes seconds here."""
    nothing = "0%"
    document = {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": authority},
        },
        "authorization": {"mode": "Webhook"},
        "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": group,
        "failCgroupV1": False,
        "failSwapOn": False,
        "clusterDNS": [name_server],
        "clusterDomain": DOMAIN,
        "resolvConf": f"{config}/resolv.conf",
        "makeIPTablesUtilChains": False,
        "maxPods": MOST_PODS,
        "nodeLeaseDurationSeconds": 8,
        "nodeStatusUpdateFrequency": "2s",
        "nodeStatusReportFrequency": "2s",
        # A changed Secret is in its pods' files within this.
        "syncFrequency": "3s",
        # A container that fails waits no longer than this.
        "featureGates": {"KubeletCrashLoopBackOffMax": True},
        "crashLoopBackOff": {"maxContainerRestartPeriod": "5s"},
        # The disk is this machine's: how full it is is no fault of a pod, nor of an image.
        "evictionHard": {
            "imagefs.available": nothing,
            "imagefs.inodesFree": nothing,
            "nodefs.available": nothing,
            "nodefs.inodesFree": nothing,
            "memory.available": nothing,
        },
        "imageGCHighThresholdPercent": 100,
        "volumePluginDir": "/var/lib/kubelet/volume-plugins",
    }
    return json.dumps(document, indent=1)
