"""Reads the stack of an etcd cluster from another Pulumi program.

    etcd = EtcdOutputs(pulumi.StackReference("organization/etcd-cluster/prod"))
    apiserver = etcd.apiserver()
    ...  # apiserver.flags, apiserver.files

Needs nothing else of this project: a program elsewhere carries this folder, under any name.
"""

from .found import Outputs
from .problems import OutputsError, Problem
from .stack import Certificate, Etcdctl, EtcdOutputs, Flags, Kubeadm, Prometheus

__all__ = [
    "Certificate",
    "EtcdOutputs",
    "Etcdctl",
    "Flags",
    "Kubeadm",
    "Outputs",
    "OutputsError",
    "Problem",
    "Prometheus",
]
