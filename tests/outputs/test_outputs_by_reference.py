"""A program that reads an etcd stack: each kind of client gets what is its own, keys as secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi import Output
from pulumi.runtime import mocks

from components.outputs.reference import EtcdOutputs

STACK = "organization/etcd-cluster/prod"
GOLDEN = yaml.safe_load((Path(__file__).parent / "golden" / "outputs.yaml").read_text())
OWN = GOLDEN["consumers"]["operator"]


class Referred(mocks.Mocks):
    """The engine's answer to a stack reference: one secret makes all outputs arrive as secret."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        outputs = {**GOLDEN, "consumers": Output.secret(GOLDEN["consumers"])}
        return STACK, {"name": STACK, "outputs": outputs, "secretOutputNames": ["consumers"]}

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"the program calls {args.token}")


def read(output: str, field: str | None, consumer: str) -> tuple[Any, bool]:
    """The value that a program sees, and whether it is secret."""
    mocks.set_mocks(Referred())
    seen: list[Any] = []

    @pulumi.runtime.test
    def program() -> Output[None]:
        etcd = EtcdOutputs(pulumi.StackReference(STACK))
        asked = getattr(etcd, output) if field is None else getattr(etcd, output)(consumer)
        found = asked if field is None else getattr(asked, field)

        async def look() -> None:
            seen.extend([await found.future(), await found.is_secret()])

        return Output.from_input(look())

    program()
    value, is_secret = seen
    return value, is_secret


@pytest.mark.parametrize("output", ["endpoints", "ca_bundle", "members", "version"])
def test_what_is_for_everybody_is_plain(output):
    assert read(output, None, "") == (GOLDEN[output], False)


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("apiserver", "flags"),
        ("apiserver", "restart_on"),
        ("k3s", "flags"),
        ("kubeadm", "configuration"),
        ("kubeadm", "yaml"),
        ("etcdctl", "environment"),
        ("prometheus", "scrape_configs"),
    ],
)
def test_what_names_files_is_plain_and_the_files_are_secret(kind, field):
    told = GOLDEN[kind]["operator"]
    # kubeadm has an apiserver run, so its files are those.
    files = GOLDEN["apiserver" if kind == "kubeadm" else kind]["operator"]["files"]
    assert read(kind, field, "operator") == (told[field], False)
    assert read(kind, "files", "operator") == (files, True)


def test_of_a_certificate_the_key_alone_is_secret():
    assert read("certificate", "certificate", "operator") == (OWN["certificate"], False)
    assert read("certificate", "key", "operator") == (OWN["key"], True)


def test_a_report_ends_the_program():
    with pytest.raises(
        pulumi.RunError, match=r"prometheus.nobody: nothing\n +refused: no consumer"
    ):
        read("prometheus", "files", "nobody")
