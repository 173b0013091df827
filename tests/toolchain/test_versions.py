"""Versions are read from the files that pin them, and those files agree."""

from __future__ import annotations

import re

import pytest
import yaml

from components.spec.values.versions import NEWEST
from tests.support.toolchain_folder import REPOSITORY
from toolchain import versions
from toolchain.versions import DEV_ETCD, satisfies

MODULES = REPOSITORY / "toolchain" / "go"


@pytest.mark.parametrize(
    ("version", "wanted", "holds"),
    [
        ("v3.253.0", ">=3.253.0", True),
        ("v3.252.9", ">=3.253.0", False),
        ("v4.0.1", ">=3.253.0 <4.0.0", False),
        ("3.254.0", ">=3.253.0 !3.254.0", False),
        ("3.1.0", "<3.0.0 || >3.0.5", True),
        ("3.253.0", "3.253.0", True),
        ("v3.260.0-alpha.1", ">=3.253.0", True),
        ("", ">=3.253.0", False),
    ],
)
def test_ranges_as_pulumi_writes_them(version: str, wanted: str, holds: bool) -> None:
    assert satisfies(version, wanted) is holds


def test_the_engine_that_is_built_is_one_that_a_person_may_have() -> None:
    pinned = versions.read(REPOSITORY)
    assert satisfies(pinned.engine, pinned.pulumi_range)


def test_the_dev_stack_runs_the_version_that_setup_fetches() -> None:
    stack = yaml.safe_load((REPOSITORY / "stacks" / "Pulumi.dev.yaml").read_text())
    assert stack["config"]["etcd-cluster:cluster"]["version"] == DEV_ETCD


@pytest.mark.parametrize("minor", NEWEST)
def test_the_newest_release_of_each_minor_can_be_built(minor: str) -> None:
    definition = (MODULES / f"etcd-{minor}" / "go.mod").read_text()
    found = re.findall(r"^\tgo\.etcd\.io/etcd/(\w+)/v3 v(\S+)$", definition, re.MULTILINE)
    newest = str(NEWEST[minor])
    assert {("server", newest), ("etcdctl", newest), ("etcdutl", newest)} <= set(found)
