"""How the engine is run, with a stand-in for `pulumi` that does what a test says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.commands import down as ops_down
from ops.commands import run as ops_run
from ops.commands import up as ops_up
from ops.commands.run import run
from ops.engine.events import Event
from ops.engine.pulumi import Engine, EngineError
from ops.errors import NoStack, OperationError
from tests.ops.recorded import FOLDER


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `pulumi` on PATH; a test writes its script."""
    command = tmp_path / "pulumi"
    command.touch(mode=0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return command


@pytest.fixture(params=["foreground", "background"])
def shells_job(request: pytest.FixtureRequest) -> Iterator[None]:
    """SIGINT as a shell gives it to what it starts: ignored in its background."""
    ignored = request.param == "background"
    previous = signal.signal(
        signal.SIGINT, signal.SIG_IGN if ignored else signal.default_int_handler
    )
    yield
    signal.signal(signal.SIGINT, previous)


def test_an_interruption_before_the_engine_is_there_reaches_it(
    tmp_path: Path, pulumi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi.write_text("#!/bin/sh\nexec sleep 10\n")
    start = Engine._start

    def interrupted(self: Engine, *args: str) -> subprocess.Popen[str]:
        os.kill(os.getpid(), signal.SIGTERM)
        return start(self, *args)

    monkeypatch.setattr(Engine, "_start", interrupted)
    assert engine(tmp_path).update("up", on_event=lambda _event: None).code == -signal.SIGINT


def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path, "dev")


def test_without_an_engine_the_way_to_get_one_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="make setup"):
        engine(tmp_path).call("stack")


def test_events_come_as_they_happen_and_errors_beside_them(tmp_path: Path, pulumi: Path) -> None:
    pulumi.write_text(
        f"#!/bin/sh\ncat {FOLDER}/first.jsonl\necho plugin notice >&2\n"
        "echo 'error: no good' >&2\nexit 255\n"
    )
    seen: list[object] = []
    result = engine(tmp_path).update("up", on_event=seen.append)
    assert result.code == 255
    assert result.stderr == "no good"
    assert seen == list(result.events)
    assert len(seen) > 5


def test_the_first_interruption_reaches_the_engine_and_its_end_is_waited_for(
    tmp_path: Path, pulumi: Path, shells_job: None
) -> None:
    pulumi.write_text(
        f"#!/bin/sh\ntrap 'echo orderly > end; exit 3' INT\ntail -n 2 {FOLDER}/destroy.jsonl\n"
        "n=0; while [ $n -lt 100 ]; do n=$((n+1)); sleep 0.1; done\n"
    )
    interruptions = iter([signal.SIGTERM])

    def interrupt(_event: Event) -> None:
        for number in interruptions:
            os.kill(os.getpid(), number)

    result = engine(tmp_path).update("up", on_event=interrupt)
    assert result.code == 3
    assert (tmp_path / "end").read_text() == "orderly\n"


def test_a_missing_stack_is_told_apart(tmp_path: Path, pulumi: Path) -> None:
    pulumi.write_text("#!/bin/sh\necho \"error: no stack named 'dev' found\" >&2\nexit 1\n")
    with pytest.raises(NoStack):
        run(engine(tmp_path), "up")


def test_a_killed_engine_is_said_to_be_one(tmp_path: Path, pulumi: Path) -> None:
    pulumi.write_text("#!/bin/sh\nkill -9 $$\n")
    with pytest.raises(OperationError, match="ended by SIGKILL"):
        run(engine(tmp_path), "up")


LOCKED = """#!/bin/sh
for lock in {folder}/locks/*.json; do
  [ -e "$lock" ] || {{ touch worked; exit 0; }}
  echo "error: the stack is currently locked by 1 lock(s)." >&2
  echo "  file://$lock?no_tmp_dir=true: created by me@here (pid 7) at 2026-01-01T00:00:00Z" >&2
  exit 1
done
"""


@pytest.mark.parametrize("abandoned", [True, False])
def test_only_an_abandoned_lock_is_removed(
    tmp_path: Path, pulumi: Path, monkeypatch: pytest.MonkeyPatch, abandoned: bool
) -> None:
    pulumi.write_text(LOCKED.format(folder=tmp_path))
    (tmp_path / "locks").mkdir()
    lock = tmp_path / "locks/a.json"
    lock.touch()
    monkeypatch.setattr(ops_run.locks, "is_abandoned", lambda _lock: abandoned)
    if abandoned:
        run(engine(tmp_path), "up")
    else:
        with pytest.raises(OperationError, match="me@here, process 7"):
            run(engine(tmp_path), "up")
    assert lock.exists() is not abandoned
    assert (tmp_path / "worked").exists() is abandoned


