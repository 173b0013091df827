"""A stack whose whole life is recorded: what it prints, logs, keeps and passes around."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lab.ops_run import ops
from lab.stack import LAYOUT, EtcdStack
from lab.watchers.leaks import Keys, Seen, texts_of
from lab.watchers.sampling import Sampler, files_below, watched_files, watched_processes

UP = ("up", "--yes", "--skip-preview", "--event-log")


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
        for place, content in files_below(*folders):
            self.note(kind, place, content)

    def learn_keys(self) -> None:
        """Every key that the stack has by now, as its own secrets tell."""
        state = self.stack.document("stack", "export", "--show-secrets")
        config = self.stack.document("config", "--json", "--show-secrets")
        self.keys |= Keys.of(texts_of([state, config]))

    def leaks(self, kind: str) -> list[str]:
        """Where a key shows, the same piece of a content once."""
        seen: Seen = {}
        return [
            f"{place}: {found}"
            for place, content in self.shown[kind]
            for found in self.keys.shown_in(content, seen)
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
        "processes": watched_processes(),
        "temporary files": watched_files(folder / "tmp"),
        "files of the nodes": watched_files(
            *(node / part for node in nodes for part in ("etc", "state"))
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


def exposed(folder: Path, keys: Keys) -> list[Path]:
    """Files that carry a key and that others may read; etcd's data is not ours to look into."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o077
        if "data" not in path.parts and keys.shown_in(path.read_bytes())
    ]
