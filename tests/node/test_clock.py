"""A node's clock against the controller's, and against a certificate's first second."""

from __future__ import annotations

import re
import subprocess
import time

import pytest

from components.machine.clock import clock_settings
from components.member.settings import render_settings
from tests.node.fakes import with_fakes
from tests.node.ssh_files import ssh_member
from tests.support.scripts import SCRIPTS

DAY_S = 86400


def clock(shell, folder, *call: str, now: float = 0, init_system: str = "systemd"):
    """One function of the clock's, in a shell."""
    payload = folder / "payload"
    payload.mkdir(exist_ok=True)
    settings = clock_settings(ssh_member(), int(now))
    (payload / "settings").write_text(render_settings(settings))
    code = (
        f"set -eu; payload='{payload}'; for lib in '{SCRIPTS}'/lib/*.sh; do . \"$lib\"; done;"
        f". '{SCRIPTS}/clock.sh'; init_system() {{ echo {init_system}; }}; \"$@\""
    )
    return subprocess.run(
        [shell.sh, "-c", code, "clock", *call],
        env={"PATH": shell.path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("ahead_s", [-50, 0, 50, 170])
def test_within_a_minute_and_the_time_that_a_command_may_wait(shell, tmp_path, ahead_s):
    for mode in ("create", "update"):
        done = clock(shell, tmp_path, "clock", mode, now=time.time() - ahead_s)
        assert (done.returncode, done.stdout) == (0, "etcd1: its clock is right\n"), done


@pytest.mark.parametrize(
    ("ahead_s", "said"),
    [
        (-90, "its clock is [789][0-9] seconds behind "),
        (-DAY_S - 5, "its clock is 24 hours behind "),
        (200, "its clock is 3 minutes ahead of "),
        (30 * DAY_S + 5, "its clock is 30 days ahead of "),
    ],
)
def test_off_at_first(shell, tmp_path, ahead_s, said):
    done = clock(shell, tmp_path, "clock", "create", now=time.time() - ahead_s)
    assert done.returncode == 1
    assert re.match(f"error: etcd1: {said}the clock of the machine that runs Pulumi; ", done.stderr)
    assert "set it and keep it right: timedatectl set-" in done.stderr


def test_a_later_update_knows_only_what_it_is_not_before(shell, tmp_path):
    assert clock(shell, tmp_path, "clock", "update", now=time.time() - 90 * DAY_S).returncode == 0
    done = clock(shell, tmp_path, "clock", "update", now=time.time() + DAY_S)
    assert done.returncode == 1
    assert "behind" in done.stderr


def test_a_machine_without_a_clock_chip_is_told_more(shell, tmp_path):
    chip = {True: "return 0", False: "return 1"}
    for init_system, known, more in (
        ("systemd", "timedatectl", "makestep"),
        ("openrc", "rc-update add chronyd", "rc-update add swclock boot"),
    ):
        for has_chip, text in chip.items():
            call = f"has_clock_chip() {{ {text}; }}; clock_advice"
            said = clock(shell, tmp_path, "eval", call, init_system=init_system).stdout
            assert known in said
            assert (more in said) is not has_chip


@pytest.mark.slow
def test_waiting_for_a_certificates_first_second(shell, tmp_path):
    started = time.time()
    done = clock(shell, tmp_path, "clock_reaches", str(int(started) + 2))
    assert done.returncode == 0, done
    assert int(started) + 2 <= time.time() < started + 5
    assert clock(shell, tmp_path, "clock_reaches", str(int(started))).returncode == 0


def test_a_clock_that_does_not_get_there(shell, tmp_path):
    # Ten minutes pass with every look.
    date = f"echo $(($(cat '{tmp_path}/time') + 600)) | tee '{tmp_path}/time.new'\n"
    date += f"mv '{tmp_path}/time.new' '{tmp_path}/time'"
    (tmp_path / "time").write_text("1000000")
    frozen = with_fakes(shell, tmp_path / "fakes", date=date)
    done = clock(frozen, tmp_path, "clock_reaches", str(1000000 + 3 * DAY_S))
    assert done.returncode == 1
    assert "its clock is 2 days behind its certificates; set it" in done.stderr
