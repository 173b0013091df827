"""Private keys that log in are opened before anybody dials, and never shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.spec import Problem, load, warnings_of
from lab import verifier_client
from tests.spec.login_keys import KEYS
from tests.spec.machines import (
    LOCKED_KEYS,
    LOCKED_PKCS8,
    NO_LOGIN_KEYS,
    OPEN_KEYS,
    PASSWORD,
    PUBLIC_KEYS,
    host_key,
    remote,
)
from tests.spec.stack_files import problems_of

OPEN = OPEN_KEYS["ed25519"]


def problem_of(ssh: dict[str, Any]) -> Problem:
    """The one problem of a login; it holds nothing of key or password."""
    (problem,) = problems_of(remote(("ssh", ssh)))
    given = [str(value) for key, value in ssh.items() if key.startswith("private_key")]
    lines = [line for value in given for line in value.splitlines() if line and "-----" not in line]
    assert not [line for line in lines if line in str(problem)]
    assert problem.value == "[secret]"
    return problem


@pytest.mark.parametrize("kind", OPEN_KEYS)
def test_a_key_without_a_password(kind: str) -> None:
    assert warnings_of(load(remote(("ssh", {"private_key": OPEN_KEYS[kind]})))) == ()
    assert load(remote(("ssh", {"private_key": OPEN_KEYS[kind].rstrip()})))


@pytest.mark.parametrize("kind", LOCKED_KEYS)
def test_a_key_with_its_password(kind: str) -> None:
    ssh = {"private_key": LOCKED_KEYS[kind], "private_key_password": PASSWORD}
    settings = load(remote(("ssh", ssh))).node("etcd3").ssh
    assert settings.private_key
    assert settings.private_key.get_secret_value() == LOCKED_KEYS[kind]
    assert PASSWORD not in repr(settings)


@pytest.mark.parametrize("kind", LOCKED_KEYS)
def test_a_key_without_its_password(kind: str) -> None:
    problem = problem_of({"private_key": LOCKED_KEYS[kind]})
    assert problem.path == "cluster.ssh.private_key"
    assert "is encrypted, and there is no password" in problem.reason
    assert "ssh-keygen -p" in problem.remedy


@pytest.mark.parametrize("kind", LOCKED_KEYS)
@pytest.mark.parametrize("password", ["close sesame", "-"])
def test_a_key_with_another_password(kind: str, password: str) -> None:
    ssh = {"private_key": LOCKED_KEYS[kind], "private_key_password": password}
    (problem,) = problems_of(remote(("ssh", ssh)))
    assert problem.path == "cluster.ssh.private_key_password"
    assert problem.value == "[secret]"
    assert problem.reason == "does not open the private key"


NO_KEYS = {
    "public": (PUBLIC_KEYS["openssh"], "is a public key"),
    "public PEM": (PUBLIC_KEYS["pem"], "is a public key"),
    "DSA": (NO_LOGIN_KEYS["dsa"], "takes no login with"),
    "X25519": (NO_LOGIN_KEYS["x25519"], "takes no login with"),
    "nothing": ("", "is no private key"),
    "some text": ("hunter2", "is no private key"),
    "half": (OPEN[: len(OPEN) // 2], "no whole private key"),
    "a gap": (OPEN[:100] + OPEN[140:], "no whole private key"),
    "a file": ("~/.ssh/id_ed25519", "is the name of a file"),
    "locked PKCS#8": (LOCKED_PKCS8, "encrypted as PKCS#8"),
}


@pytest.mark.parametrize("kind", NO_KEYS)
def test_what_is_no_key_to_log_in_with(kind: str) -> None:
    key, reason = NO_KEYS[kind]
    problem = problem_of({"private_key": key})
    assert problem.path == "cluster.ssh.private_key"
    assert reason in problem.reason


@pytest.mark.parametrize("name", KEYS)
def test_what_the_ssh_client_reads(name: str) -> None:
    make, password, reason = KEYS[name]
    secret = {"private_key_password": password} if password else {}
    login = ("ssh", {"private_key": make(), **secret})
    found = [problem.reason for problem in problems_of(remote(login))]
    assert len(found) == bool(reason)
    assert reason in "".join(found)


@pytest.mark.slow
def test_go_opens_the_same(tmp_path: Path) -> None:
    logins = [(make(), password) for make, password, _ in KEYS.values()]
    with verifier_client.verifier(tmp_path) as verifier:
        said = verifier.open(logins)
    found = [
        (name, answer)
        for (name, (_, __, reason)), answer in zip(KEYS.items(), said, strict=True)
        if bool(reason) != bool(answer)
    ]
    assert found == []


def test_a_password_for_an_open_key() -> None:
    problem = problem_of({"private_key": OPEN, "private_key_password": "x y z"})
    assert problem.path == "cluster.ssh.private_key_password"
    assert "the key is not encrypted" in problem.reason


def test_each_place_is_blamed_for_its_own_key() -> None:
    jump = {"host": "jump", "host_key": host_key(9), "private_key": "hunter2"}
    changes = [
        ("ssh", {"private_key": OPEN, "jump": jump}),
        ("nodes.etcd2.ssh", {"private_key": LOCKED_KEYS["openssh"]}),
        ("nodes.etcd3.ssh", {"private_key": LOCKED_KEYS["openssh"], "private_key_password": "x"}),
    ]
    assert [problem.path for problem in problems_of(remote(*changes))] == [
        "cluster.ssh.jump.private_key",
        "cluster.nodes.etcd2.ssh.private_key",
        "cluster.nodes.etcd3.ssh.private_key_password",
    ]


def test_a_secret_that_is_no_text_is_not_shown() -> None:
    (problem,) = problems_of(remote(("ssh", {"private_key": ["hunter2"]})))
    assert "hunter2" not in str(problem)
