"""A start beside the member: what etcd refuses is known before anybody restarts."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.node.machine import BINARIES, VERSION, Done, Machine
from tests.node.processes import is_etcd, kill_session, processes_below

pytestmark = pytest.mark.slow

CHANGE = {"flags": {"max-txn-ops": 256}}
REFUSED = {"flags": {"cipher-suites": ["NOPE"]}}
BESIDE = ("etc/rehearsal", "data.rehearsal")


def rehearse(machine: Machine, **change: object) -> Done:
    return machine.run(machine.plan(**change).commands["etcd1-rehearse"], "update")


def left_over(machine: Machine) -> list[Path]:
    places = [machine.root("etcd1") / name for name in BESIDE]
    return [place for place in places if place.exists()]


def test_a_start_is_tried_beside_the_member_that_runs(
    single: Machine, timeouts: Callable[..., None]
) -> None:
    single.found()
    starts, files = single.starts(), single.files("etcd1")
    done = rehearse(single).ok()
    assert done.output == "etcd1: the member runs with these files already\n"
    done = rehearse(single, **CHANGE).ok()
    assert done.output == "etcd1: etcd starts with the new configuration\n"
    timeouts(ask_ms=500)
    done = rehearse(single, flags={"client-crl-file": "/nonexistent"})
    done.failed("rejected connection on client endpoint: open /nonexistent: no such file")
    own_log = {"log-format": "console", "log-outputs": [f"{single.root('etcd1')}/log/own.log"]}
    for further in ({}, own_log):
        done = rehearse(single, flags={**REFUSED["flags"], **further})
        done.failed('no member was restarted: discovery failed: unexpected TLS cipher suite "NOPE"')
    assert (single.starts(), left_over(single)) == (starts, [])
    log = single.root("etcd1") / "state/rehearsal.log"
    assert "NOPE" in log.read_text()
    assert single.files("etcd1") == {**files, "state/rehearsal.log": log.read_text()}


def test_an_etcd_of_another_version_that_somebody_put_there_is_refused(
    single: Machine, tmp_path: Path
) -> None:
    """It may well start in an empty folder, and refuse the member's data."""
    single.found()
    starts = single.starts()
    replace_program(
        single,
        tmp_path,
        f"[ \"$1\" != --version ] || {{ echo 'etcd Version: 3.5.35'; exit; }}\n"
        f'exec "{BINARIES}/{VERSION}/etcd" "$@"',
    )
    rehearse(single, **CHANGE).failed(
        f"bin/{VERSION}/etcd is etcd 3.5.35, the stack file asks for {VERSION}, so no member was "
        "restarted: "
    )
    assert (single.starts(), left_over(single)) == (starts, [])


def replace_program(machine: Machine, folder: Path, script: str) -> None:
    """By a folder of one's own, with its etcdctl."""
    programs = folder / "programs" / VERSION
    programs.mkdir(parents=True)
    (programs / "etcd").write_text(f"#!/bin/sh\n{script}\n")
    (programs / "etcd").chmod(0o755)
    (programs / "etcdctl").symlink_to(BINARIES / VERSION / "etcdctl")
    installed = machine.root("etcd1") / "bin" / VERSION
    installed.unlink()
    installed.symlink_to(programs)


# etcd starts and becomes ready with these, and lets nobody in.
LETS_NOBODY_IN = {
    "client-crl-file": ("/nonexistent", "open /nonexistent: no such file or directory"),
    "client-cert-allowed-hostname": (
        ["x.example.org"],
        "client certificate authentication failed",
    ),
}


@pytest.mark.soak
@pytest.mark.parametrize("flag", LETS_NOBODY_IN)
def test_an_etcd_that_lets_nobody_in_is_refused_for_that(
    single: Machine, timeouts: Callable[..., None], flag: str
) -> None:
    single.found()
    starts = single.starts()
    timeouts(ask_ms=500)
    value, reason = LETS_NOBODY_IN[flag]
    rehearse(single, flags={flag: value}).failed(
        "etcd starts with the new configuration, but does not answer a read, "
        f"so no member was restarted: rejected connection on client endpoint: {reason}; etcdctl: "
    )
    assert (single.starts(), left_over(single)) == (starts, [])


@pytest.mark.soak
@pytest.mark.parametrize("flag", LETS_NOBODY_IN)
def test_its_reason_is_no_word_of_its_end_when_it_is_waited_for(
    single: Machine, timeouts: Callable[..., None], flag: str
) -> None:
    single.found()
    timeouts(start_s=4)  # before its third read is refused
    value, reason = LETS_NOBODY_IN[flag]
    rehearse(single, flags={flag: value}).failed(
        f"so no member was restarted: rejected connection on client endpoint: {reason}; etcdctl: "
    )
    assert left_over(single) == []


def test_a_program_that_only_ends_is_named_with_its_exit_code(
    single: Machine, tmp_path: Path
) -> None:
    single.found()
    replace_program(single, tmp_path, "exit 3")
    rehearse(single, **CHANGE).failed("etc/rehearsal/bin/etcd ended with exit code 3")


@pytest.mark.soak
def test_one_that_was_killed_is_swept_by_the_next(single: Machine) -> None:
    single.found()
    starts = single.starts()
    run = single.start(single.plan(**CHANGE).commands["etcd1-rehearse"], "update")
    while len(etcds(single)) < len(starts) + 1:
        assert run.poll() is None, "it ended before its etcd was seen"
        time.sleep(0.01)
    kill_session(run.pid)
    run.wait()
    assert left_over(single)
    rehearse(single, **CHANGE).ok()
    assert (single.starts(), left_over(single)) == (starts, [])


def etcds(machine: Machine) -> list[int]:
    return [pid for pid, words in processes_below(machine.folder).items() if is_etcd(words)]
