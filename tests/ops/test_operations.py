"""What is made of a measured operation: steps, figures, table, picture."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.operations.picture import draw
from bench.operations.report import figures, table
from lab.hosts.cluster import run_of
from lab.operations.operation import Operation, Yardstick
from lab.operations.outcome import Outcome, Span, Write, keep, kept, writes_of
from lab.operations.steps import Step, label_of, together
from lab.watchers.down import DownAtOnce, Look
from tests.ops.recorded import events

OPERATION = Operation(
    "flag-change", "a flag changes", lambda _: [], restarts=1, yardstick=Yardstick(57, "0", "1 s")
)
CALM = Outcome(
    client={
        "seconds": 8.0,
        "writes": 300,
        "failed": 0,
        "lost": 0,
        "elections": 1,
        "longest_gap_ms": 40.0,
        "slowest_ms": 31.0,
    },
    restarts={"etcd1": 1, "etcd2": 0},
    most_down=1,
    ups=[Span(2, 5), Span(5.5, 6)],
    steps=[Step("etcd1 prepare", 2.5), Step("etcd2 prepare", 2.6), Step("etcd1 apply", 4)],
    writes=[Write(at / 50, 3.0, failed=False) for at in range(400)],
)
ROUGH = replace(
    CALM,
    client={**CALM.client, "failed": 2, "longest_gap_ms": 900.0, "writes": 250},
    restarts={"etcd1": 1, "etcd2": 3},
    ups=[Span(2, 22)],
    writes=[*CALM.writes, Write(4.1, 2000.0, failed=True)],
)
RED = (0xD6, 0x27, 0x28)


def test_a_step_is_the_end_of_a_command_that_did_something() -> None:
    labels = labels_in("first")
    assert {"etcd1 prepare", "etcd3 prepare", "etcd1 apply"} <= set(labels)
    assert len(labels) == len(set(labels))
    assert not [label for label in labels if "authority" in label]
    assert labels_in("unchanged") == []


def labels_in(recorded: str) -> list[str]:
    return [label for event in events(recorded) if (label := label_of(event, "dev"))]


def test_steps_that_would_overlap_share_a_line() -> None:
    steps = [
        *(Step("etcd2 prepare", 1.2), Step("etcd1 prepare", 1.0), Step("health", 1.3)),
        *(Step("etcd1 apply", 1.6), Step("etcd2 apply", 3.0)),
    ]
    assert list(together(steps, within_s=0.5)) == [
        Step("2 x prepare, health", 1.0),
        Step("etcd1 apply", 1.6),
        Step("etcd2 apply", 3.0),
    ]
    assert list(together([], within_s=0.5)) == []


def test_a_member_is_down_between_two_good_answers_only() -> None:
    down = DownAtOnce()
    down.listed(["etcd1", "etcd2", "etcd4"], asked_s=9)
    looked(down, (0, "etcd1", True), (0, "etcd2", True), (0, "etcd4", False))
    assert down.most() == 0
    looked(down, (1, "etcd1", False), (2, "etcd1", True), (3, "etcd2", False))
    assert down.most() == 1
    looked(down, (4, "etcd1", False))
    assert down.most() == 2


def test_one_that_leaves_is_down_while_it_is_a_member() -> None:
    down = DownAtOnce()
    looked(down, (0, "etcd1", True), (0, "etcd2", True), (1, "etcd2", False))
    assert down.most() == 0
    down.listed(["etcd1", "etcd2"], asked_s=2)
    assert down.most() == 1
    down.listed(["etcd1"], asked_s=3)
    looked(down, (3, "etcd1", False))
    assert down.most() == 1
    down.listed(["etcd1", "etcd2"], asked_s=4)
    assert down.most() == 2


def looked(down: DownAtOnce, *looks: tuple[float, str, bool]) -> None:
    for look in looks:
        down.note(Look(*look))


def test_a_question_for_the_version_is_no_run_of_a_member(tmp_path: Path) -> None:
    etcd = tmp_path / "etcd"
    shutil.copy("/bin/sh", etcd)  # a script would be the process of its shell
    waits = [etcd, "-c", "echo; read -r _"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (
        subprocess.Popen([*waits, "--version"], **pipes) as asked,
        subprocess.Popen(waits, **pipes) as member,
    ):
        for process in (asked, member):
            process.stdout.readline()
        assert run_of(SimpleNamespace(pids=lambda: [asked.pid])) == (0, 0)
        assert run_of(SimpleNamespace(pids=lambda: [asked.pid, member.pid]))[0] == member.pid


def test_seconds_are_those_of_the_ups_and_of_the_rest_the_worst_run_counts() -> None:
    found = {figure.name: figure for figure in figures(OPERATION, [CALM, CALM, ROUGH])}
    assert found["seconds"].runs == (3.5, 3.5, 20)
    assert found["seconds"].value == 3.5
    assert found["seconds"].aim == pytest.approx(11.4)
    assert found["failed"].value == 2
    assert found["longest gap"].value == 900
    assert found["writes"].value == 250
    assert found["restarts of a member"].value == 3
    assert "aim 1: MISSED" in found["restarts of a member"].line


def test_the_table_has_a_line_an_operation_with_the_playbook_beside_it() -> None:
    rotation = Operation("ca-rotation", "the CA is rotated", lambda _: [])
    _, _, flag, other = table([(OPERATION, [CALM]), (rotation, [ROUGH])]).splitlines()
    assert flag == (
        "| a flag changes | 3.5 s | 300 | 0 | 0 | 40 ms | 31 ms | 1 | 1 | 1 |"
        " 57 s, 0 failed, gap 1 s |"
    )
    assert other.startswith("| the CA is rotated | 20.0 s | 250 | 2 |")
    assert other.endswith("|  |")


def test_what_was_measured_is_kept_until_it_is_measured_again(tmp_path: Path) -> None:
    assert kept("flag-change", tmp_path) == []
    keep("flag-change", [ROUGH, CALM], tmp_path)
    assert kept("flag-change", tmp_path) == [ROUGH, CALM]
    keep("flag-change", [CALM], tmp_path)
    assert kept("flag-change", tmp_path) == [CALM]


def test_writes_are_read_from_the_writer_s_own_list(tmp_path: Path) -> None:
    table = tmp_path / "writes.csv"
    table.write_text(
        "number,started_ms,latency_ms,revision,term,failure\n"
        '0,5.000,2.500,7,2,\n1,10.000,2000.000,0,0,"context deadline exceeded, at last"\n'
    )
    assert writes_of(table) == [Write(0.005, 2.5, failed=False), Write(0.01, 2000, failed=True)]


@pytest.mark.soak
@pytest.mark.slow
def test_a_failed_write_is_red_in_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "operations.png"
    draw([(OPERATION, [CALM])], path)
    assert not shows(path, RED)
    # Of its runs the roughest; a third panel begins a second row.
    draw([(OPERATION, [CALM]), (OPERATION, [CALM]), (OPERATION, [CALM, ROUGH, CALM])], path)
    assert shows(path, RED)


def shows(path: Path, color: tuple[int, ...]) -> bool:
    from matplotlib.image import imread

    pixels = (imread(path)[:, :, :3] * 255).round()
    return bool((pixels == color).all(axis=2).any())


@pytest.mark.slow
def test_only_a_picture_imports_what_draws_it() -> None:
    program = "import sys, bench.operations; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
