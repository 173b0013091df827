"""How etcdctl is told to use this etcd. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from components.outputs.clients import ClientPaths

ETCDCTL_DIRECTORY = "/etc/etcd/clients"


class Environment(TypedDict):
    """Environment variables by name."""

    environment: dict[str, str]


def etcdctl(endpoints: Sequence[str], paths: ClientPaths) -> Environment:
    """All endpoints, since `endpoint status` shows only what is named (document 002)."""
    return {
        "environment": {
            "ETCDCTL_ENDPOINTS": ",".join(endpoints),
            "ETCDCTL_CACERT": paths.ca,
            "ETCDCTL_CERT": paths.certificate,
            "ETCDCTL_KEY": paths.key,
        }
    }
