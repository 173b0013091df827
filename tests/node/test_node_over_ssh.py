"""A cluster of machines as the engine is asked for it: who is dialled, as whom, with what."""

from __future__ import annotations

import shlex
import subprocess
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from components.member.command_text import command_text
from tests.node.program import REMOTE_COMMAND, Plan, Program
from tests.node.ssh_files import HOST_KEY, ssh_member, with_checksums
from tests.node.stack_files import stack_file

PASSWORD = "opens the key"
PRIVATE_KEY = (
    Ed25519PrivateKey.generate()
    .private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, BestAvailableEncryption(PASSWORD.encode()))
    .decode()
)
JUMP_KEY = HOST_KEY[:-4] + "AAAA"
SSH = {
    "user": "ops",
    "sudo": True,
    "port": 2222,
    "private_key": PRIVATE_KEY,
    "private_key_password": PASSWORD,
    "dial_attempts": 2,
    "dial_timeout_s": 7,
    "jump": {"host": "jump.example.org", "user": "hop", "host_key": JUMP_KEY},
}


def machines(**settings: Any) -> dict[str, Any]:
    asked = stack_file(transport="ssh", runtime="systemd", ssh=SSH, **settings)
    asked["nodes"] = {
        name: {**node, "host_key": f"{HOST_KEY[:-4]}AA{number}A"}
        for number, (name, node) in enumerate(asked["nodes"].items(), start=1)
    }
    return with_checksums(asked)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Of three machines."""
    return Program(tmp_path_factory.mktemp("project")).up(machines())


def test_five_commands_a_node(plan):
    actions = ("clock", "prepare", "rehearse", "apply", "leave")
    expected = {f"etcd{n}-{action}" for n in (1, 2, 3) for action in actions}
    assert set(plan.commands) == expected | {"health"}
    assert {command.type for command in plan.commands.values()} == {REMOTE_COMMAND}


def test_nothing_reaches_a_node_before_its_clock_is_right(plan):
    for n in (1, 2, 3):
        assert f"t-etcd{n}-clock" in plan.all_before(f"t-etcd{n}-prepare")


def test_where_and_how_a_node_is_reached(plan):
    key = {"privateKey": PRIVATE_KEY, "privateKeyPassword": PASSWORD}
    limits = {"dialErrorLimit": 1, "perDialTimeout": 7}
    assert plan.commands["etcd2-apply"].inputs["connection"] == {
        "host": "10.0.0.2",
        "port": 2222,
        "user": "ops",
        "hostKey": f"{HOST_KEY[:-4]}AA2A",
        **key,
        **limits,
        "proxy": {
            "host": "jump.example.org",
            "port": 22,
            "user": "hop",
            "hostKey": JUMP_KEY,
            **key,
            **limits,
        },
    }


def test_connection_and_standard_input_are_secret_and_nothing_else(plan):
    for name, command in plan.commands.items():
        assert command.secret == {"connection", "stdin"}, name


def test_a_command_has_what_keeps_it_quiet_and_from_hanging(plan):
    for name, command in plan.commands.items():
        assert command.inputs["logging"] == "stderr", name
        assert command.inputs["addPreviousOutputInEnv"] is False, name
        assert "environment" not in command.inputs, name
        assert "triggers" not in command.inputs, name


def test_no_login_in_any_text(plan):
    for name, command in plan.commands.items():
        for text in ("create", "update", "delete"):
            found = command.inputs.get(text, "")
            assert "PRIVATE KEY" not in found, name
            assert PASSWORD not in found, name


@pytest.mark.parametrize(
    ("ssh", "words"),
    [
        ({"user": "root"}, []),
        ({"user": "ops", "sudo": True}, ["sudo", "-n"]),
        ({"user": "ops", "doas": True}, ["doas", "-n"]),
    ],
)
def test_the_same_script_runs_as_root_whoever_logs_in(ssh, words, tmp_path):
    """Through a login shell that shows how it would be called."""
    plain = command_text(ssh_member(), "apply", "create", {"name": 'it\'s "$(id)"'})
    text = command_text(
        ssh_member(ssh={"agent": True, **ssh}), "apply", "create", {"name": 'it\'s "$(id)"'}
    )
    facts = ": <<'FACTS'\nname=it's \"$(id)\"\nFACTS\n"
    assert text.startswith(facts)
    if not words:
        assert text == plain
        return
    for tool in ("sudo", "doas"):
        (tmp_path / tool).write_text('#!/bin/sh\nprintf "%s\\0" "${0##*/}" "$@"\n')
        (tmp_path / tool).chmod(0o755)
    called = subprocess.run(
        ["/bin/sh", "-c", text], env={"PATH": str(tmp_path)}, capture_output=True, check=True
    ).stdout.decode()
    script = plain.removeprefix(facts)
    assert called.split("\0")[:-1] == [*words, "/bin/sh", "-c", script]
    assert shlex.quote(script) in text
