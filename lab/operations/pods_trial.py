"""One operation on a cluster of pods, with a client that writes 200 times a second."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.client.client import Client
from lab.kubernetes.lab import Lab
from lab.operations.pods_table import Operation
from lab.stack import EtcdStack
from lab.watchers.pods import pods_away
from lab.watchers.watch import Watch

# An apiserver's answer takes a tenth of this.
_LOOK_S = 0.3
_UIDS = '{range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}'


@dataclass(frozen=True)
class Outcome:
    """`client` is what the writer reports; `most_away`: members that were not ready at once, of
    those that stay; `kept`: pods that are the same as before."""

    seconds: float
    client: Mapping[str, Any]
    most_away: int
    looks: int
    staying: frozenset[str]
    kept: frozenset[str]


class Trial:
    """A cluster in a namespace of a lab. The client is among the addresses of a node."""

    def __init__(self, lab: Lab, stack: EtcdStack, writer: Path) -> None:
        self.lab, self.stack, self._writer = lab, stack, writer

    def run(self, operation: Operation) -> Outcome:
        """RuntimeError if an `up` fails, or if the writes cannot be read back."""
        before, staying = self.uids(), self._staying(operation)
        client = self.client()
        seconds = 0.0
        try:
            with Watch(pods_away(self.lab, self.namespace, staying), _LOOK_S) as watch:
                for change in operation.changes:
                    began_s = time.monotonic()
                    done = self.stack.change(**change).up()
                    seconds += time.monotonic() - began_s
                    if done.status != 0:
                        raise RuntimeError(done.output)
                    client.follow(self.stack.outputs())
            report = client.report()
        finally:
            client.stop()
        after = self.uids()
        return Outcome(
            seconds=seconds,
            client=report,
            most_away=max(map(len, watch.seen)),
            looks=watch.looks,
            staying=frozenset(staying),
            kept=frozenset(pod for pod, uid in after.items() if before.get(pod) == uid),
        )

    @property
    def namespace(self) -> str:
        """Where the pods are."""
        return str(self.stack.spec["kubernetes"]["namespace"])

    def client(self) -> Client:
        """Writing from now on."""
        among = self.lab.nodes[0].among()
        return Client(self._writer, self.stack.folder / "client", self.stack.outputs(), among)

    def uids(self) -> dict[str, str]:
        """Which pod is behind each name."""
        asked = ("-n", self.namespace, "get", "pods", "--selector=app.kubernetes.io/name=etcd")
        told = self.lab.kubectl(*asked, f"--output=jsonpath={_UIDS}").ok().stdout
        return dict(line.split() for line in told.splitlines())

    def _staying(self, operation: Operation) -> list[str]:
        named = [{*change["nodes"]} for change in operation.changes if "nodes" in change]
        return [f"{node}-0" for node in self.stack.spec["nodes"] if all(node in n for n in named)]
