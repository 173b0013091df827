"""Kubernetes for the tests' lab: built once, from what is pinned."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import toolchain_folder
from tests.support.toolchain_folder import program
from toolchain import command_line, kubernetes, running
from toolchain.errors import ToolchainError
from toolchain.layout import Layout

VERSION = "1.34.2"
GO = """
case "$1" in
  env) case "$2" in GOVERSION) echo go1.99;; *) echo /nowhere;; esac ;;
  build)
    while [ "$1" != -ldflags ]; do shift; done
    echo "$5 $2" >>"$GO_LOG"
    : >"$4"
    chmod +x "$4" ;;
esac"""


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A project on a machine whose Go is quick."""
    program(tmp_path / "bin" / "go", GO)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}/usr/bin:/bin")
    monkeypatch.setenv("GO_LOG", str(tmp_path / "go.log"))
    monkeypatch.setattr(running, "POLL_S", 0.01)
    return toolchain_folder.make(tmp_path / "project")


def built(tmp_path: Path) -> list[str]:
    """What Go was asked to build: package and linker's flags."""
    log = tmp_path / "go.log"
    return log.read_text().splitlines() if log.exists() else []


def test_the_version_is_the_one_that_is_pinned(layout: Layout) -> None:
    assert kubernetes.pinned(layout) == VERSION


def test_all_programs_are_built_once(layout: Layout, tmp_path: Path) -> None:
    kubernetes.ensure(layout)
    assert kubernetes.complete(layout, layout.kubernetes(VERSION))
    assert len(built(tmp_path)) == len(kubernetes.PROGRAMS)
    kubernetes.ensure(layout)
    assert len(built(tmp_path)) == len(kubernetes.PROGRAMS)


def test_programs_know_their_version(layout: Layout, tmp_path: Path) -> None:
    kubernetes.ensure(layout)
    (kubelet,) = [line for line in built(tmp_path) if "cmd/kubelet " in line]
    for fact in ("gitVersion=v1.34.2", "gitMajor=1", "gitMinor=34"):
        assert f"-X k8s.io/component-base/version.{fact}" in kubelet
        assert f"-X k8s.io/client-go/pkg/version.{fact}" in kubelet


def test_what_was_deleted_or_built_from_others_is_built_again(
    layout: Layout, tmp_path: Path
) -> None:
    kubernetes.ensure(layout)
    folder = layout.kubernetes(VERSION)
    (folder / "coredns").unlink()
    kubernetes.ensure(layout)
    assert len(built(tmp_path)) == 2 * len(kubernetes.PROGRAMS)
    (folder / kubernetes.BUILT_FROM).write_text("others")
    kubernetes.ensure(layout)
    assert len(built(tmp_path)) == 3 * len(kubernetes.PROGRAMS)


def test_without_go_it_says_so(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolchainError, match="no Go on PATH"):
        kubernetes.ensure(layout)
    assert not layout.kubernetes(VERSION).exists()


def test_the_command_line_builds_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Layout] = []
    monkeypatch.setattr(command_line, "Layout", lambda _: Layout(tmp_path))
    monkeypatch.setattr(kubernetes, "ensure", asked.append)
    assert command_line.main(["kubernetes"]) == 0
    assert asked == [Layout(tmp_path)]
