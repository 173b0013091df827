"""Certificates as the components issue them, in memory and as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from components.member.credentials import Pair
from components.pki.authority import Authority
from components.spec import load
from tests.support.tls_mocks import MockStack

ADDRESS = "127.77.0.1"


@dataclass(frozen=True)
class Issued:
    """Everything one authority issued for one node `etcd1` and the consumer `operator`."""

    bundle: str
    leaves: Mapping[str, Pair]

    def write(self, folder: Path) -> Path:
        """As on a node: ca.pem, <role>.pem, <role>.key; `operator` beside them."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ca.pem").write_text(self.bundle)
        for name, pair in self.leaves.items():
            (folder / f"{name}.pem").write_text(pair.certificate)
            (folder / f"{name}.key").write_text(pair.key)
        return folder


def stack_file(**settings: Any) -> dict[str, Any]:
    """A stack file's cluster object with one node; `settings` on top."""
    return {
        "name": "test",
        "version": "3.6.16",
        "transport": "local",
        "runtime": "supervisor",
        "nodes": {"etcd1": {"address": ADDRESS}},
        **settings,
    }


def issue(stack: MockStack | None = None, now: datetime | None = None, **settings: Any) -> Issued:
    """What an `up` of such a stack file issues, on a new stack or on the given one."""
    spec = load(stack_file(**settings))

    def program() -> dict[str, Any]:
        authority = Authority("test", spec)
        leaves = {**authority.nodes["etcd1"], "operator": authority.consumers["operator"]}
        return {
            "bundle": authority.bundle,
            "leaves": {
                name: {"certificate": leaf.certificate_pem, "key": leaf.key_pem}
                for name, leaf in leaves.items()
            },
        }

    made = (stack or MockStack()).up(program, now).value
    return Issued(made["bundle"], {name: Pair(**pair) for name, pair in made["leaves"].items()})


@cache
def issued(profile: str, algorithm: str) -> Issued:
    """`issue`, once per test run and choice: large RSA keys take seconds."""
    return issue(pki={"profile": profile, "algorithm": algorithm})
