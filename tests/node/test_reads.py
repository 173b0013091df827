"""How etcdctl and etcd tell that etcd lets a client in no more."""

from __future__ import annotations

import json

import pytest

from tests.node.machine import Shell
from tests.support.libraries import run_with_libraries

WARNED = (
    '{"level":"warn","msg":"retrying of unary invoker failed","attempt":0,"error":"rpc error: '
    "code = DeadlineExceeded desc = latest balancer error: connection error: desc = "
)
BROKEN_OFF = f'{WARNED}\\"error reading server preface: EOF\\""}}\nError: context deadline exceeded'
NOBODY_LISTENS = (
    f'{WARNED}\\"transport: Error while dialing: dial unix localhost:1: connect: '
    'no such file or directory\\""}\nError: context deadline exceeded'
)
BUSY = (
    f'{WARNED}\\"transport: authentication handshake failed: context deadline exceeded\\""}}\n'
    "Error: context deadline exceeded"
)
NO_LEADER = "Error: etcdserver: no leader"


def answers(shell: Shell, *told: str) -> str:
    """Either "refused" or "waits" after each of these answers, one after the other."""
    asked = "".join(
        f"if refuses_reads '{each}'; then echo refused; else echo waits; fi\n" for each in told
    )
    return " ".join(run_with_libraries(shell, "", asked).stdout.split())


def test_three_answers_of_one_who_breaks_off_are_a_refusal(shell: Shell) -> None:
    assert answers(shell, *[BROKEN_OFF] * 3) == "waits waits refused"


@pytest.mark.parametrize("told", [NOBODY_LISTENS, BUSY, NO_LEADER])
def test_one_who_is_not_ready_yet_is_waited_for(shell: Shell, told: str) -> None:
    assert answers(shell, *[told] * 5) == "waits waits waits waits waits"
    mixed = [BROKEN_OFF, BROKEN_OFF, told, BROKEN_OFF, BROKEN_OFF]
    assert answers(shell, *mixed) == "waits waits waits waits waits"


def rejected(error: str) -> str:
    return f'{{"level":"warn","msg":"rejected connection on client endpoint","error":"{error}"}}\n'


GATEWAY = rejected("tls: failed to verify certificate: x509: incompatible key usage")
CLIENT = rejected("remote error: tls: bad certificate")
REFUSED = rejected('open \\"x\\": no such file')


@pytest.mark.parametrize(
    ("log", "answer", "reason"),
    [
        (
            f"{GATEWAY}{CLIENT}{REFUSED}{CLIENT}{GATEWAY}{CLIENT}",
            BROKEN_OFF,
            'rejected connection on client endpoint: open "x": no such file; '
            "etcdctl: error reading server preface: EOF",
        ),
        (
            f"{GATEWAY}{CLIENT}{GATEWAY}",
            BROKEN_OFF,
            "rejected connection on client endpoint: remote error: tls: bad certificate; "
            "etcdctl: error reading server preface: EOF",
        ),
        (
            "2026-11-30T21:53:09Z\twarn\tembed/config_logging.go:188\t"
            'rejected connection on client endpoint\t{"server-name": "", "error": "open x"}\n',
            BROKEN_OFF,
            "rejected connection on client endpoint: open x; "
            "etcdctl: error reading server preface: EOF",
        ),
        ("", BROKEN_OFF, "etcdctl: error reading server preface: EOF"),
        ("", NO_LEADER, "etcdctl: etcdserver: no leader"),
        ("", "error: unable to upgrade connection", "etcdctl: error: unable to upgrade connection"),
        ("", "", "etcdctl: no answer"),
    ],
)
def test_why_it_answers_no_read(shell: Shell, log: str, answer: str, reason: str) -> None:
    code = f"why_no_read '{answer}' log <<'LOG'\n{log}LOG\n"
    assert run_with_libraries(shell, "", code).stdout == f"{reason}\n(its log: log)\n"


def test_what_etcd_says_in_front_of_its_end_is_told_too(shell: Shell) -> None:
    """The last line may name the kind of a fault only."""
    cause = '{"level":"error","msg":"problem loading JWT options","error":"open /nope"}'
    end = '{"level":"fatal","msg":"discovery failed","error":"auth: invalid auth options"}'
    same = '{"level":"fatal","msg":"discovery failed","error":"auth: open /nope"}'
    for last, reason in (
        (
            end,
            "discovery failed: auth: invalid auth options; before that: "
            "problem loading JWT options: open /nope",
        ),
        (same, "discovery failed: auth: open /nope"),
    ):
        log = f"printf '%s\\n' '{cause}' '{last}'"
        told = run_with_libraries(shell, "", f"{log} | reason_in_log log").stdout
        assert told == f"{reason}\n(its log: log)\n"


def test_a_reason_is_whole_up_to_what_the_engine_can_print(shell: Shell) -> None:
    for length, kept in ((3000, 3000), (9000, 4000)):
        log = f"echo '{json.dumps({'level': 'fatal', 'msg': 'x' * length})}' | tr -d ' '"
        told = run_with_libraries(shell, "", f"{log} | reason_in_log log").stdout
        assert told.count("x") == kept
