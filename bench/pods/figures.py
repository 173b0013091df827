"""Measures a cluster of pods: creation, an apiserver on its outputs, objects, operations."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import NotMeasurable, Report
from lab.kubernetes import programs
from lab.kubernetes.apiserver import Apiserver, Home
from lab.kubernetes.lab import Lab
from lab.kubernetes.pod_stack import pod_stack
from lab.loopback import own_network
from lab.operations.pod_cluster import PodCluster
from lab.operations.run import run
from lab.operations.table import ON_PODS
from lab.stack import EtcdStack

_GAP_AIM_MS = 100
_KINDS = "statefulset,pod,secret,configmap,pvc,controllerrevision"
_OF_MEMBER = "etcd-cluster/member"


def measure() -> Report:
    """NotMeasurable where no lab can be made."""
    if reason := programs.missing():
        raise NotMeasurable(reason)
    report = Report("pods")
    with _stage() as (lab, folder):
        stack = pod_stack(
            lab,
            folder / "stack",
            "bench",
            version=ON_PODS["upgrade-to-3.6"].version,
            kubernetes={"spread": "preferred"},
        )
        report.add("nothing to three healthy members", "s", [_up(stack)])
        report.add("up without changes", "s", [_up(stack)])
        report.add("apiserver ready on the outputs", "s", [_apiserver(lab, folder, stack)])
        _weigh(report, lab)
        cluster = PodCluster(lab, stack)
        for name, operation in ON_PODS.items():
            found = run(operation, cluster)
            report.add(f"{name}: seconds", "s", [found.seconds])
            for key, unit, aim in (
                ("writes", "", None),
                ("failed", "", 0),
                ("lost", "", 0),
                ("longest_gap_ms", "ms", _GAP_AIM_MS),
                ("slowest_ms", "ms", None),
                ("elections", "", None),
            ):
                report.add(f"{name}: {key}", unit, [found.client[key]], aim)
            restarts = max(found.restarts.values())
            report.add(f"{name}: restarts of a member", "", [restarts], operation.restarts)
            report.add(f"{name}: members down at once", "", [found.most_down], 1)
    return report


@contextmanager
def _stage() -> Iterator[tuple[Lab, Path]]:
    with tempfile.TemporaryDirectory(prefix="etcd-bench-", dir="/var/tmp") as name:
        (Path(name) / "lab").mkdir()
        with Lab(Path(name) / "lab") as lab:
            yield lab, Path(name)


def _up(stack: EtcdStack) -> float:
    began_s = time.monotonic()
    done = stack.up()
    if done.status != 0:
        raise RuntimeError(done.output)
    return time.monotonic() - began_s


def _apiserver(lab: Lab, folder: Path, stack: EtcdStack) -> float:
    place = folder / "apiserver"
    place.mkdir()
    home = Home(place, own_network(), str(lab.addresses.controller))
    home.follow(stack.outputs())
    apiserver = Apiserver(home)
    try:
        return apiserver.start()
    finally:
        apiserver.kill()


def _weigh(report: Report, lab: Lab) -> None:
    """A member's own objects, as JSON."""
    asked = ("-n", "bench", "get", _KINDS, f"--selector={_OF_MEMBER}=etcd0", "--output=json")
    found = json.loads(lab.kubectl(*asked).ok().stdout)["items"]
    report.add("objects of a member", "", [len(found)])
    report.add("bytes of a member's objects", "kB", [len(json.dumps(found)) / 1000])
