"""With etcd's own auth on, the reason of a refusal is the user or the role that is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.node.asking import etcdctl, make_leader
from tests.node.machine import Machine
from tests.node.test_node_changes import CHANGE
from tests.support.libraries import run_with_libraries
from tests.support.shells import DASH

pytestmark = pytest.mark.slow

BEFORE: list[tuple[str, ...]] = [
    ("user", "add", "root:secret"),
    ("user", "grant-role", "root", "root"),
    ("auth", "enable"),
]
NO_USER = (
    "etcd's auth is on and has no user {user}, as whom this node asks with the role root; as root: "
    "etcdctl user add {user} --no-password; etcdctl user grant-role {user} root"
)
NO_ROLE = (
    "etcd's auth is on, and its user {user}, as whom this node asks, has not the role root; "
    "as root: etcdctl user grant-role {user} root"
)


def with_auth(machine: Machine, user: str = "etcd1") -> Iterator[str]:
    """Turns it on, then gives this user what it lacks; the reason to be told each time."""
    for words in BEFORE:
        asked(machine, *words)
    yield NO_USER.format(user=user)
    asked(machine, "--user=root:secret", "user", "add", user, "--no-password")
    yield NO_ROLE.format(user=user)
    asked(machine, "--user=root:secret", "user", "grant-role", user, "root")
    yield ""


def asked(machine: Machine, *words: str) -> None:
    done = etcdctl(machine, "etcd1", *words)
    assert done.returncode == 0, done.stderr


@DASH
def test_what_etcd_says_without_rights_is_understood(single: Machine) -> None:
    single.found()
    for reason in with_auth(single):
        told = etcdctl(single, "etcd1", "move-leader", "1").stderr
        code = f"need_rights 'not restarted: ' '{told}'\necho goes on"
        done = run_with_libraries(single.shell, "setting() { echo etcd1; }\n", code)
        refused = f"error: etcd1: not restarted: {reason}\n"
        assert (done.stdout, done.stderr) == (("", refused) if reason else ("goes on\n", "")), told


@pytest.mark.soak
def test_a_restart_that_moves_leadership_says_who_lacks_what(machine: Machine) -> None:
    machine.found()
    make_leader(machine, "etcd1")
    command = machine.plan(**CHANGE).commands["etcd1-apply"]
    starts = machine.starts()
    for reason in with_auth(machine):
        done = machine.run(command, "update")
        if reason:
            done.failed(f"error: etcd1: not restarted: {reason}\n")
            assert machine.starts() == starts
        else:
            assert done.ok().output.endswith("etcd1: restarted\n")


@pytest.mark.soak
@DASH
def test_a_node_less_says_who_lacks_what(machine: Machine, timeouts: Callable[..., None]) -> None:
    machine.found()
    make_leader(machine, "etcd1")
    timeouts(gate_s=2)
    plan, starts = machine.plan(), machine.starts()
    for reason in with_auth(machine, "etcd3"):
        done = machine.run(plan.commands["etcd3-leave"], "delete")
        if reason:
            done.failed(f"error: etcd3: the member etcd3 was not removed: {reason}\n")
            assert machine.starts() == starts, "it is stopped only where it may leave"
        else:
            assert done.ok().output == "etcd3: left the cluster\n"
        assert ("etcd3" in etcdctl(machine, "etcd1", "member", "list").stdout) == bool(reason)
