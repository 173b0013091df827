"""The writer must not flatter: what is lost or failed in a real etcd shows in its report."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.client.client import build_writer
from lab.hosts.machine import until
from lab.needs import needs
from tests.ops.etcd_member import BINARIES, Member

pytestmark = [
    pytest.mark.slow,
    needs("go"),
    pytest.mark.skipif(not (BINARIES / "etcd").exists(), reason="no etcd in the toolchain"),
]


@pytest.fixture(scope="module")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_writer(tmp_path_factory.mktemp("writer"))


@pytest.fixture
def member(tmp_path: Path) -> Iterator[Member]:
    member = Member(tmp_path)
    member.start()
    yield member
    member.stop()


class Run:
    """A writer under way. `prefix` is where its keys are."""

    def __init__(self, binary: Path, member: Member, *flags: str) -> None:
        self.process = subprocess.Popen(
            [binary, f"-endpoints={member.url}", *flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr
        self.prefix = self.process.stderr.readline().split()[-1]

    def report(self) -> dict[str, Any]:
        self.process.send_signal(signal.SIGTERM)
        stdout, stderr = self.process.communicate(timeout=40)
        assert self.process.returncode == 0, stderr
        report: dict[str, Any] = json.loads(stdout)
        return report


def keys_below(member: Member, prefix: str) -> list[str]:
    return member.etcdctl("get", "--prefix", "--keys-only", prefix).split()


def wait_written(member: Member, run: Run, *, more_than: int = 0) -> int:
    """Until the store has more of its keys than that; how many."""
    until(lambda: len(keys_below(member, run.prefix)) > more_than, 30, lambda: "nothing is written")
    return len(keys_below(member, run.prefix))


def test_deleted_keys_are_lost(binary: Path, member: Member) -> None:
    run = Run(binary, member)
    wait_written(member, run)
    deleted = int(member.etcdctl("del", "--prefix", run.prefix))
    wait_written(member, run)
    report = run.report()
    assert deleted > 0
    # Writes went on after the deletion; exactly the deleted ones are gone.
    assert report["lost"] == deleted < report["acknowledged"]


@pytest.mark.soak
def test_an_overwritten_key_is_lost(binary: Path, member: Member) -> None:
    run = Run(binary, member)
    wait_written(member, run)
    first = keys_below(member, run.prefix)[0]
    same_value = member.etcdctl("get", "--print-value-only", first).rstrip("\n")
    member.etcdctl("put", first, same_value)  # betrayed by its revision alone
    assert run.report()["lost"] == 1


@pytest.mark.soak
def test_a_store_that_starts_empty_again_has_lost_everything_before(
    binary: Path, member: Member
) -> None:
    run = Run(binary, member, "-write-deadline=300ms")
    before = wait_written(member, run)
    member.stop(signal.SIGKILL)
    shutil.rmtree(member.folder / "data")
    member.start()
    assert run.report()["lost"] >= before


@pytest.mark.soak
def test_a_stopped_member_fails_writes_and_leaves_a_gap(binary: Path, member: Member) -> None:
    run = Run(binary, member, "-write-deadline=300ms")
    wait_written(member, run)
    member.stop(signal.SIGKILL)
    time.sleep(1)
    member.start()
    wait_written(member, run, more_than=len(keys_below(member, run.prefix)))
    report = run.report()
    assert report["failed"] > 0
    assert sum(report["errors"].values()) == report["failed"]
    assert report["lost"] == 0
    assert report["longest_gap_ms"] >= 1000


@pytest.mark.soak
def test_silence_until_the_end_is_a_gap(binary: Path, member: Member) -> None:
    run = Run(binary, member, "-write-deadline=300ms")
    time.sleep(0.5)
    assert member.process
    os.kill(member.process.pid, signal.SIGSTOP)
    time.sleep(1.2)
    run.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    os.kill(member.process.pid, signal.SIGCONT)
    report = run.report()
    assert report["longest_gap_ms"] >= 1200


@pytest.mark.soak
def test_a_store_that_cannot_be_read_back_gives_no_report(binary: Path, member: Member) -> None:
    run = Run(binary, member, "-write-deadline=300ms", "-read-deadline=1s")
    member.stop(signal.SIGKILL)
    run.process.send_signal(signal.SIGTERM)
    stdout, stderr = run.process.communicate(timeout=40)
    assert run.process.returncode == 1
    assert stdout == ""
    assert "could not be read back" in stderr


@pytest.mark.soak
def test_csv_has_a_line_a_write_and_clean_leaves_no_key(
    binary: Path, member: Member, tmp_path: Path
) -> None:
    run = Run(binary, member, "-clean", f"-csv={tmp_path}/writes.csv")
    time.sleep(0.5)
    report = run.report()
    lines = (tmp_path / "writes.csv").read_text().splitlines()
    assert lines[0] == "number,started_ms,latency_ms,revision,term,failure"
    assert len(lines) == report["writes"] + 1
    assert keys_below(member, run.prefix) == []


@pytest.mark.soak
def test_it_ends_with_whoever_holds_the_other_end_of_its_input(
    binary: Path, member: Member
) -> None:
    run = Run(binary, member, "-until-input-ends")
    time.sleep(0.3)
    assert run.process.poll() is None
    # As the system does for who is killed.
    assert run.process.stdin
    run.process.stdin.close()
    run.process.wait(20)
    assert run.process.stdout
    assert json.loads(run.process.stdout.read())["acknowledged"] > 0


def test_a_term_that_raft_went_on_by_is_an_election(binary: Path, member: Member) -> None:
    run = Run(binary, member, "-write-deadline=300ms")
    wait_written(member, run)
    member.stop()
    member.start()
    wait_written(member, run, more_than=len(keys_below(member, run.prefix)))
    report = run.report()
    # It elects itself once more; nothing else can happen to a single member.
    assert report["elections"] == 1
    assert time.time() - 10 < report["started_s"] + report["seconds"] < time.time()
