"""Whoever does what a report says is not refused at that place again."""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from components.spec import Cluster, load
from components.spec.models.settings import Node
from components.spec.report.problems import Problem
from components.spec.report.shape import as_model
from tests.spec.machines import FULL_REMOTE
from tests.spec.mutants import hollow, mutants
from tests.spec.pods import FULL_PODS
from tests.spec.remedies import follow, place_of
from tests.spec.stack_files import problems_of, put
from tests.spec.test_spec_properties import FULL
from tests.spec.test_spec_stacks import CONFIG_KEY, STACKS, raw

FILES: dict[str, Any] = {
    **{name: raw(path)["config"][CONFIG_KEY] for name, path in STACKS.items()},
    "full": FULL,
    "machines": FULL_REMOTE,
    "pods": FULL_PODS,
}


def refused_again(given: Any, problem: Problem) -> list[Problem]:
    """What is still refused there after the remedy, but for what was wrong beside it before."""
    mended = follow(given, problem)
    if mended is None:
        return []
    beside = {each.reason for each in problems_of(given)} - {problem.reason}
    return [
        each
        for each in problems_of(mended.raw)
        if mended.concerns(place_of(each.path)) and each.reason not in beside
    ]


def sample(name: str, count: int, seed: int) -> list[tuple[str, dict[str, Any]]]:
    """So many mutants of a file."""
    return random.Random(seed).sample(list(mutants(FILES[name])), count)


def faults_of(chosen: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    """The remedies of mutants that are refused in their turn."""
    faults = []
    for what, mutant in chosen:
        for problem in problems_of(mutant):
            again = refused_again(mutant, problem)
            faults += [f"{what}\n{problem}\n  -> {each}" for each in again]
    return faults


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_every_remedy_is_accepted(name: str) -> None:
    assert not faults_of([*hollow(FILES[name]), *sample(name, 4, seed=1)])


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("name", FILES)
def test_remedies_of_further_mutants(name: str) -> None:
    seed = int(os.environ.get("TEST_SEED", "2"))
    assert not faults_of(sample(name, 600, seed))


@pytest.mark.parametrize(
    ("file", "path", "value", "remedy"),
    [
        ("full", "names", 5, '["etcd.example.org"]'),
        ("full", "flags.cipher-suites", "TLS_A,TLS_B", '["TLS_A", "TLS_B"]'),
        ("full", "flags.cipher-suites", True, '["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]'),
        ("full", "flags.tls-min-version", True, "TLS1.2"),
        ("full", "pki.trusted", "latest", "[1]"),
        ("full", "runtime", "x", "supervisor"),
        ("full", "transport", "Local", "local"),
        ("full", "nodes.etcd2", "90", '{"address": "10.0.0.12"}'),
        ("machines", "architecture", "x86_64", "amd64"),
        ("machines", "architecture", "aarch64", "arm64"),
        ("machines", "firewall.metrics", ["10.0.0.0/8"], "known here: backend, clients"),
        ("machines", "firewall.tuning", "wan", "put it at `cluster.tuning`"),
        ("machines", "nme", "x", "remove it: `name` is there already"),
        ("machines", "nodes.etcd4", "x", '{"address": "10.0.0.14"}, with `cluster.nodes.etcd4.'),
        ("pods", "nodes.etcd1", "x", "{}"),
        ("pods", "nodes.etcd1.address", 5, "remove it"),
        ("pods", "nodes.etcd1.runtime", None, "remove it, or give it a value such as pod"),
    ],
)
def test_what_is_offered(file: str, path: str, value: object, remedy: str) -> None:
    given = copy.deepcopy(FILES[file])
    put(given, path.split("."), value)
    problem = next(each for each in problems_of(given) if each.path == f"cluster.{path}")
    assert remedy in problem.remedy
    assert not refused_again(given, problem)


@pytest.mark.parametrize(
    ("file", "path", "value"),
    [
        ("machines", "install.sha256", None),
        ("machines", "install", None),
        ("pi", "install.sha256", None),
        ("kvm", "install", None),
    ],
)
def test_what_may_not_be_missing_is_not_to_be_removed(file: str, path: str, value: object) -> None:
    given = copy.deepcopy(FILES[file])
    put(given, path.split("."), value)
    (empty,) = problems_of(given)
    put(given, path.split("."), ...)
    (missing,) = problems_of(given)
    assert empty.path == f"cluster.{path}"
    assert empty.reason == "has nothing after its colon"
    assert empty.remedy == missing.remedy
    assert empty.remedy.startswith("give install.sha256 for a")


def test_a_wrong_name_with_nothing_is_refused_as_a_name() -> None:
    given = copy.deepcopy(FULL_REMOTE)
    given["install"]["sha256"] = {"x": None}
    name, value = problems_of(given)
    assert (name.value, name.remedy) == ("key x", "name it `amd64`")
    assert "is not known" in name.reason
    assert value.reason == "has nothing after its colon"


@pytest.mark.parametrize("name", FILES)
def test_no_report_speaks_of_nodes_that_are_not_in_the_file(name: str) -> None:
    for nodes in ({"x": 1}, {"x": None, "y": 1}, {"x": [], "A_b": {}}, {}, None, [1]):
        given = {**FILES[name], "nodes": nodes}
        told = [f"{problem.path} {problem.reason}" for problem in problems_of(given)]
        assert not [line for line in told if "etcd1" in line]


def settings_of(model: type[BaseModel], place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key that a model knows, those of what lies below it too."""
    for name, field in model.model_fields.items():
        yield (*place, name)
        if below := as_model(field.annotation):
            yield from settings_of(below, (*place, name))


@pytest.mark.parametrize("above", [(), ("nodes", "etcd1")])
def test_an_empty_key_is_refused_wherever_it_stands(above: tuple[str, ...]) -> None:
    for place in settings_of(Node if above else Cluster, above):
        given = copy.deepcopy(FULL_REMOTE)
        given.pop(place[0], None) if len(place) > 1 and place[0] != "nodes" else None
        put(given, [*place], None)
        reasons = [each.reason for each in problems_of(given) if place_of(each.path) == place]
        assert reasons == ["has nothing after its colon"], place


@pytest.mark.parametrize("name", ["nodes.etcd1", "consumers.a", "pki.generations.3"])
def test_a_name_may_stand_alone(name: str) -> None:
    given = copy.deepcopy(FULL_PODS)
    put(given, name.split("."), None)
    assert problems_of(given) == ()


def test_none_takes_away_what_is_set_for_all() -> None:
    given = copy.deepcopy(FULL_REMOTE)
    given["metrics"] = {"port": 2999}
    given["nodes"]["etcd2"] |= {"metrics": "none", "shell_profile": "none", "ssh": {"jump": "none"}}
    first, second, _ = load(given).resolved_nodes()
    assert first.metrics
    assert first.shell_profile
    assert first.ssh.jump
    assert (second.metrics, second.shell_profile, second.ssh.jump) == (None, None, None)
