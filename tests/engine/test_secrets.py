"""No private key shows anywhere but where it is meant to be, readable by its owner alone."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.spec.authorities import make
from tests.support.etcd_stack import LAYOUT, EtcdStack
from tests.support.leaks import Keys, texts_of
from tests.support.ops_run import ops
from tests.support.sampling import Sampler, all_running, files_below, new_processes

pytestmark = pytest.mark.slow

UP = ("up", "--yes", "--skip-preview", "--event-log")
# What was made to show in the recorded life; `test_the_record_is_of_what_it_says` has the proof.
CONSOLE = ("preview", "up", "ops", "other commands")
FILES = ("event log", "state", "engine's logs", "logs of the nodes", "stack file")
SAMPLES = ("processes", "temporary files")


@dataclass
class Record:
    """What a stack's life has left and shown: contents by kind, each with its place."""

    stack: EtcdStack
    keys: Keys
    shown: dict[str, set[tuple[str, bytes]]] = field(default_factory=dict)

    def note(self, kind: str, place: str, content: bytes) -> None:
        self.shown.setdefault(kind, set()).add((place, content))

    def engine(self, kind: str, *arguments: str) -> None:
        """Runs the engine, whether it succeeds or not, and keeps what it prints."""
        result = self.stack.run(*arguments)
        self.note(kind, " ".join(arguments), result.output.encode())

    def ops(self, *arguments: str) -> None:
        shown = ops(self.stack, *arguments)
        self.note("ops", " ".join(arguments), (shown.stdout + shown.stderr).encode())

    def up(self, *options: str) -> None:
        """An `up` that writes an event log."""
        log = self.stack.folder / f"events-{len(self.shown.get('up', ()))}.json"
        self.engine("up", *UP, str(log), *options)
        self.note("event log", log.name, log.read_bytes())

    def files(self, kind: str, *folders: Path) -> None:
        for place, content in files_below(*folders)():
            self.note(kind, place, content)

    def learn_keys(self) -> None:
        """Every key that the stack has by now, as its own secrets tell."""
        state = self.stack.run("stack", "export", "--show-secrets").ok().output
        config = self.stack.run("config", "--json", "--show-secrets").ok().output
        self.keys |= Keys.of(texts_of([json.loads(state), config]))

    def leaks(self, kind: str) -> list[str]:
        return [
            f"{place}: {found}"
            for place, content in sorted(self.shown[kind])
            for found in self.keys.shown_in(content)
        ]


def recorded_stack(folder: Path, **spec: object) -> EtcdStack:
    """A stack whose engine has its own home and temporary folder and tells what it can."""
    home, temporary = folder / "home", folder / "tmp"
    temporary.mkdir()
    home.mkdir()
    (home / "plugins").symlink_to(LAYOUT.pulumi_home / "plugins")
    environment = {
        "PULUMI_HOME": str(home),
        "TMPDIR": str(temporary),
        "PULUMI_DEBUG_COMMANDS": "true",
    }
    project = folder / "project"
    project.mkdir()
    return EtcdStack(project, extra_environment=environment, spec=dict(spec)).create()


def samplers_of(stack: EtcdStack) -> dict[str, Sampler]:
    folder = stack.folder.parent
    nodes = [stack.node_folder(node) for node in stack.spec["nodes"]]
    return {
        "processes": Sampler(new_processes()),
        "temporary files": Sampler(files_below(folder / "tmp")),
        "files of the nodes": Sampler(
            files_below(*(node / part for node in nodes for part in ("etc", "state")))
        ),
    }


def note_what_is_left(record: Record, samplers: dict[str, Sampler]) -> None:
    folder = record.stack.folder
    record.files("state", folder / "state")
    record.files("engine's logs", folder.parent / "home" / "logs")
    for node in record.stack.spec["nodes"]:
        record.files("logs of the nodes", record.stack.node_folder(node) / "log")
    for kind, sampler in samplers.items():
        record.shown[kind] = sampler.seen


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """The life of a cluster with an external authority whose key is a secret of the stack file."""
    stack = recorded_stack(tmp_path_factory.mktemp("record"))
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
    record.engine("preview", "preview", "--json")
    record.up()
    record.learn_keys()
    stack.change(flags={"max-txn-ops": 256}, pki={**stack.spec["pki"], "signing": 2})
    record.engine("preview", "preview", "--diff")
    record.engine("preview", "preview", "--json")
    record.ops("preview")
    record.up("--json")
    stack.change(names=["etcd.example.org"])
    record.ops("up")
    record.learn_keys()
    record.ops("status")
    stack.change(flags={"cipher-suites": ["NO_SUCH_SUITE"]})
    record.ops("up")
    record.up()
    record.note("stack file", stack.stack_file.name, stack.stack_file.read_bytes())
    for command in ("stack", "stack export", "stack output --json", "stack history --json"):
        record.engine("other commands", *command.split())
    record.engine("other commands", "config")
    record.engine("other commands", "config", "--json")
    broken = {**stack.spec["pki"], "trusted": [1, 3], "lifetimes": {"server": {"validity": "1h"}}}
    stack.change(pki=broken, versoin="3.6.14")
    record.ops("up")
    record.up()


@pytest.mark.parametrize("kind", [*CONSOLE, *FILES, *SAMPLES])
def test_no_private_key_shows(record: Record, kind: str) -> None:
    assert record.leaks(kind) == []


def test_the_record_is_of_what_it_says(record: Record) -> None:
    # The authority's own key, those of 6 leaves of 3 nodes and 2 consumers, and the external one.
    assert len(record.keys.pems) >= 1 + 9 + 2 + 1
    assert "payload" in record.keys.needles.values()
    said = {kind: b"".join(content for _, content in record.shown[kind]) for kind in record.shown}
    assert b"[secret]" in said["preview"]
    assert said["up"].count(b"stdin") > 0
    assert b"NO_SUCH_SUITE" in said["up"]
    assert b"cluster.versoin" in said["ops"]
    assert b"diagnosticEvent" in said["event log"]
    assert b"ciphertext" in said["state"]
    assert b"ready to serve client requests" in said["logs of the nodes"]
    assert b"secure:" in said["stack file"]
    assert said["engine's logs"]
    for program in (b"etcdctl\0", b"/etc/bin/etcd\0", b"supervisord\0", b"FACTS", b"pulumi\0up"):
        assert program in said["processes"], f"{program!r} was never seen"


def test_files_with_a_key_are_their_owners_alone_at_every_moment(record: Record) -> None:
    held = [place for place, content in record.shown["files of the nodes"] if b"PRIVATE" in content]
    for node in record.stack.spec["nodes"]:
        assert any(f"/{node}/state/work/files/pki/server.key" in place for place in held)
        assert any(f"/{node}/etc/generations/" in place for place in held)
    assert [place for place in held if not place.startswith("0600 ")] == []


def test_files_with_a_key_are_their_owners_alone_afterwards(record: Record) -> None:
    folder = record.stack.folder / ".dev"
    assert exposed(folder, record.keys) == []
    assert sum(path.read_bytes().count(b"PRIVATE") > 0 for path in folder.rglob("*.key")) >= 9


def exposed(folder: Path, keys: Keys) -> list[Path]:
    """Files that carry a key and that others may read; etcd's data is not ours to look into."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o077
        if "data" not in path.parts and keys.shown_in(path.read_bytes())
    ]
