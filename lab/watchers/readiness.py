"""How many members were away at once while something went on."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

from lab.kubernetes.api import conditions_of
from lab.kubernetes.lab import Lab
from lab.watchers.watch import Watch

_EVERY_S = 0.3


class Readiness(Watch):
    """Looks at these pods as long as it is entered. `most_away` is the largest number of them that
    were not ready, or not there, in one look."""

    def __init__(self, lab: Lab, namespace: str, pods: Collection[str]) -> None:
        super().__init__(self._count, _EVERY_S)
        self._lab, self._namespace, self._pods = lab, namespace, {*pods}
        self.most_away = self.looks = 0

    def _count(self) -> None:
        # Not by kubectl, which takes a quarter of a core to be started so often.
        status, body = self._lab.api.get(f"/api/v1/namespaces/{self._namespace}/pods")
        if status == HTTPStatus.OK:
            ready = {pod["metadata"]["name"] for pod in json.loads(body)["items"] if _is_ready(pod)}
            self.most_away = max(self.most_away, len(self._pods - ready))
            self.looks += 1


def _is_ready(pod: Mapping[str, Any]) -> bool:
    return conditions_of(pod).get("Ready", {}).get("status") == "True"
