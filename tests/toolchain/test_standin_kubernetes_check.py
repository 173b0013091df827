"""What the kubernetes stand-in makes of a program's inputs, and which it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from toolchain.standins.kubernetes.checking import checked
from toolchain.standins.kubernetes.errors import KubernetesError
from toolchain.standins.kubernetes.kinds import NAMESPACE, SECRET, Kind, of_urn
from toolchain.standins.wire import UNKNOWN, Secret

pytestmark = pytest.mark.slow


def urn(token: str) -> str:
    return f"urn:pulumi:dev::project::my:Component${token}::name::with::colons"


def check(news: dict[str, Any], kind: Kind = SECRET) -> dict[str, Any]:
    return checked(kind, {"apiVersion": kind.api_version, "kind": kind.name, **news}, "default")


@pytest.mark.parametrize(
    ("token", "api_version", "name"),
    [
        ("kubernetes:core/v1:Secret", "v1", "Secret"),
        ("kubernetes:apps/v1:StatefulSet", "apps/v1", "StatefulSet"),
        ("kubernetes:policy/v1:PodDisruptionBudget", "policy/v1", "PodDisruptionBudget"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "networking.k8s.io/v1", "NetworkPolicy"),
    ],
)
def test_a_type_says_which_kind_it_is(token: str, api_version: str, name: str) -> None:
    kind = of_urn(urn(token))
    assert (kind.api_version, kind.name) == (api_version, name)


@pytest.mark.parametrize(
    "token",
    [
        "kubernetes:helm.sh/v3:Release",
        "kubernetes:yaml/v2:ConfigGroup",
        "kubernetes:core/v1:SecretList",
        "kubernetes:core/v1:SecretPatch",
        "kubernetes:apps/v1:Deployment",
        "kubernetes:example.com/v1:Backup",
        "command:local:Command",
    ],
)
def test_other_types_are_refused(token: str) -> None:
    with pytest.raises(KubernetesError, match=f"no resource type {token}, only Namespace, Secret"):
        of_urn(urn(token))


def test_a_namespace_is_filled_in() -> None:
    assert check({"metadata": {"name": "n"}}) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "n", "namespace": "default"},
    }
    assert check({"metadata": {"name": "n"}}, NAMESPACE)["metadata"] == {"name": "n"}
    given = check({"metadata": {"name": "n", "namespace": "etcd"}})
    assert given["metadata"]["namespace"] == "etcd"


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({}, "apiVersion: v1"),
        ({"apiVersion": "v1"}, "kind: Secret"),
        ({"apiVersion": "apps/v1", "kind": "Secret"}, "apiVersion: v1"),
        ({"apiVersion": "v1", "kind": "ConfigMap"}, "kind: Secret"),
    ],
)
def test_an_object_says_what_it_is(said: dict[str, Any], missing: str) -> None:
    with pytest.raises(KubernetesError, match=f"a Secret has to say `{missing}`"):
        checked(SECRET, {"metadata": {"name": "n"}, **said}, "default")


@pytest.mark.parametrize("news", [{}, {"metadata": {}}, {"metadata": {"generateName": "n-"}}])
def test_an_object_needs_a_name(news: dict[str, Any]) -> None:
    with pytest.raises(KubernetesError, match=r"give `metadata\.name`"):
        check(news)


@pytest.mark.parametrize("metadata", [UNKNOWN, Secret({"name": "n"})])
def test_metadata_that_cannot_be_seen_are_left_alone(metadata: Any) -> None:
    assert check({"metadata": metadata})["metadata"] == metadata


def test_a_name_that_is_not_known_yet_is_a_name() -> None:
    assert check({"metadata": {"name": UNKNOWN}})["metadata"]["name"] is UNKNOWN


def test_nulls_are_dropped() -> None:
    news = {
        "metadata": {"name": "n", "labels": {"a": None}},
        "data": Secret({"k": "v", "gone": None}),
        "type": None,
    }
    inputs = check(news)
    assert inputs["metadata"] == {"name": "n", "namespace": "default", "labels": {}}
    assert inputs["data"] == Secret({"k": "v"})
    assert "type" not in inputs
