"""What init systems get, word for word. After an intended change: UPDATE_GOLDEN=1 pytest this file,
then read the difference before committing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.machine.runtimes import RUNTIMES
from components.member.member import Member, members_of
from components.spec import load
from tests.node.ssh_files import with_checksums
from tests.node.test_node_config import check
from tests.node.test_shellcheck import shellcheck
from tests.support.scripts import SCRIPTS

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKUqsR1mU+nwtHDAXLzuSYxWQFrp/GrlCo9DIW9AHLLT"
ELSEWHERE: dict[str, Any] = {
    "config_format": "yaml",
    "user": {"name": "kv", "group": "storage"},
    "paths": {
        "config": "/srv/etcd/config",
        "data": "/home/kv/data",
        "binaries": "/srv/etcd/binaries",
        "log": "/srv/etcd/log",
    },
}
CASES = {"defaults": {}, "elsewhere": ELSEWHERE}


def member_under(runtime: str, **settings: Any) -> Member:
    stack = {
        "name": "t",
        "version": "3.6.16",
        "runtime": runtime,
        "ssh": {"agent": True},
        "nodes": {"etcd1": {"address": "10.0.0.1", "host_key": HOST_KEY}},
        **settings,
    }
    return members_of(load(with_checksums(stack)), Path("/srv/project"))[0]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("runtime", "name"),
    [("systemd", "etcd.service"), ("openrc", "etcd.confd"), ("openrc", "etcd.logrotate")],
)
def test_file(runtime: str, name: str, case: str) -> None:
    files = RUNTIMES[runtime].service_files(member_under(runtime, **CASES[case]))
    text = next(file.content for file in files if file.path == name).decode()
    check(f"{case}.{name}", text)


@pytest.mark.parametrize("runtime", ["systemd", "openrc"])
def test_a_change_of_any_of_them_costs_a_restart(runtime: str) -> None:
    assert all(file.cold for file in RUNTIMES[runtime].service_files(member_under(runtime)))


@pytest.mark.parametrize("runtime", ["systemd", "openrc"])
def test_what_starts_at_boot_needs_no_fact_of_it(runtime: str) -> None:
    assert RUNTIMES[runtime].facts() == {}


def test_shellcheck_reads_the_init_script() -> None:
    told = shellcheck(SCRIPTS / "openrc" / "etcd.initd")
    assert told.returncode == 0, told.stdout
