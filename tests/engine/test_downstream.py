"""A second program follows the etcd stack by reference: state in S3, secrets under KMS, on moto."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.aws import CREDENTIALS, Aws
from tests.support.downstream_stack import DownstreamStack
from tests.support.etcd_stack import EtcdStack

pytestmark = pytest.mark.slow

NO_PASSPHRASE = {"PULUMI_CONFIG_PASSPHRASE_FILE": ""}


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    aws = Aws()
    yield aws
    aws.stop()


@pytest.fixture(scope="module")
def upstream(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdStack]:
    """One cluster for all tests here."""
    stack = EtcdStack(
        tmp_path_factory.mktemp("upstream"),
        backend=aws.backend,
        secrets_provider=aws.secrets_provider,
        extra_environment={**CREDENTIALS, **NO_PASSPHRASE},
    ).create()
    try:
        stack.up().ok()
        yield stack
    finally:
        stack.remove()


@pytest.fixture
def downstream(aws: Aws, upstream: EtcdStack) -> Iterator[DownstreamStack]:
    """Not yet up; its stack and its files are gone afterwards."""
    stack = DownstreamStack(upstream, aws.secrets_provider).create()
    yield stack
    stack.destroy().ok()
    stack.run("stack", "rm", "--yes").ok()
    shutil.rmtree(stack.folder)


def told(upstream: EtcdStack) -> dict[str, Any]:
    found: dict[str, Any] = upstream.outputs()["apiserver"]["apiserver"]
    return found


def digest(downstream: DownstreamStack) -> str:
    (annotation,) = downstream.pod()["metadata"]["annotations"].values()
    return str(annotation)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if not path.is_dir()]


def test_an_up_writes_what_the_etcd_stack_says_and_another_changes_nothing(
    upstream: EtcdStack, downstream: DownstreamStack
) -> None:
    downstream.up().ok()
    assert downstream.texts() == told(upstream)["files"]
    command = downstream.pod()["spec"]["containers"][0]["command"]
    assert set(told(upstream)["flags"]) < set(command)
    files = files_below(downstream.root)
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert len(files) == 3 + 2 + 1 + 1  # etcd's, the service accounts', the manifest, the note
    downstream.up("--expect-no-changes").ok()
    downstream.destroy().ok()
    assert files_below(downstream.root) == []
