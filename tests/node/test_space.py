"""Free disk for a new member, before anything is written."""

from __future__ import annotations

import os

import pytest

from components.machine.preparation import space
from tests.node.ssh_files import ssh_member
from tests.node.stack_files import first_member
from tests.support.preparation import run_step

ENOUGH = {"data_mib": "1", "binaries_mib": "1"}
FAR_TOO_MUCH = "999999999"


@pytest.fixture
def check(shell, tmp_path):
    def run(**settings: str):
        return run_step(shell, "space", "check", {**ENOUGH, **settings}, folder=tmp_path)

    return run


def test_enough(check, tmp_path):
    assert check().ok().errors == ""
    assert not (tmp_path / "node").exists()


def test_too_little_is_said_with_figures(check, tmp_path):
    disk = os.statvfs(tmp_path)
    free_mib = disk.f_bavail * disk.f_frsize >> 20
    done = check(data_mib=FAR_TOO_MUCH)
    done.failed(f"{tmp_path}/node/data has ", f" MiB of free disk, {FAR_TOO_MUCH} MiB are needed;")
    said_mib = int(done.errors.split(" has ")[1].split()[0])
    assert abs(said_mib - free_mib) < 2048
    check(binaries_mib=FAR_TOO_MUCH).failed(f"{tmp_path}/node/bin has ")


def test_what_is_there_needs_no_room_twice(check, tmp_path):
    (tmp_path / "node/data/member").mkdir(parents=True)
    (tmp_path / "node/bin/3.6.16").mkdir(parents=True)
    check(data_mib=FAR_TOO_MUCH, binaries_mib=FAR_TOO_MUCH).ok()


def test_how_much_a_member_needs():
    assert space.step(first_member()) is None
    for method, binaries_mib in (("release", "256"), ("package", "0")):
        needed = space.step(ssh_member(quota_mib=1024, install={"method": method}))
        assert needed is not None
        assert needed.settings == {"data_mib": "1536", "binaries_mib": binaries_mib}
