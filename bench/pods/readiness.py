"""How many members were away at once while something went on."""

from __future__ import annotations

import threading
from collections.abc import Collection
from types import TracebackType

from tests.kubernetes.lab import Lab

_EVERY_S = 0.3
_READY = (
    '{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'
)


class Readiness:
    """Looks at these pods as long as it is entered. `most_away` is the largest number of them that
    were not ready, or not there, in one look."""

    def __init__(self, lab: Lab, namespace: str, pods: Collection[str]) -> None:
        self._lab, self._namespace, self._pods = lab, namespace, {*pods}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.most_away = self.looks = 0

    def __enter__(self) -> Readiness:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_S):
            told = self._lab.kubectl(
                "-n", self._namespace, "get", "pods", f"--output=jsonpath={_READY}"
            )
            if told.status == 0:
                ready = {line.split()[0] for line in told.stdout.splitlines() if "True" in line}
                self.most_away = max(self.most_away, len(self._pods - ready))
                self.looks += 1
