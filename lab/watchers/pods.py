"""Which members of a cluster of pods are away, and which start anew, as seen by its API server."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from lab.kubernetes.api import conditions_of
from lab.kubernetes.lab import Lab
from lab.watchers.watch import Watch

_EVERY_S = 0.4
_ETCD = "labelSelector=app.kubernetes.io%2Fname%3Detcd"


class PodWatch(Watch[None]):
    """Looks at all members in a namespace as long as it is entered. A member counts from when its
    pod was first ready until its StatefulSet is deleted; it leaves its cluster before that."""

    def __init__(self, lab: Lab, namespace: str) -> None:
        super().__init__(self._count, _EVERY_S)
        self._lab, self._namespace = lab, namespace
        self._containers: dict[str, set[str]] = defaultdict(set)
        self._served: set[str] = set()
        self._most_down = self._looks = 0

    def most_down(self) -> int:
        """How many were not ready, or not there, at the worst moment."""
        assert self._looks, "the API server has not answered once"
        return self._most_down

    def restarts(self) -> Mapping[str, int]:
        """By member: containers after the first, of whichever pod."""
        return {member: max(0, len(seen) - 1) for member, seen in self._containers.items()}

    def _count(self) -> None:
        pods = self._list("/api/v1", "pods")
        if pods is None:
            return
        for pod in pods:
            self._containers[_member_of(pod)] |= _containers_of(pod)
        ready = {_member_of(pod) for pod in pods if _is_ready(pod)}
        away = self._served - ready
        self._served |= ready
        if away:
            sets = self._list("/apis/apps/v1", "statefulsets")
            if sets is None:
                return
            self._served &= {each["metadata"]["name"] for each in sets}
        self._most_down = max(self._most_down, len(away & self._served))
        self._looks += 1

    def _list(self, group: str, kind: str) -> list[Mapping[str, Any]] | None:
        """None if there is no answer."""
        found = self._lab.api.get(f"{group}/namespaces/{self._namespace}/{kind}?{_ETCD}")
        return json.loads(found[1])["items"] if found[0] == HTTPStatus.OK else None


def _member_of(pod: Mapping[str, Any]) -> str:
    return str(pod["metadata"]["labels"]["etcd-cluster/member"])


def _is_ready(pod: Mapping[str, Any]) -> bool:
    return conditions_of(pod).get("Ready", {}).get("status") == "True"


def _containers_of(pod: Mapping[str, Any]) -> set[str]:
    """Those that were started."""
    known = pod["status"].get("containerStatuses", [])
    return {each["containerID"] for each in known if "containerID" in each}
