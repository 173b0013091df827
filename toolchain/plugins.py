"""The engine's plugins and the Python language host: official, else the stand-ins."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from toolchain import staging
from toolchain.engine import LANGUAGE_HOST, Engine
from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.progress import say
from toolchain.running import Job, JobError, run
from toolchain.versions import Versions

PART = "plugins"
STALL_S = 10.0
LAUNCHER = """\
#!/bin/sh
# Made by the toolchain: starts the stand-in for the official {name} plugin.
exec {python} {program} "$@"
"""


_MARK = b"# Made by the toolchain: "


@dataclass(frozen=True)
class Plugin:
    """A resource plugin of the engine, in the engine's own layout."""

    name: str
    version: str

    def program(self, layout: Layout) -> Path:
        """What the engine starts once the plugin is installed."""
        folder = f"resource-{self.name}-v{self.version}"
        return layout.pulumi_home / "plugins" / folder / f"pulumi-resource-{self.name}"

    def kind(self, layout: Layout) -> str:
        """`official`, `stand-in`, or nothing while the plugin is missing or half installed."""
        program = self.program(layout)
        marker = program.parent.with_name(f"{program.parent.name}.partial")
        if not program.is_file() or marker.exists():
            return ""
        if not _is_stand_in(program):
            return "official"
        # A stand-in that was installed for another place of the project is as good as missing.
        return "stand-in" if program.read_text() == launcher(layout, self.name) else ""


def ensure(layout: Layout, versions: Versions, engine: Engine, *, again: bool = False) -> bool:
    """Give the engine its plugins. Returns whether any of them is a stand-in.

    An engine that was built gets stand-ins, as nothing official reaches such a machine. Otherwise
    the ten seconds that it takes the engine to give up are spent once for each official engine,
    and whenever a person asks for it (`again`).
    """
    tried = layout.home / "official-plugins-tried-by"
    why_not = "" if engine.official else "the engine is not official either"
    if not again and tried.is_file() and tried.read_text() == str(engine.command):
        why_not = "`make setup` tries again"
    asked = not why_not
    for plugin in wanted(versions):
        if plugin.kind(layout) == "official" or (plugin.kind(layout) and not asked):
            continue
        why_not = why_not or _official(layout, engine, plugin)
        if why_not and not plugin.kind(layout):
            _stand_in(layout, engine, plugin)
        said = f"{plugin.kind(layout)} {plugin.name} {plugin.version}"
        say(PART, f"{said} (no official one: {why_not})" if why_not else said)
    if engine.official:
        staging.write(tried, str(engine.command))
    _language_host(layout, engine)
    return has_stand_ins(layout, versions)


def wanted(versions: Versions) -> tuple[Plugin, ...]:
    """The plugins that the program uses."""
    return (
        Plugin("tls", versions.tls),
        Plugin("command", versions.command),
        Plugin("kubernetes", versions.kubernetes),
    )


def has_stand_ins(layout: Layout, versions: Versions) -> bool:
    """Whether any of them is one."""
    return any(plugin.kind(layout) == "stand-in" for plugin in wanted(versions))


def official(layout: Layout, versions: Versions) -> set[str]:
    """Which of `tls`, `command`, `kubernetes` and `language`, the host, are the official ones."""
    found = {plugin.name for plugin in wanted(versions) if plugin.kind(layout) == "official"}
    host = layout.bin / LANGUAGE_HOST
    return found | ({"language"} if host.is_file() and not _is_stand_in(host) else set())


def launcher(layout: Layout, name: str) -> str:
    """The program that starts a stand-in, whatever the working folder."""
    program = layout.project / "toolchain" / "standins" / name
    return LAUNCHER.format(
        name=name, python=shlex.quote(str(layout.python)), program=shlex.quote(str(program))
    )


def _is_stand_in(program: Path) -> bool:
    """Official ones are compiled, or started by a script of a version manager."""
    with program.open("rb") as file:
        return _MARK in file.read(len(LAUNCHER))


def _official(layout: Layout, engine: Engine, plugin: Plugin) -> str:
    """Why it could not be had; empty if it is there."""
    try:
        _install(layout, engine, plugin, "--reinstall", stall_s=STALL_S)
    except JobError as error:
        return f"{plugin.name}: {str(error).splitlines()[-1]}"
    return ""


def _stand_in(layout: Layout, engine: Engine, plugin: Plugin) -> None:
    source = layout.work / f"pulumi-resource-{plugin.name}"
    staging.write(source, launcher(layout, plugin.name), mode=0o755)
    try:
        _install(layout, engine, plugin, "--reinstall", "--file", source)
    except JobError as error:
        raise ToolchainError(f"the engine refused the stand-in plugin:\n{error}") from error


def _install(
    layout: Layout,
    engine: Engine,
    plugin: Plugin,
    *arguments: str | Path,
    stall_s: float | None = None,
) -> None:
    arriving = layout.work / "arriving-plugin"
    arriving.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [engine.command, "plugin", "install", "resource"]
    command += [plugin.name, f"v{plugin.version}", *arguments]
    environment = {
        "PULUMI_HOME": str(layout.pulumi_home),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "TMPDIR": str(arriving),
    }
    doing = f"installing {plugin.name} {plugin.version}"
    log = layout.logs / f"plugin-{plugin.name}.log"
    # It is unpacked in its place, which may take longer than it took to arrive.
    watch = (arriving, layout.pulumi_home / "plugins")
    run(Job(PART, doing, command, log, env=environment, stall_s=stall_s, watch=watch))


def _language_host(layout: Layout, engine: Engine) -> None:
    """The host that came with the engine, else the stand-in; linked first on PATH.

    The engine looks on PATH, and warns unless what it finds is the one beside itself.
    """
    programs = engine.language_programs
    if not programs:
        folder = layout.home / "standins" if engine.official else engine.command.parent
        programs = [folder / LANGUAGE_HOST]
        staging.write(programs[0], launcher(layout, "language"), mode=0o755)
        if engine.official:
            say(PART, f"stand-in {LANGUAGE_HOST} (there is none beside {engine.command})")
    for program in programs:
        staging.link(layout.bin / program.name, program)
    # Of an engine that was used before.
    for stale in {*layout.bin.glob(f"{LANGUAGE_HOST}*")} - {layout.bin / p.name for p in programs}:
        stale.unlink()
