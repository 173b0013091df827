"""The bootstrap record is discarded only while no member can have been started with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.engine.discard_bootstrap_record import forgetting
from ops.engine.pulumi import Engine

REFUSED = "etcd1: not started: no member of the cluster answers; it was founded with etcd1 (…)"
STASH = "urn:pulumi:dev::p::etcd-cluster:index:EtcdCluster$pulumi:index:Stash::dev-bootstrap"
PREPARED = "urn:pulumi:dev::p::command:local:Command::dev-etcd1-prepare"
STARTED = "urn:pulumi:dev::p::command:local:Command::dev-etcd1-apply"


@pytest.mark.parametrize(
    ("complaint", "made", "begun", "forgotten"),
    [
        (REFUSED, [STASH, PREPARED], [], True),
        (REFUSED, [STASH, PREPARED, STARTED], [], False),
        (REFUSED, [STASH, PREPARED], [STARTED], False),
        ("etcd1: not restarted: etcd2 must be healthy first", [STASH], [], False),
    ],
)
def test_what_may_be_forgotten(
    monkeypatch: pytest.MonkeyPatch,
    complaint: str,
    made: list[str],
    begun: list[str],
    forgotten: bool,
) -> None:
    state = {
        "resources": [{"urn": urn} for urn in made],
        "pending_operations": [{"resource": {"urn": urn}} for urn in begun],
    }
    monkeypatch.setattr(Engine, "call", lambda *_: json.dumps({"deployment": state}))
    options = forgetting(Engine(Path(), "dev"), complaint)
    assert options == ((f"--replace={STASH}",) if forgotten else ())
