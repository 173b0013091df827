"""Which engine is taken, in which order, and what is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import toolchain_folder
from tests.support.toolchain_folder import program
from toolchain import engine, golang, versions
from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.versions import Versions


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A project on a machine that has no pulumi and no Go."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(golang.shutil, "which", lambda *_args, **_options: None)
    return toolchain_folder.make(tmp_path / "project")


@pytest.fixture
def pins(layout: Layout) -> Versions:
    return versions.read(layout.project)


def _builds(_layout: Layout, _part: str, wrapper: golang.Wrapper, target: Path) -> None:
    for built in wrapper.programs:
        program(target / built.name, "echo v3.253.0")


def own(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> Path:
    """A pulumi of the person's own on PATH."""
    command = program(folder / "pulumi", script)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(
        engine.shutil, "which", lambda name, path: str(command) if str(folder) in path else None
    )
    return command


def test_first_the_persons_own(
    layout: Layout, pins: Versions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command = own(monkeypatch, tmp_path / "own", "echo v3.300.0")
    program(layout.pulumi(pins.engine) / "pulumi", "")
    assert engine.ensure(layout, pins).command == command


@pytest.mark.parametrize("script", ["echo v3.100.0", "exit 1", "echo unknown"])
def test_one_that_is_too_old_or_broken_is_passed_over(
    layout: Layout,
    pins: Versions,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    script: str,
) -> None:
    own(monkeypatch, tmp_path / "own", script)
    ours = program(layout.pulumi(pins.engine) / "pulumi", "")
    assert engine.ensure(layout, pins).command == ours


def test_the_toolchains_own_link_is_not_the_persons(
    layout: Layout, pins: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(monkeypatch, layout.bin, "echo v3.300.0")
    assert engine.find_own(layout) is None


def test_the_link_of_another_clone_is_not_the_persons(
    layout: Layout, pins: Versions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its engine may be one that was built."""
    other = Layout(tmp_path / "another clone")
    command = own(monkeypatch, other.bin, "echo v3.300.0")
    assert engine.find_own(layout) == command
    other.stamp.write_text("{}")
    assert engine.find_own(layout) is None


@pytest.mark.parametrize("clone", ["project", "another clone"])
def test_nor_is_a_link_into_a_toolchain(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clone: str
) -> None:
    """Wherever it lies: it would be linked to itself."""
    theirs = Layout(tmp_path / clone)
    built = program(theirs.pulumi("3.276.0") / "pulumi", "echo v3.300.0")
    theirs.stamp.write_text("{}")
    link = own(monkeypatch, tmp_path / "own", "")
    link.unlink()
    link.symlink_to(built)
    assert engine.find_own(layout) is None


def test_asking_it_for_its_version_leaves_the_home_folder_alone(
    layout: Layout, pins: Versions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "theirs")
    own(monkeypatch, tmp_path / "own", f"env >{tmp_path}/seen; echo v3.300.0")
    assert engine.on_path(layout, pins)[0]
    seen = (tmp_path / "seen").read_text().splitlines()
    assert f"PULUMI_HOME={layout.pulumi_home}" in seen
    assert not [line for line in seen if line.startswith("PULUMI_ACCESS_TOKEN")]


def test_a_version_managers_link_leads_to_the_host_beside_it(tmp_path: Path) -> None:
    """Its links lead to the manager itself, which has no host beside it."""
    manager = program(tmp_path / "bin/manager", "")
    host = program(tmp_path / "shims" / engine.LANGUAGE_HOST, "")
    command = host.with_name("pulumi")
    command.symlink_to(manager)
    assert engine.Engine(command, "", official=True).language_host == host
    assert engine.Engine(command, "", official=False).language_host is None


def test_then_what_an_earlier_setup_got_without_any_attempt(
    layout: Layout,
    pins: Versions,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    attempts: list[object] = []
    monkeypatch.setattr(golang, "build", lambda *arguments: attempts.append(arguments))
    ours = program(layout.pulumi(pins.engine) / "pulumi", "")
    assert engine.ensure(layout, pins).command == ours
    assert not attempts
    assert capsys.readouterr().out == ""


def test_then_its_go_modules_and_one_line_says_why(
    layout: Layout,
    pins: Versions,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(golang, "build", _builds)
    chosen = engine.ensure(layout, pins)
    assert not chosen.official
    assert chosen.language_host is None
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert f"pulumi {pins.engine} built from its Go modules (on PATH: no pulumi)" in lines[0]


def test_with_none_of_them_one_message_says_what_to_install(layout: Layout, pins: Versions) -> None:
    with pytest.raises(ToolchainError) as caught:
        engine.ensure(layout, pins)
    message = str(caught.value)
    assert "on PATH: no pulumi" in message
    assert "built:   no Go on PATH" in message
    assert "Pulumi >=3.253.0 (https://www.pulumi.com/docs/install/)" in message
    assert "Go (https://go.dev/doc/install)" in message
    assert not layout.pulumi(pins.engine).exists()


def test_a_go_that_is_too_old_is_named(
    layout: Layout, pins: Versions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    go = program(tmp_path / "go", "echo go1.20.3")
    monkeypatch.setattr(golang.shutil, "which", lambda *_args, **_options: str(go))
    monkeypatch.setattr(engine, "find_own", lambda _layout: None)
    with pytest.raises(ToolchainError, match=r"Go 1\.26\.6 or newer is needed, .* is 1\.20\.3"):
        engine.ensure(layout, pins)
