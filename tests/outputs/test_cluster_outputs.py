"""What a stack exports: golden file of the whole, and what of it is secret."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi import Output

from components.outputs import cluster_outputs
from components.pki.authority import Authority
from components.spec import load
from tests.support.issued import stack_file
from tests.support.tls_mocks import MockStack

GOLDEN = Path(__file__).parent / "golden" / "outputs.yaml"
SPEC = load(
    stack_file(
        name="prod",
        consumers=["apiserver"],
        nodes={f"etcd{number}": {"address": f"10.0.0.1{number}"} for number in (1, 2, 3)},
    )
)
PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----\n", re.DOTALL)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+\d\d:\d\d)")


def outputs() -> dict[str, Any]:
    return cluster_outputs(SPEC, Authority("prod", SPEC))


def leaves_of(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every value that is no mapping, by its path; an Output is one value."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves_of(item, (*path, key))
    else:
        yield "/".join(path), value


def without_chance(value: Any) -> Any:
    """The same with every PEM text and time as its kind."""
    if isinstance(value, dict):
        return {key: without_chance(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_chance(item) for item in value]
    return TIME.sub("<time>", PEM.sub(r"<\1>", value))


@pytest.fixture(scope="module")
def resolved() -> dict[str, Any]:
    return MockStack().up(outputs).value


def test_the_outputs_are_those_of_the_golden_file(resolved):
    """`UPDATE_GOLDEN=1 pytest tests/outputs` rewrites it; read the difference."""
    text = yaml.safe_dump(without_chance(resolved), sort_keys=False, width=200)
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_what_holds_a_private_key_is_secret_and_nothing_else_is():
    def program() -> list[dict[str, Any]]:
        return [
            {"path": path, "secret": value.is_secret(), "value": value}
            for path, value in leaves_of(outputs())
            if isinstance(value, Output)
        ]

    found = MockStack().up(program).value
    assert len(found) > 10
    for output in found:
        assert output["secret"] is ("PRIVATE KEY" in json.dumps(output["value"])), output["path"]


def test_no_private_key_is_outside_an_output():
    def program() -> list[str]:
        return [
            json.dumps(value) for _, value in leaves_of(outputs()) if not isinstance(value, Output)
        ]

    assert not [text for text in MockStack().up(program).value if "PRIVATE KEY" in text]


@pytest.mark.parametrize("kind", ["apiserver", "k3s", "etcdctl"])
def test_every_path_that_a_consumer_is_told_has_its_content(resolved, kind):
    for consumer, told in resolved[kind].items():
        words = told.get("flags") or told["environment"].values()
        paths = {word.rpartition("=")[2] for word in words if word.rpartition("=")[2][0] == "/"}
        assert set(told["files"]) == paths
        own = resolved["consumers"][consumer]
        assert set(told["files"].values()) == {
            resolved["ca_bundle"],
            own["certificate"],
            own["key"],
        }


def test_files_that_want_a_restart_are_the_bundle_alone(resolved):
    """Proved by tests/kubernetes/test_outputs_proved.py."""
    for kind in ("apiserver", "k3s"):
        for told in resolved[kind].values():
            assert [told["files"][path] for path in told["restart_on"]] == [resolved["ca_bundle"]]


def test_k3s_is_told_by_the_flags_that_its_manual_has(resolved):
    """Of an external etcd, https://docs.k3s.io/datastore: its program is no Go module, so there is
    none to be asked."""
    endpoint, *files = (flag.split("=") for flag in resolved["k3s"]["apiserver"]["flags"])
    assert endpoint == ["--datastore-endpoint", ",".join(resolved["endpoints"])]
    assert [name for name, _ in files] == [
        "--datastore-cafile",
        "--datastore-certfile",
        "--datastore-keyfile",
    ]


def test_prometheus_is_told_the_paths_of_its_files(resolved):
    told = resolved["prometheus"]["operator"]
    assert set(told["scrape_configs"][0]["tls_config"].values()) == set(told["files"])


def test_kubeadm_reads_the_files_of_the_apiserver(resolved):
    told = resolved["kubeadm"]["apiserver"]
    assert yaml.safe_load(told["yaml"]) == told["configuration"]
    external = told["configuration"]["etcd"]["external"]
    assert external["endpoints"] == resolved["endpoints"]
    paths = {external[field] for field in ("caFile", "certFile", "keyFile")}
    assert paths == set(resolved["apiserver"]["apiserver"]["files"])


def test_no_consumer_shares_its_key(resolved):
    keys = [pair["key"] for pair in resolved["consumers"].values()]
    assert len(set(keys)) == len(keys) == 2
