"""The stack files of this repository: each fits the schema and loads, and is what it is for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from components.spec import Cluster, load, warnings_of
from components.spec.documents.schema import CONFIG_KEY, PATH
from components.spec.reading.stack_text import parse
from ops.stack.hosts import hosts_of

# By name: whoever works here has stack files of their own beside these, for `make stacks`.
STACKS = {
    name: PATH.parent / f"Pulumi.{name}.yaml"
    for name in ("dev", "kubernetes", "kvm", "pi", "shared")
}
VALIDATOR = Draft202012Validator(json.loads(PATH.read_text()), format_checker=FormatChecker())


def raw(path: Path) -> Any:
    return parse(path.read_bytes())


def cluster(stack: str) -> Cluster:
    return load(raw(STACKS[stack])["config"][CONFIG_KEY])


def test_the_readme_points_to_each() -> None:
    readme = (PATH.parents[1] / "README.md").read_text()
    assert {"dev", *re.findall(r"\(stacks/Pulumi\.(\w+)\.yaml\)", readme)} == set(STACKS)


@pytest.mark.parametrize("stack", STACKS)
def test_it_fits_the_schema(stack: str) -> None:
    VALIDATOR.validate(json.loads(json.dumps(raw(STACKS[stack]))))
    first = STACKS[stack].read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=schema.json"


@pytest.mark.parametrize("stack", STACKS)
def test_it_loads_without_a_warning(stack: str) -> None:
    assert warnings_of(cluster(stack)) == ()


@pytest.mark.parametrize("stack", STACKS)
def test_its_hosts_are_found(stack: str) -> None:
    remote = [node for node in cluster(stack).resolved_nodes() if node.transport == "ssh"]
    hosts = hosts_of(raw(STACKS[stack])["config"][CONFIG_KEY])
    assert [(host.nodes, host.address, host.port, host.pinned) for host in hosts] == [
        ((node.name,), node.ssh.host, node.ssh.port, node.host_key) for node in remote
    ]


@pytest.mark.parametrize("stack", sorted({*STACKS} - {"dev"}))
def test_it_is_not_thrown_away_and_holds_no_secret(stack: str) -> None:
    found = cluster(stack)
    assert (found.throwaway, found.on_destroy) == (False, "keep")
    text = STACKS[stack].read_text()
    assert "private_key" not in text
    assert "secure:" not in text


def test_kvm_is_what_documents_001_and_002_build() -> None:
    found = cluster("kvm")
    assert (found.pki.profile, found.pki.algorithm, found.config_format) == (
        "classic",
        "rsa-4096",
        "yaml",
    )
    assert found.consumers["apiserver"].organization == "system:masters"
    assert len(found.nodes) == 3
    for node in found.resolved_nodes():
        assert (node.runtime, node.install.method, node.key_access) == ("systemd", "release", "acl")
        user = node.user
        assert (user.name, user.group, user.uid, user.gid) == ("etcd", "etcd", 1501, 1501)
        assert (user.home, user.shell) == ("/var/lib/etcd", "/bin/false")
        assert node.firewall.backend == "firewalld"
        assert node.firewall.clients
        assert node.shell_profile


def test_pi_is_what_document_003_builds() -> None:
    found = cluster("pi")
    assert (found.tuning, found.heartbeat_ms, found.election_ms) == ("pi", 500, 5000)
    assert "k3s" in found.consumer_names
    assert len(found.nodes) == 3
    for node in found.resolved_nodes():
        assert (node.runtime, node.architecture, node.ssh.doas) == ("openrc", "arm64", True)
        assert node.install.method == "push"
        assert "arm64" in node.install.sha256


def test_shared_has_a_certificate_for_each_of_its_users() -> None:
    found = cluster("shared")
    assert set(found.consumers) == {"apiserver", "k3s", "prometheus", "backup", "operator"}
    subjects = [consumer.common_name for consumer in found.consumers.values()]
    assert len(set(subjects)) == len(subjects)
    assert all(node.firewall.clients for node in found.resolved_nodes())
