"""A living cluster of pods in a namespace of a lab, with a client among the addresses of a node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from lab.client.beside import binary
from lab.client.client import Client
from lab.kubernetes.lab import Lab
from lab.stack import EtcdStack
from lab.watchers.pods import PodWatch

_UIDS = '{range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}'
_MOST_MEMBERS = 5


class PodCluster:
    """Its stack is up."""

    def __init__(self, lab: Lab, stack: EtcdStack) -> None:
        self.lab, self.stack = lab, stack

    @property
    def namespace(self) -> str:
        """Where the pods are."""
        return str(self.stack.spec["kubernetes"]["namespace"])

    def client(self) -> Client:
        """Writing from now on."""
        among = self.lab.nodes[0].among()
        return Client(binary(), self.stack.folder / "client", self.stack.outputs(), among)

    def watcher(self) -> PodWatch:
        """Of all members."""
        return PodWatch(self.lab, self.namespace)

    def spare_nodes(self) -> dict[str, Any]:
        """Nodes need nothing but a name."""
        names = [f"etcd{number}" for number in range(_MOST_MEMBERS)]
        return {name: {} for name in names if name not in self.stack.spec["nodes"]}

    def leader_name(self) -> str:
        """Whose member leads."""
        asked = subprocess.run(
            [
                *self.lab.nodes[0].among(),
                *("etcdctl", *self.stack.client_files()),
                *("endpoint", "status", "--write-out=json"),
            ],
            env=self.stack.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        told: dict[str, Any] = {
            each["Endpoint"]: each["Status"] for each in json.loads(asked.stdout)
        }
        (leads,) = (at for at, its in told.items() if its["leader"] == its["header"]["member_id"])
        names: list[str] = [*self.stack.spec["nodes"]]
        return next(name for name in names if f"//{name}-0." in leads)

    def pick(self, names: Sequence[str]) -> str:
        """The last."""
        return names[-1]

    def release(self, version: str) -> Mapping[str, Any]:
        """The nodes get its image."""
        self.lab.etcd_image(version)
        return {"version": version}

    def lose(self, name: str) -> None:
        raise NotImplementedError("pods have no machine of their own")

    def set_up_anew(self, name: str) -> Mapping[str, Any]:
        raise NotImplementedError("pods have no machine of their own")

    def uids(self) -> dict[str, str]:
        """Which pod is behind each name."""
        asked = ("-n", self.namespace, "get", "pods", "--selector=app.kubernetes.io/name=etcd")
        told = self.lab.kubectl(*asked, f"--output=jsonpath={_UIDS}").ok().stdout
        return dict(line.split() for line in told.splitlines())
