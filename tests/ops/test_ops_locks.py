"""A lock is broken only if its holder was a process of this host and is gone."""

from __future__ import annotations

import os
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from ops.commands import run
from ops.engine import locks
from ops.engine.interrupted import drop_pending_creates, pending_creates
from ops.engine.locks import Lock, is_abandoned, parse, report
from ops.engine.pulumi import Engine
from tests.ops.recorded import events, text

HELD = "the stack is currently locked by 1 lock(s).\n"


def lock(pid: int, host: str = "") -> Lock:
    return Lock("file:///l.json", "ops", host or socket.gethostname(), pid, "2026-11-21T05:00:00Z")


@pytest.fixture
def dead_pid() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_the_engines_message_names_the_holder() -> None:
    (held,) = parse(text("locked.txt"))
    assert (held.user, held.host, held.pid) == ("root", "vm", 17021)
    assert held.since == "2026-11-21T05:27:47Z"
    assert held.file
    assert held.file.parent == Path(
        "/srv/etcd-cluster/.dev/state/.pulumi/locks/organization/etcd-cluster/dev"
    )


def test_several_locks_and_other_backends() -> None:
    message = HELD + (
        "  s3://bucket/locks/a.json: created by a@b@host-1 (pid 7) at 2026-01-01T00:00:00Z\n"
        "  file:///a%20b/l.json: created by me@h (pid 8) at 2026-01-01T00:00:00+02:00"
    )
    first, second = parse(message)
    assert (first.user, first.host, first.file) == ("a@b", "host-1", None)
    assert second.file == Path("/a b/l.json")


def test_other_messages_are_no_lock() -> None:
    assert parse("no stack named 'dev' found") == ()


def test_a_dead_process_of_this_host_has_abandoned_its_lock(dead_pid: int) -> None:
    assert is_abandoned(lock(dead_pid))


def test_a_living_process_has_not() -> None:
    assert not is_abandoned(lock(os.getpid()))


def test_a_living_process_of_someone_else_has_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pid: int, _signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(locks.os, "kill", refuse)
    assert not is_abandoned(lock(1))


def test_another_host_is_never_judged(dead_pid: int) -> None:
    assert not is_abandoned(lock(dead_pid, host="elsewhere"))


def test_a_host_without_a_name_of_its_own_is_not_trusted(
    dead_pid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks.socket, "gethostname", lambda: "localhost")
    assert not is_abandoned(lock(dead_pid, host="localhost"))


def test_the_report_says_who_and_how_to_free_it() -> None:
    shown = report([replace(lock(7), host="ci-3")], "prod")
    assert "ops@ci-3, process 7, since 2026-11-21T05:00:00Z" in shown
    assert "pulumi cancel --stack prod" in shown


def test_notes_of_cut_off_creations_are_found_and_dropped_with_the_stack_alone_refreshed() -> None:
    recorded = events("interrupted")
    assert pending_creates(recorded)
    command = drop_pending_creates(recorded)
    assert command[0] == "refresh"
    assert "--clear-pending-creates" in command
    target = command[command.index("--target") + 1]
    assert target == "urn:pulumi:dev::etcd-cluster::pulumi:pulumi:Stack::etcd-cluster-dev"


def test_whose_lock_is_removed_its_plugins_end(
    dead_pid: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    left = tmp_path / "l.json"
    left.write_text("{}")
    ended: list[Path] = []
    monkeypatch.setattr(run.orphans, "end", lambda project: ended.append(project) or [17])
    held = replace(lock(dead_pid), url=f"file://{left}")
    assert run._freed(Engine(tmp_path, "dev"), (held,))
    assert (left.exists(), ended) == (False, [tmp_path])
    assert "its plugins are ended too: 17" in capsys.readouterr().out


def test_an_ordinary_run_has_none() -> None:
    assert not pending_creates(events("unchanged"))
