"""Which pods of a cluster are away."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from http import HTTPStatus
from typing import Any

from lab.kubernetes.api import conditions_of
from lab.kubernetes.lab import Lab


def pods_away(lab: Lab, namespace: str, pods: Collection[str]) -> Callable[[], frozenset[str]]:
    """A look at these pods, for a `Watch`: those that are not ready or not there; the same as
    before while the apiserver does not answer."""
    away = frozenset[str]()

    def look() -> frozenset[str]:
        nonlocal away
        # Not by kubectl, which takes a quarter of a core to be started so often.
        status, body = lab.api.get(f"/api/v1/namespaces/{namespace}/pods")
        if status == HTTPStatus.OK:
            ready = {pod["metadata"]["name"] for pod in json.loads(body)["items"] if _is_ready(pod)}
            away = frozenset(pods) - ready
        return away

    return look


def _is_ready(pod: Mapping[str, Any]) -> bool:
    return conditions_of(pod).get("Ready", {}).get("status") == "True"
