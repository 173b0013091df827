"""The archive on standard input, and the settings in it."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from collections.abc import Iterable

import pytest

from components.machine.clock import clock_settings
from components.machine.payload import node_scripts
from components.machine.script_path import SCRIPT_PATH
from components.machine.settings import (
    apply_settings,
    health_settings,
    leave_settings,
    prepare_settings,
    rehearse_settings,
)
from components.member.files import File
from components.member.member import Member
from components.member.payload import pack
from components.member.settings import render_settings
from lab.needs import needs
from tests.node.ssh_files import ssh_member
from tests.node.stack_files import desired, first_member, record_of
from tests.support.scripts import SCRIPTS

UNPACK = {
    "gnu": "read -r _; base64 -d | tar -xzf - -C",
    "busybox": "read -r _; busybox base64 -d | busybox tar -xzf - -C",
}
FILES = [
    File("pki/ca.pem", b"text\n"),
    File("pki/server.key", bytes(range(256)) * 40, 0o600),
    File("empty", b""),
    File("deep/er/$(id) 'x'", b"\n\n"),
]


def test_the_same_input_gives_the_same_text():
    assert pack({"a": "1"}, FILES) == pack({"a": "1"}, FILES)
    assert pack({"a": "1"}, FILES) != pack({"a": "2"}, FILES)
    assert pack({"a": "1"}, FILES) != pack({"a": "1"}, FILES[:-1])


def test_a_change_of_mode_changes_the_text():
    assert pack({}, [File("key", b"k", 0o600)]) != pack({}, [File("key", b"k", 0o644)])


def test_a_change_of_who_may_read_changes_the_text():
    assert pack({}, [File("k", b"k", group="ops")]) != pack({}, [File("k", b"k")])


@pytest.mark.slow
def test_two_runs_of_the_program_give_the_same_text():
    """Hash order of another process included."""
    program = (
        "from tests.node.stack_files import *;"
        "from components.machine.settings import apply_settings;"
        "from components.member.payload import pack;"
        "m = first_member(flags={'max-txn-ops': 256, 'pre-vote': True});"
        "d = desired(m); print(pack(apply_settings(m, record_of(m), d), d.files))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in (1, 2)
    }
    assert len(texts) == 1


@pytest.mark.parametrize("tools", ["gnu", pytest.param("busybox", marks=needs("busybox"))])
def test_it_unpacks(tools, tmp_path):
    scripts = node_scripts(first_member())
    text = pack({"name": "etcd1", "root": "/srv/$(id) 'x' \"y\""}, FILES, scripts, SCRIPT_PATH)
    subprocess.run(
        ["sh", "-c", f'umask 077; {UNPACK[tools]} "$1"', "sh", tmp_path],
        input=text.encode(),
        check=True,
    )
    for file in FILES:
        assert (tmp_path / "files" / file.path).read_bytes() == file.content
    for path in scripts:
        sent = (tmp_path / "scripts" / path).read_text().splitlines()
        written = (SCRIPTS / path).read_text().splitlines()
        assert len(sent) == len(written), "another number in an error"
        assert all(ours in (line, "") for ours, line in zip(sent, written, strict=True))
    assert (tmp_path / "settings").read_text() == "name=etcd1\nroot=/srv/$(id) 'x' \"y\"\n"
    assert "0600 - pki/server.key\n" in (tmp_path / "modes").read_text()
    readable = [p for p in tmp_path.rglob("*") if p.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)]
    assert readable == []


def test_lines_are_short_enough_for_every_base64():
    text = pack({}, FILES)
    assert max(map(len, text.splitlines()[1:])) <= 76


@pytest.mark.parametrize("value", ["a\nb", "a\n", "\n"])
def test_a_setting_is_one_line(value):
    with pytest.raises(ValueError, match="root must be one line"):
        render_settings({"name": "x", "root": value})


# What follows a name that is put together is no part of it: `setting "sha256_$architecture"`.
LOOKED_UP = re.compile(r'[( ]setting "?([a-z0-9_]+)(?![a-z0-9_$])')
BEGINNINGS = re.compile(r'[( ]setting "?([a-z0-9_]+)\$')
FIREWALLS = ("none", "nftables", "iptables", "firewalld")
METHODS = (
    {"method": "release"},
    {"method": "push"},
    {"method": "package"},
    {"method": "preinstalled", "directory": "/srv"},
)
MEMBERS = (
    first_member(),
    *(ssh_member(firewall=name, runtime="openrc") for name in FIREWALLS),
    *(ssh_member(install=method, shell_profile={"group": "ops"}) for method in METHODS),
)


def looked_up(scripts: Iterable[str]) -> set[str]:
    """The settings that these scripts ask for."""
    return {name for path in scripts for name in LOOKED_UP.findall((SCRIPTS / path).read_text())}


def own_scripts(member: Member, action: str) -> list[str]:
    """Of a library an action may need one function alone."""
    steps = [
        path for path in node_scripts(member) if path.startswith(("runtimes/", "preparation/"))
    ]
    return [f"{action}.sh", *(steps if action in ("prepare", "retire") else [])]


def test_settings_say_everything_that_the_scripts_look_up():
    sent: set[str] = set()
    for member in MEMBERS:
        given = {
            "clock": clock_settings(member, 1),
            "prepare": prepare_settings(member, record_of(member)),
            "retire": prepare_settings(member, record_of(member)),
            "rehearse": rehearse_settings(member, desired(member)),
            "apply": apply_settings(member, record_of(member), desired(member)),
            "health": health_settings(member),
            "leave": leave_settings(member, record_of(member)),
        }
        for action, settings in given.items():
            assert looked_up(own_scripts(member, action)) <= set(settings)
            # Some are looked up by a name that is itself a setting.
            named = {pair.partition("=")[2] for pair in settings.get("immutable", "").split()}
            sent |= set(settings) - named
    texts = [path.read_text() for path in SCRIPTS.rglob("*.sh")]
    beginnings = {name for text in texts for name in BEGINNINGS.findall(text)}
    asked = {name for text in texts for name in LOOKED_UP.findall(text)}
    assert {name for name in sent - asked if not name.startswith(tuple(beginnings))} == set()
