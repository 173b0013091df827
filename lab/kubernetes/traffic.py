"""A client that writes ConfigMaps to apiservers, and what became of them."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from lab.hosts.machine import until
from lab.kubernetes.api import Api
from lab.watchers.watch import Watch

PAUSE_S = 0.05
WRITTEN_LIMIT_S = 60.0
CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
DONE = {201, 409}  # 409: it was asked before and has written it, but did not say so
ROUNDS = 2  # a write may fail in the instant of a leader's handover (docs/adr/0005)


@dataclass(frozen=True)
class Report:
    """`again`: why, of each attempt that did not succeed; `failed`: names of writes none of whose
    attempts did; `lost`: names that were acknowledged and are not there; `longest_s` a write took,
    over all attempts."""

    written: int
    again: list[str]
    failed: list[str]
    lost: set[str]
    longest_s: float


class Traffic(Watch[None]):
    """A write every PAUSE_S, in a thread, and not the next one before it has ended. Asks the
    apiservers in turn until one acknowledges, as behind a load balancer."""

    def __init__(self, name: str, apis: Sequence[Api]) -> None:
        super().__init__(self._write, PAUSE_S)
        self._name, self._apis = name, apis
        self._number = 0
        self._written: list[str] = []
        self._again: list[str] = []
        self._failed: list[str] = []
        self._longest_s = 0.0

    def wait_written(self, count: int) -> None:
        """Until so many writes were acknowledged."""
        until(lambda: len(self._written) >= count, WRITTEN_LIMIT_S, lambda: f"{self._again}")

    def report(self) -> Report:
        """Of writes that have ended."""
        found = self._apis[0].read(CONFIG_MAPS)["items"]
        lost = set(self._written) - {each["metadata"]["name"] for each in found}
        return Report(len(self._written), self._again, self._failed, lost, self._longest_s)

    def _write(self) -> None:
        self._number += 1
        name = f"{self._name}-{self._number}"
        began_s = time.monotonic()
        acknowledged = any(self._asked(api, name) for api in [*self._apis] * ROUNDS)
        (self._written if acknowledged else self._failed).append(name)
        self._longest_s = max(self._longest_s, time.monotonic() - began_s)

    def _asked(self, api: Api, name: str) -> bool:
        status, body = api.post(CONFIG_MAPS, {"metadata": {"name": name}})
        if status not in DONE:
            self._again.append(f"{status} {_message(body).replace(name, 'NAME')}")
        return status in DONE


def _message(body: str) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError):
        return body
