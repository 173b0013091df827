"""What another program is told that reads the wrong stack, or the right one in a wrong way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.outputs.reference import Outputs, OutputsError, Problem
from components.spec import load
from tests.support.issued import stack_file

STACK = "organization/etcd-cluster/prod"
GOLDEN = yaml.safe_load((Path(__file__).parent / "golden" / "outputs.yaml").read_text())


def undecryptable(value: Any) -> Any:
    """As the engine passes outputs whose secrets it cannot decrypt."""
    without = {
        name: {consumer: {**told, "files": {}} for consumer, told in value[name].items()}
        for name in ("apiserver", "k3s", "etcdctl", "prometheus")
    }
    return {**value, **without, "consumers": {}}


def problems(read: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(OutputsError) as refused:
        read()
    assert refused.value.stack == STACK
    return refused.value.problems


def test_what_is_there_is_given():
    found = Outputs(STACK, GOLDEN)
    assert found.output("endpoints") == GOLDEN["endpoints"]
    assert found.of_consumer("apiserver", "apiserver") == GOLDEN["apiserver"]["apiserver"]
    assert found.of_consumer("consumers", "operator") == GOLDEN["consumers"]["operator"]


@pytest.mark.parametrize(
    ("values", "reason", "remedy"),
    [
        ({}, "the stack has no outputs at all", "run `pulumi up` of that stack first"),
        (
            {"vpc": 1, "endpoints": []},
            "is no stack of etcd-cluster: its outputs are endpoints, vpc",
            "refer to the etcd cluster's stack, such as organization/etcd-cluster/prod",
        ),
        (
            {"members": {}, "endpoints": [], "consumers": {"operator": {}}},
            "is no output of that stack, which has consumers, endpoints, members",
            "run `pulumi up` of that stack with an etcd-cluster as new as this program",
        ),
    ],
    ids=["not yet up", "another stack", "an old one"],
)
def test_a_missing_output(values, reason, remedy):
    found = Outputs(STACK, values)
    expected = (Problem("apiserver", "nothing", reason, remedy),)
    assert problems(lambda: found.of_consumer("apiserver", "apiserver")) == expected
    assert problems(lambda: found.output("apiserver")) == expected


def test_a_missing_consumer():
    found = Outputs(STACK, GOLDEN)
    (problem,) = problems(lambda: found.of_consumer("apiserver", "scheduler"))
    assert str(problem) == (
        "apiserver.scheduler: nothing\n"
        "    refused: no consumer has that name; there are apiserver, operator\n"
        "    instead: add it in the stack file of organization/etcd-cluster/prod and run "
        "`pulumi up` there: `consumers: [apiserver, operator, scheduler]`"
    )


def test_the_line_to_add_is_one_that_a_stack_file_may_have():
    (problem,) = problems(lambda: Outputs(STACK, GOLDEN).of_consumer("k3s", "k3s"))
    line = yaml.safe_load(problem.remedy.split("`")[-2])
    assert load(stack_file(**line)).consumer_names == ("apiserver", "k3s", "operator")


def test_secrets_that_nobody_could_decrypt():
    found = Outputs(STACK, undecryptable(GOLDEN))
    for name in ("apiserver", "consumers"):
        (problem,) = problems(lambda name=name: found.of_consumer(name, "apiserver"))
        assert (problem.path, problem.value) == ("consumers", "{}")
        assert "could not be decrypted" in problem.reason
        assert "PULUMI_CONFIG_PASSPHRASE_FILE" in problem.remedy
    assert found.output("endpoints") == GOLDEN["endpoints"]


def test_all_that_is_wrong_is_told_at_once():
    found = Outputs(STACK, undecryptable(GOLDEN))
    paths = [each.path for each in problems(lambda: found.of_consumer("apiserver", "scheduler"))]
    assert paths == ["consumers", "apiserver.scheduler"]


def test_the_report_begins_with_the_stack():
    with pytest.raises(OutputsError) as refused:
        Outputs(STACK, {}).output("endpoints")
    assert str(refused.value) == (
        "1 problem in the outputs of organization/etcd-cluster/prod\n"
        "  endpoints: nothing\n"
        "    refused: the stack has no outputs at all\n"
        "    instead: run `pulumi up` of that stack first"
    )


def test_a_field_that_an_older_stack_has_not():
    older = {**GOLDEN, "apiserver": {"apiserver": {"flags": [], "files": {}}}}
    (problem,) = problems(
        lambda: Outputs(STACK, older).field("apiserver", "apiserver", "restart_on")
    )
    assert problem.path == "apiserver.apiserver.restart_on"
    assert problem.reason.endswith("by an older etcd-cluster; there are files, flags")
    assert "as new as this program" in problem.remedy
