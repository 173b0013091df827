"""The measurements' own arithmetic."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from bench import hosts, machines
from bench.figures import Figure, NotMeasurable
from bench.fleet.stack import fleet
from bench.memory import Peaks, descendants, role_of
from bench.trial import Trial
from bench.weights import sent_bytes


def test_a_figure_is_the_median_and_says_whether_its_aim_is_met() -> None:
    figure = Figure("first up", "s", (9.0, 7.5, 7.0), aim=8)
    assert figure.value == 7.5
    assert "aim 8: met" in figure.line
    assert "(runs: 9 7.50 7)" in figure.line
    assert "MISSED" in Figure("failed", "", (1,), aim=0).line


def test_peak_memory_is_that_of_the_process_not_of_the_moment() -> None:
    """40 MiB are used and given back before anyone looks."""
    program = "x = bytearray(40 << 20); del x; import time; time.sleep(0.5)"
    command = ["sh", "-c", f'{sys.executable} -c "{program}" ops; true']
    process = subprocess.Popen(command, text=True)
    with Peaks(process) as peaks:
        process.wait()
    assert 40 < peaks.mib()["ops"] < 80


def test_a_process_and_all_below_it_are_found() -> None:
    process = subprocess.Popen(["sh", "-c", "sleep 5 & echo; wait"], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    found = descendants(process.pid)
    assert process.pid in found
    assert len(found) == 2
    for pid in found:
        os.kill(pid, 15)
    process.wait()


def test_what_is_none_of_ours_has_no_role() -> None:
    assert role_of(1) is None
    assert role_of(999_999_999) is None


def test_where_no_hosts_can_be_made_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(NotMeasurable, match="hosts are made by root alone"):
        hosts.measure(runs=1)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(machines, "missing_packages", lambda: ["debootstrap"])
    with pytest.raises(NotMeasurable, match="need the Debian packages debootstrap"):
        hosts.measure(runs=1)


def test_what_is_sent_is_text_and_standard_input_of_that_node_alone(tmp_path) -> None:
    (tmp_path / "etcd.tar.gz").write_bytes(bytes(1000))
    stdin = {"plaintext": json.dumps("a payload\n")}
    resources = [
        _resource("command:remote:Command", "t-etcd1-clock", create=": text", stdin=stdin),
        _resource("command:remote:Command", "t-etcd2-clock", create=": text", stdin="other"),
        _resource("command:remote:Command", "t-health", create=": text", stdin="other"),
        _resource(
            "command:remote:CopyToRemote",
            "t-etcd1-binaries",
            source={"path": str(tmp_path / "etcd.tar.gz")},
        ),
    ]
    exported = json.dumps({"deployment": {"resources": resources}})
    sizes = sent_bytes(SimpleNamespace(document=lambda *_: json.loads(exported)), "etcd1")
    assert sizes == {"clock": 16, "archive": 1000}


def _resource(kind: str, name: str, **inputs: object) -> dict[str, object]:
    return {"type": kind, "urn": f"urn:pulumi:t::p::x${kind}::{name}", "inputs": inputs}


@pytest.mark.soak
@pytest.mark.slow
def test_a_fleet_is_clusters_of_their_own_and_up_again_dials_nobody(tmp_path) -> None:
    stack = fleet(tmp_path, 10)
    found = [cluster["endpoints"] for cluster in stack.outputs().values()]
    assert len({endpoint for endpoints in found for endpoint in endpoints}) == 10
    up = Trial(stack, []).up()
    assert up.sessions == []
    assert {"engine", "program", "command plugin"} <= set(up.peaks_mib)
    with pytest.raises(RuntimeError, match="unchanged"):
        Trial(stack, []).up(expected="etcd1")
