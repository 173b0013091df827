"""A failing run says what failed and why, first, and nothing that is no help."""

from __future__ import annotations

import pytest

from ops.engine.events import Diagnostic
from ops.screen.failures import Failure, Outcome, outcome, reason_of, report
from tests.ops.recorded import events

CUT_OFF = "wait: remote command exited without exit status or exit signal"


def report_of(name: str) -> str:
    return report(outcome(events(name)), "", "up")


def test_the_failing_resource_and_the_scripts_own_reason_come_first() -> None:
    lines = report_of("gate").splitlines()
    assert lines[0] == "dev-etcd1-apply (node etcd1) failed while updating:"
    assert lines[1].startswith("  etcd1: not restarted: etcd2 must be healthy first")
    assert "run `up` again" in lines[-1]


def test_every_failure_is_told() -> None:
    failures = (Failure("dev-etcd1-prepare", "no room"), Failure("dev-etcd2-prepare", "no tar"))
    lines = report(Outcome(failures, (), done=0), "", "up").splitlines()
    assert [line for line in lines if line.startswith("  ")] == ["  no room", "  no tar"]


def test_the_script_and_its_payload_are_not_shown() -> None:
    shown = report_of("gate")
    assert "base64" not in shown
    assert "set -eu" not in shown
    assert "[secret]" not in shown


def test_the_hosts_exit_code_stands_for_a_reason_only_where_there_is_none() -> None:
    code = "program exited with non-zero exit code: 1"
    said = [_diagnostic(f"an unhandled error occurred: {code}"), _diagnostic("cluster.versoin: no")]
    assert outcome(said).messages == ("cluster.versoin: no",)
    assert outcome(said[:1]).messages == (code,)


def _diagnostic(message: str) -> Diagnostic:
    return Diagnostic(severity="error", message=message, resource=None, passing=False)


def test_the_interpreters_traceback_is_not_shown() -> None:
    recorded = [event for event in events("traceback") if "KeyboardInterrupt" in str(event)]
    assert recorded, "the recording has lost what it is for"
    shown = report_of("traceback")
    assert shown.splitlines()[:2] == [
        "dev-etcd2-apply failed while creating:",
        "  etcd2 is not healthy within 60 s",
    ]
    assert "Traceback" not in shown
    assert "KeyboardInterrupt" not in shown


def test_what_was_done_before_the_failure_is_counted() -> None:
    assert outcome(events("traceback")).done == 1
    assert "Done is 1 change before it" in report_of("traceback")


def test_a_configuration_error_is_the_report_of_the_spec_as_it_is_once() -> None:
    assert report_of("config_error").splitlines() == [
        "1 problem in the stack file's `cluster`",
        "  cluster.versoin: a text",
        "    refused: is no known key",
        "    instead: did you mean `version`?",
    ]


def test_without_any_event_the_engines_own_words_are_shown() -> None:
    assert report(outcome([]), "no such backend", "up") == "no such backend"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ('exit status 3: running "sh -c \\"a\\" \\n":\nwork\nerror: no quorum\n', "no quorum"),
        ('exit status 1: running "x":\nerror: one\nerror: two\n', "one\ntwo"),
        ('exit status 1: running "x":\nsh: not found\n', "sh: not found"),
        ('exit status 1: running "x":\n', "the script failed and printed nothing"),
        (
            'signal: killed: running "x":\nwaiting\n',
            "the script was ended before it was done (signal: killed)",
        ),
        (f'{CUT_OFF}: running "x":\n', CUT_OFF),
        (
            f'{CUT_OFF}: running "x":\nerror: seen before\netcd1: joins as a learner\n',
            f"{CUT_OFF}; the last that it said: etcd1: joins as a learner",
        ),
        ("rpc error: code = Unknown desc = bad curve", "bad curve"),
        (
            "after 1 failed attempts: ssh: host key mismatch",
            "after 1 failed attempts: ssh: host key mismatch",
        ),
    ],
)
def test_reason(message: str, reason: str) -> None:
    assert reason_of(message) == reason


def test_a_script_that_says_no_error_line_is_shown_by_its_end_only() -> None:
    printed = "\n".join(f"line {n}" for n in range(50))
    assert reason_of(f'exit status 1: running "x":\n{printed}\n').splitlines() == [
        f"line {n}" for n in range(45, 50)
    ]
