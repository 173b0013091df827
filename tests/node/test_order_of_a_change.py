"""What a change asks before it touches anything, and what it takes for done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.node.machine import Shell
from tests.support.libraries import run_actions

Machine = Callable[..., str]


@pytest.fixture
def machine(shell: Shell, tmp_path: Path) -> Machine:
    """Runs code of etcd1, which is to run 3.6.16; its folders are below `tmp_path`."""
    settings = {
        "name": "etcd1",
        "version": "3.6.16",
        "generation": "new",
        "state_dir": tmp_path,
        "config_dir": tmp_path / "etc",
        "start_timeout_s": 0,
    }

    def run(code: str, **other: str) -> str:
        done = run_actions(shell, {**settings, **other}, code)
        return done.stdout.strip() + done.stderr

    return run


def told(*names: str) -> str:
    """Functions that say their names and do nothing."""
    return "".join(f"{name}() {{ echo {name}; }}\n" for name in names)


@pytest.mark.parametrize(
    ("action", "before"),
    [
        ("reload", ""),
        (
            "restart",
            "is_found_healthy() { :; }\n"
            "remove_dead_members() { member_list=; }\npass_gate() { :; }",
        ),
        ("join", "require_others_healthy() { member_list=; }"),
    ],
)
def test_nothing_is_written_before_all_would_know_each_other(
    machine: Machine, action: str, before: str
) -> None:
    refuses = "require_trust() { echo asked; exit; }\n"
    later = told("before_new_version", "remove_old_member_entry", "generation_write")
    said = machine(f"{later}{refuses}{before}\nserving_url=\n{action}")
    assert said.splitlines()[-1] == "asked"
    assert "generation_write" not in said
    assert "before_new_version" not in said


STEPS = "check_tools() { :; }\n" + "".join(
    f"{part}_make() {{ echo {part} made; }}\n{part}_check() {{ echo {part} checked; }}\n"
    for part in ("one", "other")
)


def test_every_part_is_checked_before_one_is_made(machine: Machine) -> None:
    said = machine(f"{STEPS}prepare", preparation_steps="one other").splitlines()
    assert said[:4] == ["one checked", "other checked", "one made", "other made"]
    wrong = "other_check() { problem is wrong; }\n"
    said = machine(f"{STEPS}{wrong}prepare", preparation_steps="one other")
    assert "one checked" in said
    assert "made" not in said


def test_the_others_are_asked_with_the_certificates_to_come(machine: Machine) -> None:
    asks = 'credentials_from=node; is_healthy() { echo "$credentials_from"; }'
    assert machine(f"{asks}; trusts_new_certificates url") == "payload"


def test_a_reload_uses_what_is_whole(machine: Machine) -> None:
    steps = told("require_trust", "generation_write", "generation_use")
    said = machine(f"{steps}generation_in_use() {{ :; }}\nserving_url=\nreload").splitlines()
    assert said[:3] == ["require_trust", "generation_write", "generation_use"]


@pytest.mark.parametrize(("started", "runs"), [("cold 1", True), ("cold 2", False), ("", False)])
def test_a_process_runs_on_what_it_was_started_with(
    machine: Machine, tmp_path: Path, started: str, runs: bool
) -> None:
    if started:
        (tmp_path / "started").write_text(f"{started}\n")
    said = machine(
        "runtime_running() { :; }\nanswer=no\n! runs_on 'cold 1' || answer=yes\necho $answer"
    )
    assert said == ("yes" if runs else "no")


@pytest.mark.parametrize(("started", "good"), [("cold 1", "now\n"), ("cold 2", None)])
def test_the_way_back_is_what_ran(
    machine: Machine, tmp_path: Path, started: str, good: str | None
) -> None:
    generation = tmp_path / "etc" / "generations" / "now"
    generation.mkdir(parents=True)
    (generation / "cold").write_text("cold 1\n")
    (tmp_path / "etc" / "current").symlink_to("generations/now")
    (tmp_path / "started").write_text(f"{started}\n")
    assert machine("remember_good") == ""
    noted = tmp_path / "good"
    assert (noted.read_text() if noted.exists() else None) == good


def test_a_start_is_noted_after_the_process_is_there(machine: Machine, tmp_path: Path) -> None:
    generation = tmp_path / "etc" / "generations" / "new"
    generation.mkdir(parents=True)
    (generation / "cold").write_text("cold 2\n")
    (tmp_path / "started").write_text("cold 1\n")
    steps = told("note_start_at", "generation_use", "defragment_if_due", "note_started")
    start = f"start_it() {{ ls '{tmp_path}'; }}\n"
    said = machine(f"{steps}{start}run_generation new start_it").splitlines()
    assert "started" not in said, "the former process's note was there while the new one started"
    assert (tmp_path / "started").read_text() == "cold 2\n"


WHOLE = (
    "require_no_alarm() { echo alarms; }\nrequire_no_third_release() { echo releases; }\n"
    "keep_snapshot() { echo snapshot $1 of $2; }\nallow_downgrade() { echo downgrade from $1; }\n"
    "cancel_downgrade() { echo no downgrade; }\nawait_former_upgrade() { echo former upgrade; }\n"
)


@pytest.mark.parametrize(
    ("runs", "others", "steps"),
    [
        (
            "3.5.35",
            "etcd2 3.5.35",
            ["snapshot before-3.6.16 of 3.5.35", "no downgrade", "former upgrade"],
        ),
        ("3.5.35", "etcd2 3.6.16", ["no downgrade"]),
        ("3.7.3", "etcd2 3.7.3", ["snapshot before-3.6.16 of 3.7.3", "downgrade from 3.7.3"]),
        ("3.7.3", "etcd2 3.6.16", ["downgrade from 3.7.3"]),
    ],
)
def test_steps_before_another_version(
    machine: Machine, runs: str, others: str, steps: list[str]
) -> None:
    """The snapshot is of what was there before the first member changed."""
    status = f'endpoint_status=\'"Version" : "{runs}"\'\nothers_releases() {{ echo "{others}"; }}\n'
    assert machine(f"{WHOLE}{status}before_new_version").splitlines() == [
        "alarms",
        "releases",
        *steps,
    ]


@pytest.mark.parametrize(
    ("stored", "ready"),
    [("3.6.0", "yes"), ("3.7.0", "no"), ("", "no")],
    ids=["is", "not", "unknown"],
)
def test_data_is_ready_for_an_older_minor_once_it_says_so(
    machine: Machine, stored: str, ready: str
) -> None:
    own = f"own_status_field() {{ echo '{stored}'; }}\ntarget=3.6\n"
    assert machine(f"{own}if storage_is_ready; then echo yes; else echo no; fi") == ready


@pytest.mark.parametrize(("stored", "done"), [("3.6.0", "yes"), ("", "yes"), ("3.5.0", "no")])
def test_an_upgrade_is_done_once_the_data_is_of_its_minor(
    machine: Machine, stored: str, done: str
) -> None:
    own = f"own_status_field() {{ echo '{stored}'; }}\nrunning_version=3.6.16\n"
    assert machine(f"{own}if former_upgrade_is_done; then echo yes; else echo no; fi") == done


def test_a_member_that_is_down_asks_whether_another_version_may_mend_it(machine: Machine) -> None:
    steps = told("require_version_may_mend", "generation_write")
    data = 'has_data() { [ -n "$data" ]; }\nannounce_peer_url() { exit; }\n'
    assert machine(f"{steps}{data}data=there\nstart") == "require_version_may_mend"


SNAPSHOT = "keep_snapshot before-3.6.16 3.5.35"
SAVES = 'save_snapshot() { echo new >"$1"; }\n'
WHOLE_FILE = "check_snapshot() { echo 1f, 7, 3, 20 kB; }\n"
NOT_WHOLE = "check_snapshot() { echo not whole; return 1; }\n"


def test_one_snapshot_is_kept(machine: Machine, tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    folder.mkdir()
    (folder / "before-3.5.35.db").write_text("old")
    said = machine(f"{SAVES}{WHOLE_FILE}{SNAPSHOT}")
    assert said == f"etcd1: snapshot {folder}/before-3.6.16.db: revision 7, 20 kB"
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "before-3.6.16.db": "new\n"
    }


def test_a_snapshot_that_is_not_whole_stops_the_change_and_takes_no_place(
    machine: Machine, tmp_path: Path
) -> None:
    folder = tmp_path / "snapshots"
    folder.mkdir()
    for name in ("before-3.5.35.db", "before-3.6.16.db"):
        (folder / name).write_text("good")
    said = machine(f"{SAVES}{NOT_WHOLE}{SNAPSHOT}\necho goes on")
    assert (
        said == f"error: etcd1: not restarted: no snapshot could be made in {folder}: not whole\n"
    )
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "before-3.5.35.db": "good",
        "before-3.6.16.db": "good",
    }
