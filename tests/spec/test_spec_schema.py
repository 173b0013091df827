"""The JSON Schema that editors use: current, true to the models, and every field described."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from components.spec import load
from components.spec.documents import reference
from components.spec.documents.schema import CONFIG_KEY, PATH, stack_schema, text
from tests.spec.machines import FULL_REMOTE, REMOTE
from tests.spec.pods import FULL_PODS, PODS, pods
from tests.spec.stack_files import GOOD, changed
from tests.spec.test_spec_kubernetes import CASES as POD_CASES
from tests.spec.test_spec_problems import CASES
from tests.spec.test_spec_properties import FULL

SCHEMA = stack_schema()
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def accepts(cluster: object) -> bool:
    """As an editor sees it: YAML, where keys are texts."""
    stack = json.loads(json.dumps({"config": {CONFIG_KEY: cluster}}))
    return bool(VALIDATOR.is_valid(stack))


def accepts_beside(**settings: object) -> bool:
    """The same of what stands beside a good cluster; `key` has no namespace."""
    config = {f"etcd-cluster:{key}": value for key, value in settings.items()}
    return bool(VALIDATOR.is_valid({"config": {CONFIG_KEY: GOOD, **config}}))


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_file_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == text(), "run: make schema"


def test_the_page_of_keys_is_current() -> None:
    assert reference.PATH.read_text(encoding="utf-8") == reference.text(), "run: make schema"


def test_the_page_has_each_key() -> None:
    page = reference.text()
    for name, definition in SCHEMA["$defs"].items():
        for key in definition.get("properties", {}):
            assert name == "Flags" or f"| `{key}` |" in page


@pytest.mark.parametrize(
    "cluster",
    [
        GOOD,
        FULL,
        changed(("consumers", ["apiserver"])),
        changed(("consumers", {"apiserver": None})),
        changed(("pki.generations", {"2": None, "3": {"intermediate": True}})),
        changed(("pki.lifetimes", {"server": {"validity": "90d"}})),
        changed(("compaction", {"mode": "revision", "retention": 5})),
        changed(("nodes.etcd1.address", "2001:db8::1")),
        REMOTE,
        FULL_REMOTE,
        PODS,
        FULL_PODS,
        pods(("nodes.etcd1", None)),
    ],
)
def test_what_load_accepts_fits(cluster: dict[str, Any]) -> None:
    assert load(cluster)
    assert accepts(cluster)


def test_a_secret_is_a_text_or_what_pulumi_encrypted() -> None:
    for key in ("k", {"secure": "v1:abc"}):
        assert accepts(changed(("pki.generations", {"2": {"certificate": "c", "key": key}})))
        assert accepts(pods(("kubernetes.kubeconfig", key)))
    assert not accepts(changed(("pki.generations", {"2": {"key": {"value": "k"}}})))
    assert not accepts(changed(("name", {"secure": "v1:abc"})))


def test_slips_beside_the_cluster_are_marked() -> None:
    assert all(accepts_beside(standins=value) for value in (True, False, "true", "false"))
    assert not any(accepts_beside(standins=value) for value in ("yes", 1, None, {"secure": "v1:a"}))
    assert VALIDATOR.is_valid({"config": {CONFIG_KEY: GOOD, "aws:region": "eu-central-1"}})


# What only `load` can say: it takes more than one value, or opens one.
BEYOND = (
    "marked `throwaway", "already", "another listener", "heartbeats", "signs", "twice", "external",
    "to sign", "shorter than", "hundred years", "authority's", "whole hours", "transport", "host",
    "DNS name", "first label", "zone", "multicast", "every address", "broadcast", "link-local",
    "IPv6 form", "line break", "shell expands", "is missing", "nothing", "number of revisions",
    "is empty", "is meant", "listens on", "needs a unit", "each leaf", "clusters of pods",
    "with none", "the 52 characters", "characters; 253", "no room", "8192 MiB", "5000 MiB",
    "no kubeconfig", "name of a file", "another listener", "no certificate", "probes",
    "pod does", "an address",
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value"),
    [
        case[:2]
        for case in CASES
        # JSON has one kind of number: 2380.0 is a whole one there.
        if case[1] != 2380.0 and not any(word in case[2] for word in BEYOND)
    ],
)
def test_slips_are_marked_while_typing(path: str, value: object) -> None:
    assert not accepts(changed((path, value)))


@pytest.mark.parametrize(
    "changes",
    [case[0] for case in POD_CASES if not any(word in case[2] for word in BEYOND)],
)
def test_slips_of_pods_are_marked_too(changes: list[tuple[str, Any]]) -> None:
    assert not accepts(pods(*changes))


def descriptions_missing(schema: Any, where: str = "") -> list[str]:
    """Properties that say nothing about themselves."""
    if isinstance(schema, list):
        return [miss for each in schema for miss in descriptions_missing(each, where)]
    if not isinstance(schema, dict):
        return []
    missing = [
        f"{where}.{name}"
        for name, field in schema.get("properties", {}).items()
        if "description" not in field
    ]
    for key, below in schema.items():
        missing += descriptions_missing(below, f"{where}.{key}")
    return missing


def test_every_field_is_described() -> None:
    names = {".properties.config", ".properties"}
    missing = descriptions_missing(SCHEMA["$defs"])
    assert not [name for name in missing if "anyOf" not in name and name not in names]
