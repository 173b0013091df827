"""Which members of this machine `up` starts once more."""

from __future__ import annotations

from pathlib import Path

from lab.loopback import own_network
from ops.cluster.revive import silent_members
from ops.engine.events import Finished, Step, resource_of
from ops.stack import stackfile
from tests.ops.test_ops_files import project


def test_a_silent_member_is_started_again_unless_its_machine_is_said_to_be_lost(
    tmp_path: Path,
) -> None:
    nobody_listens = f"https://{own_network()}.1:2379"
    stack = resource_of("urn:pulumi:s::p::pulumi:pulumi:Stack::p-s")
    outputs = {"members": {name: {"client_url": nobody_listens} for name in ("a", "b")}}
    events = [Finished(Step("same", stack, custom=False, outputs=outputs))]
    text = "config: {p:cluster: {nodes: {a: {reachable: true}, b: {reachable: false}, c: }}}"
    file = stackfile.read(project(tmp_path, text), "s")
    assert silent_members(events, file.unreachable) == ["a"]
