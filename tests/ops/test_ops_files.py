"""Files that operations read, make and remove."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ops.stack import backend, stackfile
from ops.stack.keyfiles import private_files
from ops.stack.leftovers import remove_refused


def project(folder: Path, stack_text: str) -> Path:
    (folder / "Pulumi.yaml").write_text("name: p\nruntime: python\nstackConfigDir: stacks\n")
    (folder / "stacks").mkdir()
    (folder / "stacks/Pulumi.s.yaml").write_text(stack_text)
    return folder


@pytest.mark.parametrize(
    ("text", "throwaway"),
    [
        ("config: {p:cluster: {throwaway: true, nodes: {a: {}, b: {}}}}", True),
        ("config: {p:cluster: {throwaway: false}}", False),
        ("config: {p:cluster: {throwaway: 'true'}}", False),
        ("config: {other:cluster: {throwaway: true}}", False),
        ("config: {p:cluster: nonsense}", False),
        ("config:", False),
        ("{", False),
        ("", False),
    ],
)
def test_only_a_clear_yes_is_throwaway(tmp_path: Path, text: str, throwaway: bool) -> None:
    assert stackfile.read(project(tmp_path, text), "s").throwaway is throwaway


def test_an_absent_stack_file_is_not_throwaway(tmp_path: Path) -> None:
    read = stackfile.read(project(tmp_path, ""), "other")
    assert not read.path.exists()
    assert not read.throwaway


def test_only_a_local_backend_inside_the_project_is_ours(tmp_path: Path) -> None:
    def folder(url: str) -> Path | None:
        return backend.folder(tmp_path, {"PULUMI_BACKEND_URL": url})

    assert folder(f"file://{tmp_path}/.dev/state") == tmp_path / ".dev/state"
    assert folder("file:///elsewhere") is None
    assert folder("file://~") is None
    assert folder("s3://bucket") is None
    assert backend.folder(tmp_path, {}) is None


def test_an_unused_backend_leaves_nothing(tmp_path: Path) -> None:
    state = tmp_path / ".dev/state"
    backend.prepare(state)
    (state / ".pulumi/stacks/p").mkdir(parents=True)
    (state / ".pulumi/meta.yaml").touch()
    backend.remove_if_unused(state, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_backend_with_another_stack_stays(tmp_path: Path) -> None:
    state = tmp_path / ".dev/state"
    other = state / ".pulumi/stacks/p/other.json"
    other.parent.mkdir(parents=True)
    other.touch()
    backend.remove_if_unused(state, tmp_path)
    assert other.exists()


def test_what_is_not_the_backends_stays(tmp_path: Path) -> None:
    state = tmp_path / ".dev/state"
    backend.prepare(state)
    (tmp_path / ".dev/nodes").mkdir()
    backend.remove_if_unused(state, tmp_path)
    assert (tmp_path / ".dev/nodes").exists()
    assert not state.exists()


def test_private_files_are_private_and_gone_even_after_an_error() -> None:
    def use() -> None:
        with private_files({"client.key": "secret"}) as paths:
            seen.append(paths["client.key"])
            assert paths["client.key"].read_text() == "secret"
            assert stat.S_IMODE(paths["client.key"].stat().st_mode) == 0o600
            assert stat.S_IMODE(paths["client.key"].parent.stat().st_mode) == 0o700
            raise RuntimeError

    seen: list[Path] = []
    with pytest.raises(RuntimeError):
        use()
    assert not seen[0].parent.exists()


def test_traces_of_a_refused_node_go_and_data_stays(tmp_path: Path) -> None:
    nodes = tmp_path / ".dev/nodes"
    for path in ("refused/state/lock", "alive/state/lock", "alive/data/member/db"):
        (nodes / path).parent.mkdir(parents=True, exist_ok=True)
        (nodes / path).touch()
    remove_refused(nodes, tmp_path)
    assert [node.name for node in nodes.iterdir()] == ["alive"]
    assert (nodes / "alive/data/member/db").exists()


def test_traces_of_refused_nodes_alone_leave_nothing(tmp_path: Path) -> None:
    lock = tmp_path / ".dev/nodes/refused/state/lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    remove_refused(tmp_path / ".dev/nodes", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_outside_the_project_is_touched(tmp_path: Path) -> None:
    lock = tmp_path / "elsewhere/refused/state/lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    (tmp_path / "project").mkdir()
    remove_refused(tmp_path / "elsewhere", tmp_path / "project")
    assert lock.exists()
