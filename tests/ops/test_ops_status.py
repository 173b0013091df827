"""The table says what the members answered, and does not call healthy what is not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ops.cluster.members import Member, all_healthy, as_json, members
from ops.cluster.probe import Answers
from ops.commands.status import cells, no_stack, size

NOW_S = 1_000_000.0
KNOWN = {name: {"client_url": f"https://{name}:2379"} for name in ("a", "b")}
A, B = (urls["client_url"] for urls in KNOWN.values())


def answer(member_id: int, **more: Any) -> dict[str, Any]:
    status = {"header": {"member_id": member_id}, "version": "3.6.16", "leader": 1}
    return {**status, "dbSize": 20480, "raftIndex": 12, **more}


def answers() -> Answers:
    return Answers(
        health={url: {"endpoint": url, "health": True, "took": "2ms"} for url in (A, B)},
        status={A: answer(1), B: answer(2)},
        expiry={A: NOW_S + 86400 * 30, B: NOW_S + 86400 / 2},
    )


def rows(given: Answers) -> list[Member]:
    return members(KNOWN, given, NOW_S)


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("s3://ana:word@bucket/etcd?region=eu&secret=word", "s3://bucket/etcd"),
        ("file:///srv/state?metadata=skip", "file:///srv/state"),
        ("", "the backend of `pulumi login`"),
    ],
)
def test_no_stack_is_no_stack_in_a_backend_that_is_named_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch, url: str, named: str
) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", url)
    said = no_stack("prod")
    assert said.startswith(f"no stack prod in {named}; is PULUMI_BACKEND_URL right?")
    assert "`.toolchain/bin/etcd-cluster up --stack prod` makes one" in said
    assert "make up" in no_stack("dev")


def test_a_healthy_cluster() -> None:
    a, b = rows(answers())
    assert cells(a) == ("a", "3.6.16", "leader", "20 KiB", "12", "healthy", "30 days")
    assert (b.role, b.certificate_days) == ("follower", 0.5)
    assert all_healthy([a, b])


def test_a_member_that_is_down_says_why_and_spoils_the_whole() -> None:
    health = {**answers().health, B: {"endpoint": B, "health": False, "error": "deadline"}}
    given = replace(
        answers(), health=health, status={A: answer(1)}, expiry={A: NOW_S, B: "refused"}
    )
    a, b = rows(given)
    assert a.healthy
    assert cells(b) == ("b", "-", "-", "-", "-", "NOT HEALTHY", "-")
    assert b.reason == "refused"
    assert not all_healthy([a, b])


def test_no_answer_at_all_is_not_healthy() -> None:
    assert not any(row.healthy for row in rows(Answers({}, {}, {A: "refused", B: "refused"})))
    assert not all_healthy([])


def test_a_member_without_quorum_serves_its_certificate_but_is_not_healthy() -> None:
    health = {B: {"endpoint": B, "health": False, "error": "context deadline exceeded"}}
    _, b = rows(replace(answers(), health=health))
    assert not b.healthy
    assert b.reason == "context deadline exceeded"
    assert b.certificate_days == 0.5


def test_an_alarm_is_not_healthy_even_if_the_member_answers() -> None:
    given = replace(answers(), status={A: answer(1, errors=["alarm:NOSPACE"]), B: answer(2)})
    a, _ = rows(given)
    assert not a.healthy
    assert a.reason == "alarm:NOSPACE"


def test_a_learner_is_called_one() -> None:
    given = replace(answers(), status={A: answer(1), B: answer(2, isLearner=True)})
    assert rows(given)[1].role == "learner"


def test_json_has_every_member_and_the_verdict() -> None:
    read = json.loads(as_json(rows(answers())))
    assert read["healthy"] is True
    assert read["members"][0]["raft_index"] == 12


@pytest.mark.parametrize(
    ("number", "shown"),
    [(20480, "20 KiB"), (1_572_864, "1.5 MiB"), (2_254_857_830, "2.1 GiB")],
)
def test_size(number: int, shown: str) -> None:
    assert size(number) == shown
