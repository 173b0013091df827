"""How many members were away at once while something went on."""

from __future__ import annotations

from collections.abc import Collection

from tests.kubernetes.lab import Lab
from tests.support.watch import Watch

_EVERY_S = 0.3
_READY = (
    '{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'
)


class Readiness(Watch):
    """Looks at these pods as long as it is entered. `most_away` is the largest number of them that
    were not ready, or not there, in one look."""

    def __init__(self, lab: Lab, namespace: str, pods: Collection[str]) -> None:
        super().__init__(self._count, _EVERY_S)
        self._lab, self._namespace, self._pods = lab, namespace, {*pods}
        self.most_away = self.looks = 0

    def _count(self) -> None:
        told = self._lab.kubectl(
            "-n", self._namespace, "get", "pods", f"--output=jsonpath={_READY}"
        )
        if told.status == 0:
            ready = {line.split()[0] for line in told.stdout.splitlines() if "True" in line}
            self.most_away = max(self.most_away, len(self._pods - ready))
            self.looks += 1
