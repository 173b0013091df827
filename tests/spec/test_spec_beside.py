"""This project's settings beside the cluster: what they may be, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from components.spec import SpecError, load
from components.spec.report.problems import Problem
from tests.spec.stack_files import GOOD, changed

CLUSTER, STANDINS = "etcd-cluster:cluster", "etcd-cluster:standins"


def problems(cluster: object, **beside: Any) -> tuple[Problem, ...]:
    """Of a stack file with these settings, whose names are without the namespace."""
    config = {f"etcd-cluster:{name}": value for name, value in beside.items()}
    given = {} if cluster is None else {CLUSTER: cluster}
    with pytest.raises(SpecError) as caught:
        load(cluster, {**config, **given})
    return caught.value.problems


@pytest.mark.parametrize("value", [True, False, "true", "false"])
def test_whether_stand_ins_may_serve_the_stack(value: object) -> None:
    assert load(GOOD, {STANDINS: value, CLUSTER: GOOD, "aws:region": 1}) == load(GOOD)


@pytest.mark.parametrize(
    ("value", "shown", "reason"),
    [
        ("yes", '"yes"', "a text is neither true nor false"),
        ("True", '"True"', "a text is neither true nor false"),
        (1, "1", "a number is neither true nor false"),
        (None, "nothing given", "nothing given is neither true nor false"),
        ({"secure": "v1:abc"}, "a mapping", "a mapping is neither true nor false"),
        ([True], "a list of 1", "a list of 1 is neither true nor false"),
        ("-----BEGIN PRIVATE KEY-----", "a text", "a text is neither true nor false"),
    ],
)
def test_another_value_is_refused(value: object, shown: str, reason: str) -> None:
    (problem,) = problems(GOOD, standins=value)
    assert (problem.path, problem.value, problem.reason) == (STANDINS, shown, reason)
    assert "everything that this stack holds may be lost" in problem.remedy
    assert load(GOOD, {STANDINS: problem.example})


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("standin", f"did you mean `{STANDINS}`?"),
        ("stand-ins", f"did you mean `{STANDINS}`?"),
        ("clusters", f"did you mean `{CLUSTER}`?"),
        ("throwaway", "remove it"),
    ],
)
def test_another_setting_of_this_project_is_refused(name: str, remedy: str) -> None:
    (problem,) = problems(GOOD, **{name: True})
    assert problem.path == f"etcd-cluster:{name}"
    assert (problem.reason, problem.remedy) == ("is no setting of this project", remedy)


def test_all_is_told_in_one_report() -> None:
    told = problems(changed(("client_port", "many")), standins="yes", standin=True)
    assert [each.path for each in told] == [STANDINS, "etcd-cluster:standin", "cluster.client_port"]
    with pytest.raises(SpecError, match=r"^1 problem in the stack file\n"):
        load(GOOD, {STANDINS: "yes"})


def test_the_mark_is_not_taken_for_a_misspelt_cluster() -> None:
    for name in ("standins", "standin"):
        told = problems(None, **{name: True})
        assert told[-1].path == "cluster"
        assert "is missing" in told[-1].reason
    (problem,) = problems(None, standins=True, clusters=GOOD)
    assert problem.path == "etcd-cluster:clusters"
    assert "`etcd-cluster:cluster` is missing" in problem.reason
