"""A state passes from the official kubernetes plugin to the stand-in and back without a change.

`official_kubernetes.json` has programs' objects with the inputs that the official plugin makes of
them, by the rules of its published source: through the Go types of k8s.io/api 0.34.2 and back, cut
to what the program says; a Secret's texts put into its data. Its amounts are those of the same
library. Where the stand-in makes others, DIFFERENCES.md says so, which is held to what differs.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from toolchain.standins.kubernetes import kinds
from toolchain.standins.kubernetes.checking import checked
from toolchain.standins.kubernetes.differences import changes
from toolchain.standins.kubernetes.kinds import SECRET, STATEFUL_SET, Kind
from toolchain.standins.kubernetes.normal import compared, normal
from toolchain.standins.kubernetes.owning import taken_over
from toolchain.standins.kubernetes.quantities import canonical
from toolchain.standins.kubernetes.replacing import patterns
from toolchain.standins.wire import UNKNOWN, Secret, bare

pytestmark = pytest.mark.slow

TESTS = Path(__file__).resolve().parents[1]
OFFICIAL = json.loads((TESTS / "support" / "official_kubernetes.json").read_text())
OBJECTS: dict[str, Any] = OFFICIAL["objects"]
ALIKE = [name for name, case in OBJECTS.items() if "differs" not in case]
OTHERS = [name for name, case in OBJECTS.items() if "differs" in case]
LIST = TESTS.parent / "toolchain" / "standins" / "kubernetes" / "DIFFERENCES.md"
TLS = OBJECTS["a secret"]


def kind_of(value: dict[str, Any]) -> Kind:
    group, _, version = value["apiVersion"].rpartition("/")
    return kinds.of_urn(f"a::b::kubernetes:{group or 'core'}/{version}:{value['kind']}::c")


def inputs_of(program: dict[str, Any]) -> Any:
    return bare(checked(kind_of(program), program, "default"))


def diff(
    state: dict[str, Any], program: dict[str, Any], live: dict[str, Any] | None = None
) -> dict[str, str]:
    kind = kind_of(program)
    old, new = compared(kind, state, state if live is None else live), inputs_of(program)
    return changes(old, new, patterns(kind, new, content_mutable=True))


@pytest.mark.parametrize("name", ALIKE)
def test_inputs_are_recorded_as_by_the_official_plugin(name: str) -> None:
    assert inputs_of(OBJECTS[name]["program"]) == OBJECTS[name]["official"]


@pytest.mark.parametrize("name", ALIKE)
def test_a_state_of_the_official_plugin_stays_as_it_is(name: str) -> None:
    assert not diff(OBJECTS[name]["official"], OBJECTS[name]["program"])


@pytest.mark.parametrize("name", ALIKE)
def test_so_does_a_state_of_an_earlier_stand_in_with_the_programs_own_words(name: str) -> None:
    """Its live object is that of the official plugin: the API server writes both."""
    case = OBJECTS[name]
    assert not diff(case["program"], case["program"], live=case["official"])


@pytest.mark.parametrize("name", OTHERS)
def test_what_differs_is_listed(name: str) -> None:
    assert inputs_of(OBJECTS[name]["program"]) != OBJECTS[name]["official"]
    assert OBJECTS[name]["differs"] in re.findall(r"^\| (.*?) \|", LIST.read_text(), re.MULTILINE)


@pytest.mark.parametrize(("amount", "form"), OFFICIAL["amounts"].items())
def test_amounts_have_the_servers_form(amount: str, form: str | None) -> None:
    assert canonical(amount) == (amount if form is None else form)
    assert canonical(canonical(amount)) == canonical(amount)


def test_what_is_no_amount_is_left_alone() -> None:
    assert (canonical(1), canonical(True), canonical(UNKNOWN)) == ("1", True, UNKNOWN)


def test_another_amount_is_a_change() -> None:
    case = OBJECTS["a set with amounts"]
    program = json.loads(json.dumps(case["program"]))
    program["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] = "9Gi"
    path = "spec.volumeClaimTemplates[0].spec.resources.requests.storage"
    assert diff(case["official"], program) == {path: "UPDATE_REPLACE"}


def test_an_empty_map_of_a_secret_differs_with_every_up() -> None:
    """As in the official plugin: the API server drops it, and the program says it again."""
    live = {**TLS["official"], "metadata": {"name": "tls", "namespace": "etcd"}, "uid": "u"}
    assert diff(TLS["official"], TLS["program"], live) == {"metadata.annotations": "ADD"}


def test_a_text_that_the_program_takes_away_goes_out_of_the_secret() -> None:
    """Which is why texts are sent as data: those the API server would leave there."""
    program = {**TLS["program"], "stringData": {"both": "text"}}
    assert diff(TLS["official"], program) == {"data.key": "DELETE"}


def test_what_a_secret_holds_is_secret_in_its_inputs() -> None:
    inputs = checked(SECRET, {**TLS["program"], "stringData": {"key": Secret("canary")}}, "etcd")
    assert isinstance(inputs["data"], Secret)
    assert "stringData" not in inputs


def test_a_text_that_is_not_known_yet_stays_a_text() -> None:
    inputs = checked(SECRET, {**TLS["program"], "stringData": {"key": UNKNOWN}}, "etcd")
    assert inputs["stringData"] == Secret({"key": UNKNOWN})


def test_secret_marks_stay_where_they_are() -> None:
    spec = {"template": {"spec": {"priorityClassName": Secret(""), "hostname": Secret("h")}}}
    assert normal(STATEFUL_SET, {"spec": Secret(spec)})["spec"] == Secret(
        {"template": {"spec": {"hostname": Secret("h")}}}
    )


OURS = "pulumi-kubernetes-1"
CREATED = {"f:data": {"f:k": {}, "f:gone": {}}}
APPLIED = {"f:data": {"f:k": {}, "f:own": {}}}
OF_OTHERS = [
    {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:a": {}}},
    {"manager": OURS, "operation": "Update", "subresource": "status", "fieldsV1": {}},
    {"manager": "pulumi-kubernetes-2", "operation": "Apply", "fieldsV1": {}},
]


@pytest.mark.parametrize(
    ("applied", "fields"),
    [
        ([], CREATED),
        ([{"manager": OURS, "operation": "Apply", "fieldsV1": APPLIED}], None),
    ],
    ids=["created", "created and applied"],
)
def test_what_a_create_owns_is_the_applys(
    applied: list[dict[str, Any]], fields: dict[str, Any] | None
) -> None:
    created = {"manager": OURS, "operation": "Update", "fieldsV1": CREATED}
    live = {"metadata": {"managedFields": [created, *OF_OTHERS, *applied]}}
    united = {"f:data": {"f:k": {}, "f:gone": {}, "f:own": {}}}
    ours = {"manager": OURS, "operation": "Apply", "fieldsV1": fields or united}
    assert taken_over(live, OURS) == [*OF_OTHERS, ours]


def test_owners_stay_as_they_are_where_the_plugin_created_nothing() -> None:
    assert taken_over({"metadata": {"managedFields": OF_OTHERS}}, OURS) is None