@pytest.mark.parametrize("throwaway", [True, False])
def test_an_authority_outlives_a_stack_that_matters(
    tmp_path: Path, pulumi: Path, monkeypatch: pytest.MonkeyPatch, throwaway: bool
) -> None:
    """With it, data that is kept stays usable."""
    pulumi.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/asked\n')
    (tmp_path / "Pulumi.yaml").write_text("name: p")
    mark = f"config: {{p:cluster: {{throwaway: {str(throwaway).lower()}}}}}"
    (tmp_path / "Pulumi.dev.yaml").write_text(mark)
    monkeypatch.setattr(ops_down, "FOLDER", tmp_path)
    ops_down.down(engine(tmp_path))
    destroy, *after = (tmp_path / "asked").read_text().splitlines()
    assert ("--exclude-protected" in destroy) is not throwaway
    assert any(line.startswith("stack rm") for line in after) is throwaway


# A stack file's `pki`, or another `name`; the generations in the state and whether a preview has to
# ask the engine first.
AUTHORITIES = [
    ("{name: c}", ["c-authority-ca-1"], False),
    ("{name: c}", [], False),
    ("{name: other}", ["c-authority-ca-1"], True),
    ("{name: c, pki: {signing: 2}}", ["c-authority-ca-1"], True),
    ("{name: c, pki: {signing: 2, trusted: [1, 2]}}", ["c-authority-ca-1"], False),
    ("{name: c, pki: {signing: 2, trusted: [2]}}", ["c-authority-ca-2"], False),
    ("{name: c, pki: {generations: {1: {certificate: x}}}}", ["c-authority-ca-1"], True),
    ("{name: c, pki: {trusted: 1}}", ["c-authority-ca-1"], True),
    ("{name: c}", ["c-authority-ca-1", "what a person protects"], True),
]


@pytest.mark.parametrize(("cluster", "protected", "asked"), AUTHORITIES)
def test_a_preview_comes_first_where_the_engine_might_refuse_to_delete(
    tmp_path: Path, pulumi: Path, cluster: str, protected: list[str], asked: bool
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: p")
    (tmp_path / "Pulumi.dev.yaml").write_text(f"config: {{p:cluster: {cluster}}}")
    resources = [{"urn": f"urn:pulumi:dev::p::t::{name}", "protect": True} for name in protected]
    unprotected = {"urn": "urn:pulumi:dev::p::t::c-authority-ca-7"}
    state = json.dumps({"deployment": {"resources": [*resources, unprotected]}})
    pulumi.write_text(f"#!/bin/sh\necho $1 >>{tmp_path}/asked\n[ $1 != stack ] || echo '{state}'\n")
    ops_up._bring_up(engine(tmp_path))
    commands = (tmp_path / "asked").read_text().split()
    assert commands == ["stack", *(["preview"] if asked else []), "up"]


@pytest.mark.parametrize(
    ("complaint", "asked"),
    [("error: no stack named 'dev' found", False), ("error: incorrect passphrase", True)],
)
def test_what_hides_the_state_is_told_by_the_engine(
    tmp_path: Path, pulumi: Path, complaint: str, asked: bool
) -> None:
    pulumi.write_text(
        f"#!/bin/sh\necho $1 >>{tmp_path}/asked\n"
        f"[ $1 != stack ] || {{ echo '{complaint}' >&2; exit 1; }}\n"
    )
    (tmp_path / "Pulumi.yaml").write_text("name: p")
    ops_up._bring_up(engine(tmp_path))
    commands = (tmp_path / "asked").read_text().split()
    assert commands == ["stack", *(["preview"] if asked else []), "up"]


@pytest.mark.parametrize("command", ["preview", "up", "down", "status"])
def test_without_an_engine_each_command_says_so(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ops", command, *(["--yes"] if command == "down" else [])],
        cwd=Path(__file__).parents[2],
        env={"PATH": "/usr/bin:/bin", "PULUMI_BACKEND_URL": "file:///nowhere"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == ("no `pulumi` on PATH: `make setup` lays one into .toolchain/bin\n")
