"""What etcdctl says of health and of alarms, and what the scripts make of it."""

from __future__ import annotations

import pytest

from components.machine.settings import health_settings
from tests.node.machine import Shell
from tests.node.stack_files import first_member
from tests.support.libraries import run_with_libraries

# A member's status in etcdctl's `fields` form. What it says of member 0 has no number.
ALARMS = """\
"ClusterID" : 228773471986652671
"MemberID" : 2129819484829213261
"Version" : "3.6.16"
"RaftAppliedIndex" : 21
"Errors" : [memberID:16799361402843513103 alarm:NOSPACE  memberID:33  alarm:CORRUPT  alarm:CORRUPT ]
"Endpoint" : "https://10.0.0.1:2379"
"""
MEMBERS = """\
21, started, etcd2, https://10.0.0.2:2380, https://10.0.0.2:2379, false
e923523065e5410f, started, etcd1, https://10.0.0.1:2380, https://10.0.0.1:2379, false"""


def told(shell: Shell, code: str, *, says: str, status: int = 0) -> tuple[int, str]:
    """Status and outputs of `code`, with an etcdctl that `says` that."""
    replaced = (
        "setting() { echo etcd1; }\n"
        f"ask() {{ shift; case $1 in member) cat <<'M'\n{MEMBERS}\nM\n"
        f";; *) cat <<'A'\n{says}\nA\nreturn {status} ;; esac; }}\n"
    )
    done = run_with_libraries(shell, replaced, code)
    return done.returncode, done.stdout + done.stderr


def test_who_has_raised_an_alarm(shell):
    look = "member_list=$(members); serving_url=u; endpoint_status=$(own_status); "
    assert told(shell, f"{look}alarmed NOSPACE", says=ALARMS) == (0, "etcd1\n")
    assert told(shell, f"{look}alarmed CORRUPT", says=ALARMS) == (0, "etcd2\nan unknown member\n")
    for none in ('"Errors" : []', '"Errors" : [etcdserver: no leader]', ""):
        assert told(shell, f"{look}alarmed CORRUPT", says=none) == (0, "")


def test_no_answer_is_not_taken_for_no_alarm(shell):
    code = "require_others_healthy() { :; }; serving_url=u; pass_gate; echo went on"
    status, said = told(shell, code, says="Error: context deadline exceeded", status=1)
    assert (status, "went on" in said) == (1, False)
    assert "its endpoint status cannot be read: Error: context deadline exceeded" in said


@pytest.mark.parametrize(
    ("says", "status", "healthy"),
    [
        ("health", 0, True),
        ("Error: etcdserver: permission denied", 1, True),
        ("Error: context deadline exceeded", 1, False),
        ("Error: etcdserver: no leader", 1, False),
    ],
)
def test_who_is_healthy(shell, says, status, healthy):
    code = "is_healthy https://10.0.0.1:2379"
    assert told(shell, code, says=says, status=status) == (int(not healthy), "")


def test_a_database_is_full_before_its_quota_by_the_largest_request():
    settings = health_settings(first_member(nodes=1, quota_mib=16, max_request_kib=1024))
    assert settings["full_from_bytes"] == f"etcd1={15 * 1024 * 1024}"


@pytest.mark.parametrize(("size", "said"), [(99, ""), (100, "etcd1 has 0 MiB and needs less than")])
def test_who_has_no_room(shell, size, said):
    values = (
        "setting() { case $1 in full_from_bytes) echo etcd1=100 ;; *) echo etcd1=u ;; esac; }\n"
    )
    status, output = told(shell, f"{values}full_members", says=f'"DBSize" : {size}')
    assert status == 0
    assert output.startswith(said)
    assert bool(output) == bool(said)
