"""What the kubernetes stand-in takes for a change, for a replacement, and for a secret."""

from __future__ import annotations

from typing import Any

import pytest

from toolchain.standins.kubernetes.differences import changes
from toolchain.standins.kubernetes.kinds import (
    BUDGET,
    CLAIM,
    CONFIG_MAP,
    SECRET,
    SERVICE,
    STATEFUL_SET,
    Kind,
)
from toolchain.standins.kubernetes.refreshed import refreshed
from toolchain.standins.kubernetes.replacing import patterns
from toolchain.standins.kubernetes.secrecy import concealed, marked
from toolchain.standins.wire import UNKNOWN, Secret

pytestmark = pytest.mark.slow


def diff(
    kind: Kind, old: dict[str, Any], new: dict[str, Any], *, mutable: bool = False
) -> dict[str, str]:
    return changes(old, new, patterns(kind, new, content_mutable=mutable))


def test_each_change_has_its_path() -> None:
    old = {"metadata": {"labels": {"a.b/c": "1", "gone": "x"}}, "spec": {"l": [1, 2], "n": 1}}
    new = {"metadata": {"labels": {"a.b/c": "2"}}, "spec": {"l": [1, 3, 4], "n": 1, "b": True}}
    assert diff(STATEFUL_SET, old, new) == {
        'metadata.labels["a.b/c"]': "UPDATE",
        "metadata.labels.gone": "DELETE",
        "spec.b": "ADD",
        "spec.l[1]": "UPDATE",
        "spec.l[2]": "ADD",
    }
    assert diff(STATEFUL_SET, old, old) == {}


def test_a_number_is_no_switch() -> None:
    assert diff(STATEFUL_SET, {"spec": {"x": 1}}, {"spec": {"x": True}}) == {"spec.x": "UPDATE"}
    assert diff(STATEFUL_SET, {"spec": {"x": 1}}, {"spec": {"x": 1.0}}) == {}


def test_a_value_that_is_not_known_yet_is_another_one() -> None:
    change = diff(STATEFUL_SET, {"spec": {"replicas": 3}}, {"spec": {"replicas": UNKNOWN}})
    assert change == {"spec.replicas": "UPDATE"}


@pytest.mark.parametrize(
    ("kind", "old", "new", "path"),
    [
        (SECRET, {"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}, "metadata.name"),
        (
            SECRET,
            {"metadata": {"namespace": "a"}},
            {"metadata": {"namespace": "b"}},
            "metadata.namespace",
        ),
        (SECRET, {"type": "Opaque"}, {"type": "tls"}, "type"),
        (SECRET, {"data": {"k": "1"}}, {"data": {"k": "2"}}, "data.k"),
        (SECRET, {"data": {"k": "1"}}, {"data": {"k": UNKNOWN}}, "data.k"),
        (CONFIG_MAP, {"data": {"k": "1"}}, {}, "data"),
        (STATEFUL_SET, {"spec": {}}, {"spec": {"serviceName": "s"}}, "spec.serviceName"),
        (
            STATEFUL_SET,
            {"spec": {"volumeClaimTemplates": [{"spec": {"a": 1}}]}},
            {"spec": {"volumeClaimTemplates": [{"spec": {"a": 2}}]}},
            "spec.volumeClaimTemplates[0].spec.a",
        ),
        (SERVICE, {"spec": {}}, {"spec": {"clusterIP": "None"}}, "spec.clusterIP"),
        (CLAIM, {"spec": {"accessModes": []}}, {"spec": {}}, "spec.accessModes"),
        (STATEFUL_SET, {"spec": {"selector": {}}}, {}, "spec"),
    ],
)
def test_what_cannot_change_in_place_replaces(
    kind: Kind, old: dict[str, Any], new: dict[str, Any], path: str
) -> None:
    found = diff(kind, old, new)
    assert all(change.endswith("_REPLACE") for change in found.values()), found
    assert list(found) == [path]


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (STATEFUL_SET, {"spec": {"replicas": 1}}, {"spec": {"replicas": 3}}),
        (STATEFUL_SET, {"spec": {"template": {"a": 1}}}, {"spec": {"template": {"a": 2}}}),
        (BUDGET, {"spec": {"maxUnavailable": 1}}, {"spec": {"maxUnavailable": 2}}),
        (CLAIM, {"spec": {"resources": {}}}, {"spec": {"resources": {"a": 1}}}),
        (SECRET, {"metadata": {"labels": {}}}, {"metadata": {"labels": {"a": "b"}}}),
        (STATEFUL_SET, {}, {"spec": {"replicas": 3}}),
    ],
)
def test_other_changes_do_not(kind: Kind, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert not any(change.endswith("_REPLACE") for change in diff(kind, old, new).values())


def test_content_changes_in_place_where_the_provider_says_so_and_the_object_does_not_forbid() -> (
    None
):
    old, new = {"data": {"k": "1"}}, {"data": {"k": "2"}}
    assert diff(SECRET, old, new, mutable=True) == {"data.k": "UPDATE"}
    fixed = {"immutable": True}
    assert diff(SECRET, old | fixed, new | fixed, mutable=True) == {"data.k": "UPDATE_REPLACE"}


INPUTS = {"spec": {"replicas": 3, "cpu": "1000m", "list": [{"a": 1}]}, "stringData": {"k": "v"}}
LIVE = {"spec": {"replicas": 3, "cpu": "1", "list": [{"a": 1, "default": 2}], "more": 1}}


def test_what_nobody_changed_is_no_change_however_the_server_writes_it() -> None:
    assert refreshed(INPUTS, LIVE, {**LIVE, "status": {"x": 1}}) == INPUTS


def test_what_others_changed_shows_as_if_the_program_had_said_it() -> None:
    now = {"spec": {**LIVE["spec"], "replicas": 5, "list": [{"a": 9, "default": 3}], "more": 2}}
    spec = refreshed(INPUTS, LIVE, now)["spec"]
    assert spec == {"replicas": 5, "cpu": "1000m", "list": [{"a": 9}]}


def test_what_others_took_away_is_gone() -> None:
    assert refreshed(INPUTS, LIVE, {"spec": {"cpu": "1"}})["spec"] == {"cpu": "1000m"}


def test_a_list_of_another_length_is_taken_as_it_is_now() -> None:
    now = {"spec": {**LIVE["spec"], "list": [{"a": 1, "default": 2}, {"a": 2, "default": 2}]}}
    assert refreshed(INPUTS, LIVE, now)["spec"]["list"] == [{"a": 1}, {"a": 2, "default": 2}]


def test_outputs_are_secret_where_the_inputs_are() -> None:
    live = {"spec": {"a": "1", "b": "2", "l": ["x", "y"], "m": ["x", "y"]}}
    inputs = {"spec": {"a": Secret("1"), "l": ["x", Secret("y")], "m": [Secret("x")]}}
    assert marked(live, inputs) == {
        "spec": {"a": Secret("1"), "b": "2", "l": ["x", Secret("y")], "m": Secret(["x", "y"])}
    }


def test_what_a_secret_holds_is_secret_even_if_the_program_forgot() -> None:
    held = {"apiVersion": "v1", "kind": "Secret", "data": {"k": Secret("v")}, "type": "Opaque"}
    assert concealed(held) == held | {"data": Secret({"k": "v"})}
    open_one = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"k": "v"}}
    assert concealed(open_one) == open_one
