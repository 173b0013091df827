"""What the kubernetes stand-in makes of a program's inputs: kind, name, namespace."""

from __future__ import annotations

from typing import Any

import pytest

from toolchain.standins.kubernetes.checking import checked
from toolchain.standins.kubernetes.errors import KubernetesError
from toolchain.standins.kubernetes.kinds import Kind, of_urn
from toolchain.standins.wire import UNKNOWN, Secret

SECRET = Kind("", "v1", "Secret")
AUTONAMED = {"pulumi.com/autonamed": "true"}


def urn(token: str) -> str:
    return f"urn:pulumi:dev::project::my:Component${token}::name::with::colons"


def check(
    news: dict[str, Any],
    olds: dict[str, Any] | None = None,
    *,
    kind: Kind = SECRET,
    seed: bytes = b"",
    namespaced: bool = True,
) -> dict[str, Any]:
    return checked(
        kind, news, olds or {}, base="res", seed=seed, namespace="default", namespaced=namespaced
    )


@pytest.mark.parametrize(
    ("token", "api_version", "name"),
    [
        ("kubernetes:core/v1:Secret", "v1", "Secret"),
        ("kubernetes:apps/v1:StatefulSet", "apps/v1", "StatefulSet"),
        ("kubernetes:policy/v1:PodDisruptionBudget", "policy/v1", "PodDisruptionBudget"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "networking.k8s.io/v1", "NetworkPolicy"),
        ("kubernetes:example.com/v1alpha1:AllowList", "example.com/v1alpha1", "AllowList"),
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
        "command:local:Command",
    ],
)
def test_what_is_no_single_object_is_refused(token: str) -> None:
    with pytest.raises(KubernetesError, match=r"no resource type|list resources|no patches"):
        of_urn(urn(token))


@pytest.mark.parametrize(
    ("token", "namespaced"),
    [
        ("kubernetes:core/v1:Namespace", False),
        ("kubernetes:core/v1:Pod", True),
        ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", False),
        ("kubernetes:rbac.authorization.k8s.io/v1:Role", True),
        ("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", False),
        ("kubernetes:example.com/v1:Anything", True),
    ],
)
def test_which_kinds_are_in_namespaces(token: str, namespaced: bool) -> None:
    assert of_urn(urn(token)).namespaced is namespaced


def test_kind_and_namespace_are_filled_in() -> None:
    assert check({"metadata": {"name": "n"}}) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "n", "namespace": "default"},
    }
    assert "namespace" not in check({"metadata": {"name": "n"}}, namespaced=False)["metadata"]
    given = check({"metadata": {"name": "n", "namespace": "etcd"}})
    assert given["metadata"]["namespace"] == "etcd"


def test_an_object_without_a_name_gets_one_and_says_so() -> None:
    metadata = check({"metadata": {"annotations": {"a": "b"}}})["metadata"]
    base, _, suffix = metadata["name"].rpartition("-")
    assert (base, len(suffix)) == ("res", 8)
    assert metadata["annotations"] == {"a": "b", **AUTONAMED}
    assert check({})["metadata"]["name"] != metadata["name"]


def test_the_engines_seed_makes_an_update_what_its_plan_was() -> None:
    assert check({}, seed=b"s") == check({}, seed=b"s") != check({}, seed=b"t")


def test_a_made_up_name_stays() -> None:
    first = check({})
    again = check({"metadata": {"labels": {"x": "y"}}}, first)
    assert again["metadata"]["name"] == first["metadata"]["name"]
    assert again["metadata"]["annotations"] == AUTONAMED


def test_a_name_that_the_program_takes_back_is_not_kept() -> None:
    assert "name" not in check({}, {"metadata": {"name": "given"}})["metadata"]


@pytest.mark.parametrize("metadata", [UNKNOWN, Secret({"name": "n"})])
def test_metadata_that_cannot_be_seen_are_left_alone(metadata: Any) -> None:
    assert check({"metadata": metadata})["metadata"] == metadata


def test_a_name_that_is_not_known_yet_is_a_name() -> None:
    assert check({"metadata": {"name": UNKNOWN}})["metadata"]["name"] is UNKNOWN


def test_nulls_and_what_only_the_server_sets_are_dropped() -> None:
    news = {
        "metadata": {"name": "n", "uid": "u", "resourceVersion": "1", "labels": {"a": None}},
        "data": Secret({"k": "v", "gone": None}),
        "type": None,
    }
    inputs = check(news)
    assert inputs["metadata"] == {"name": "n", "namespace": "default", "labels": {}}
    assert inputs["data"] == Secret({"k": "v"})
    assert "type" not in inputs


def test_names_by_the_server_are_refused() -> None:
    with pytest.raises(KubernetesError, match="generateName"):
        check({"metadata": {"generateName": "n-"}})
