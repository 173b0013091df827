"""No private key shows anywhere but where it is meant to be, readable by its owner alone: also in
the engine's own logs, in event logs, for a moment in a file, and after commands that fail. What
people see of a cluster without an external authority is searched on all platforms by the journeys.
"""

from __future__ import annotations

import subprocess
from collections.abc import Container, Iterator
from pathlib import Path

import pytest
import yaml

from lab.stack import REPOSITORY, EtcdStack
from lab.watchers.leaks import Keys
from lab.watchers.sampling import all_running
from tests.official import in_use
from tests.spec.authorities import make
from tests.support.record import Record, exposed, note_what_is_left, recorded_stack, samplers_of

pytestmark = [pytest.mark.slow, pytest.mark.soak]

PLACES = (
    *("preview", "up", "ops", "other commands"),
    *("event log", "state", "engine's logs", "logs of the nodes", "stack file"),
    *("processes", "temporary files"),
)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """The life of a cluster with an external authority whose key is a secret of the stack file."""
    stack = recorded_stack(tmp_path)
    external = make("external")
    record = Record(stack, Keys.of([external.key]))
    samplers = samplers_of(stack)
    try:
        keep_external_authority(stack, external.pem, external.key)
        with all_running(*samplers.values()):
            live(record)
        note_what_is_left(record, samplers)
        yield record
    finally:
        stack.remove()


def keep_external_authority(stack: EtcdStack, certificate: str, key: str) -> None:
    """As a person does it: the key goes from its file into the stack file, encrypted."""
    stack.change(pki={"trusted": [1, 2], "generations": {2: {"certificate": certificate}}})
    path = "etcd-cluster:cluster.pki.generations.2.key"
    subprocess.run(
        ["pulumi", "config", "set", "--secret", "--path", path],
        input=key,
        text=True,
        cwd=stack.folder,
        env=stack.environment,
        check=True,
    )
    stack.spec = yaml.safe_load(stack.stack_file.read_text())["config"]["etcd-cluster:cluster"]


def live(record: Record) -> None:
    """Creation, changes of flags and certificates, failures; each in another way of running."""
    stack = record.stack
    record.engine("preview", "preview", "--diff")
    record.up()
    record.learn_keys()
    stack.change(flags={"max-txn-ops": 256}, pki={**stack.spec["pki"], "signing": 2})
    record.engine("preview", "preview", "--json")
    record.ops("preview")
    record.up("--json")
    stack.change(names=["etcd.example.org"], flags={"cipher-suites": ["NO_SUCH_SUITE"]})
    record.ops("up")
    record.up()
    record.learn_keys()
    record.ops("status")
    record.note("stack file", stack.stack_file.name, stack.stack_file.read_bytes())
    for command in ("stack export", "stack output --json", "stack history --json"):
        record.engine("other commands", *command.split())
    record.engine("other commands", "config", "--json")
    (external,) = stack.spec["pki"]["generations"].values()
    external["certificate"] = make("stranger").pem  # so it is the secret key that is refused
    stack.change(versoin="3.6.16")
    record.ops("up")
    record.up()


# It takes two minutes beside two other workers, and more beside a process that takes a core.
@pytest.mark.timeout(600)
@pytest.mark.promise("keys-where-they-belong", "dev")
@pytest.mark.promise("keys-nowhere-shown", "dev")
def test_no_private_key_shows_anywhere(record: Record) -> None:
    assert_complete(record)
    leaks = {place: record.leaks(place) for place in places(in_use(REPOSITORY))}
    assert {place: found for place, found in leaks.items() if found} == {}
    assert_private_at_every_moment(record)
    folder = record.stack.folder / ".dev"
    assert exposed(folder, record.keys) == []
    assert sum(b"PRIVATE" in path.read_bytes() for path in folder.rglob("*.key")) >= 9


def places(official: Container[str]) -> list[str]:
    """The official language host hands a program its configuration, secrets in plain text, in its
    environment, which the same user can read."""
    return [place for place in PLACES if place != "processes" or "language" not in official]


def assert_complete(record: Record) -> None:
    """The record is of what it says."""
    # The authority's own key, those of 6 leaves of 3 nodes and 2 consumers, and the external one.
    assert len(record.keys.pems) >= 1 + 9 + 2 + 1
    assert "payload" in record.keys.needles.values()
    said = {kind: b"".join(content for _, content in record.shown[kind]) for kind in record.shown}
    assert b"[secret]" in said["preview"]
    assert said["up"].count(b"stdin") > 0
    assert b"NO_SUCH_SUITE" in said["up"]
    assert b"cluster.versoin" in said["ops"]
    assert b"cluster.pki.generations.2.key: [secret]" in said["ops"]
    assert b"diagnosticEvent" in said["event log"]
    assert b"ciphertext" in said["state"]
    assert b"ready to serve client requests" in said["logs of the nodes"]
    assert b"secure:" in said["stack file"]
    assert said["engine's logs"]
    for program in (b"etcdctl\0", b"/etc/bin/etcd\0", b"supervisord\0", b"FACTS", b"pulumi\0up"):
        assert program in said["processes"], f"{program!r} was never seen"


def assert_private_at_every_moment(record: Record) -> None:
    """Files with a key are their owner's alone, those of a running script too."""
    held = [place for place, content in record.shown["files of the nodes"] if b"PRIVATE" in content]
    for node in record.stack.spec["nodes"]:
        assert any(f"/{node}/state/work/files/pki/server.key" in place for place in held)
        assert any(f"/{node}/etc/generations/" in place for place in held)
    assert [place for place in held if not place.startswith("0600 ")] == []
