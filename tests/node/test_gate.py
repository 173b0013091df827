"""Who has to be healthy before a member may stop, and whom a list of members means."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.member.member import members_of
from components.spec import load
from tests.node.machine import Shell
from tests.node.stack_files import PROJECT, stack_file
from tests.support.libraries import run_with_libraries

Gate = Callable[..., str]
# etcd10 has a name that begins as another's; etcd4 is a learner, which has no vote.
MEMBERS = """\
a1, started, etcd10, https://10.0.0.10:2380, https://10.0.0.10:2379, false
b2, started, etcd1, https://10.0.0.1:2380, https://10.0.0.1:2379, false
c3, started, etcd2, https://10.0.0.2:2380, https://10.0.0.2:2379, false
d4, started, etcd4, https://10.0.0.4:2380, https://10.0.0.4:2379, true"""


@pytest.fixture
def gate(shell: Shell) -> Gate:
    """Runs code for etcd1 of three voters and a learner; `sick` by the end of their addresses."""

    def run(code: str, *, sick: str = "no", unreachable: str = "") -> str:
        replaced = (
            "setting() { case $1 in named) echo etcd1 etcd10 etcd2 ;; "
            f"unreachable) echo '{unreachable}' ;; name) echo etcd1 ;; *) echo {{}} ;; esac; }}\n"
            f"is_healthy() {{ case $1 in *.{sick}:*) return 1 ;; esac; }}\n"
            f"member_list='{MEMBERS}'\n"
        )
        done = run_with_libraries(shell, replaced, code)
        return done.stdout.strip() + done.stderr

    return run


def test_a_sick_voter_is_named(gate: Gate) -> None:
    assert gate("unhealthy_others") == ""
    assert gate("unhealthy_others", sick="2") == "etcd2"


def test_nobody_joins_while_another_is_sick(gate: Gate) -> None:
    join = (
        'require_trust() { :; }; members() { echo "$given"; }; given=$member_list member_list=\n'
        'wait_until() { shift; "$@"; }; remove_old_member_entry() { echo goes on; exit; }; join'
    )
    assert gate(join) == "goes on"
    assert gate(join, sick="2").startswith("error: etcd1: not joined: etcd2 must be healthy first")


def test_a_sick_learner_is_in_nobodys_way(gate: Gate) -> None:
    assert gate("unhealthy_others", sick="4") == ""


def test_who_is_said_to_be_away_counts_once_a_majority_would_be_lost(gate: Gate) -> None:
    assert gate("unhealthy_others", sick="2", unreachable="etcd2") == "one of etcd2"


def test_voters_are_counted_without_learners(gate: Gate) -> None:
    assert gate('echo "$member_list" | count_voters') == "3"


def test_a_member_is_known_by_its_whole_name(gate: Gate) -> None:
    assert gate('echo "$member_list" | member_id etcd1') == "b2"


def test_a_member_that_is_away_is_not_asked_whether_it_knows_the_new_certificates(
    gate: Gate,
) -> None:
    ask = 'payload=p; echo "$member_list" | other_voters | those_without_new_trust'
    assert gate(ask, sick="2") == "etcd2"
    assert gate(ask, sick="2", unreachable="etcd2") == ""


def test_who_lacks_a_role_is_the_reason(shell: Shell) -> None:
    asked = (
        "setting() { case $1 in etcd_user) echo etcd7 ;; *) echo etcd1 ;; esac; }\n"
        "leads() { :; }\nis_leader() { :; }\nserving_url=u endpoint_status=\n"
        f"member_list='{MEMBERS}'\n"
    )
    for told, reason in (
        ("etcdserver: permission denied", "not restarted: etcd's auth is on, and its user etcd7,"),
        ("context deadline exceeded", "not restarted: leadership could not be transferred to etcd"),
    ):
        refuses = f"ask() {{ echo 'Error: {told}'; return 1; }}\n"
        done = run_with_libraries(shell, asked + refuses, "transfer_leadership")
        assert done.returncode == 1
        assert done.stderr.startswith(f"error: etcd1: {reason}")


def test_leadership_goes_to_who_was_changed_already() -> None:
    candidates = {
        member.name: member.transfer_candidates
        for member in members_of(load(stack_file()), PROJECT)
    }
    assert candidates == {
        "etcd1": ("etcd3", "etcd2"),
        "etcd2": ("etcd1", "etcd3"),
        "etcd3": ("etcd1", "etcd2"),
    }
