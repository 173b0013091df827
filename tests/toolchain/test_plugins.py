"""Which plugins the engine gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import toolchain_folder
from tests.support.toolchain_folder import program
from toolchain import plugins, versions
from toolchain.engine import LANGUAGE_HOST, Engine
from toolchain.layout import Layout
from toolchain.plugins import Plugin

TLS = Plugin("tls", "5.5.1")
COMMAND = Plugin("command", "1.2.1")
KUBERNETES = Plugin("kubernetes", "4.32.0")
ALL = (TLS, COMMAND, KUBERNETES)
# Installs what `--file` gives; else, unless offline, a program that is no script.
PULUMI = """
echo "$*" >> {log}
name=$4 place=$PULUMI_HOME/plugins/resource-$4-$5/pulumi-resource-$4
while [ "$#" -gt 1 ]; do shift; [ "$1" = --file ] && file=$2; done
mkdir -p "$(dirname "$place")"
if [ -n "$file" ]; then cp "$file" "$place"; exit; fi
{online} && echo ELF > "$place" || {{ echo "no such host"; exit 1; }}
"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return toolchain_folder.make(tmp_path / "a project")


def make_engine(tmp_path: Path, *, official: bool, online: bool = False) -> Engine:
    log = tmp_path / "calls"
    log.touch()
    script = PULUMI.format(log=log, online=str(online).lower())
    return Engine(program(tmp_path / "engine" / "pulumi", script), "", official=official)


def calls(tmp_path: Path) -> list[str]:
    text = (tmp_path / "calls").read_text().splitlines()
    (tmp_path / "calls").write_text("")
    return text


def ensure(layout: Layout, engine: Engine, *, again: bool = False) -> bool:
    return plugins.ensure(layout, versions.read(layout.project), engine, again=again)


def test_official_ones_with_an_official_engine(layout: Layout, tmp_path: Path) -> None:
    assert not ensure(layout, make_engine(tmp_path, official=True, online=True))
    assert {plugin.kind(layout) for plugin in ALL} == {"official"}


def test_what_is_official_is_known_by_its_program(layout: Layout, tmp_path: Path) -> None:
    pins = versions.read(layout.project)
    assert plugins.official(layout, pins) == set()
    ensure(layout, make_engine(tmp_path, official=False))
    assert plugins.official(layout, pins) == set()
    engine = make_engine(tmp_path, official=True, online=True)
    ensure(layout, engine)
    assert plugins.official(layout, pins) == {"tls", "command", "kubernetes"}
    host = engine.command.with_name(LANGUAGE_HOST)
    host.write_bytes(b"ELF")
    host.chmod(0o755)
    ensure(layout, engine)
    assert "language" in plugins.official(layout, pins)


def test_stand_ins_where_the_engine_was_out_of_reach(layout: Layout, tmp_path: Path) -> None:
    assert ensure(layout, make_engine(tmp_path, official=False, online=True))
    assert {plugin.kind(layout) for plugin in ALL} == {"stand-in"}
    assert all("--file" in call for call in calls(tmp_path))


def test_one_vain_attempt_is_the_last(
    layout: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = make_engine(tmp_path, official=True)
    assert ensure(layout, engine)
    assert len([call for call in calls(tmp_path) if "--file" not in call]) == 1
    why = "(no official one: tls: no such host)"
    assert capsys.readouterr().out.splitlines()[:3] == [
        f"plugins  stand-in tls 5.5.1 {why}",
        f"plugins  stand-in command 1.2.1 {why}",
        f"plugins  stand-in kubernetes 4.32.0 {why}",
    ]
    assert ensure(layout, engine)
    assert calls(tmp_path) == []


def test_a_person_who_asks_again_gets_them_once_they_can_be_had(
    layout: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ensure(layout, make_engine(tmp_path, official=True))
    capsys.readouterr()
    assert ensure(layout, make_engine(tmp_path, official=True), again=True)
    said = capsys.readouterr().out
    assert all(f"stand-in {plugin.name} " in said for plugin in ALL), said
    calls(tmp_path)
    online = make_engine(tmp_path, official=True, online=True)
    assert ensure(layout, online)
    assert calls(tmp_path) == []
    assert not ensure(layout, online, again=True)
    assert {plugin.kind(layout) for plugin in ALL} == {"official"}


def test_official_ones_replace_stand_ins_when_they_come_within_reach(
    layout: Layout, tmp_path: Path
) -> None:
    ensure(layout, make_engine(tmp_path, official=False))
    assert not ensure(layout, make_engine(tmp_path, official=True, online=True))
    assert TLS.kind(layout) == "official"


@pytest.mark.slow
def test_slow_unpacking_is_no_stall(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive has arrived by then, and the engine says nothing."""
    monkeypatch.setattr(plugins, "STALL_S", 1.1)
    unpacks = "for n in 1 2 3 4 5 6; do sleep 0.4; echo $n >>$PULUMI_HOME/plugins/unpacked; done"
    engine = make_engine(tmp_path, official=True, online=True)
    script = engine.command.read_text()
    begins = f"mkdir -p $PULUMI_HOME/plugins; {unpacks}; mkdir -p"
    engine.command.write_text(script.replace("mkdir -p", begins))
    assert not ensure(layout, engine)


def test_a_half_installed_one_is_not_taken_for_one(layout: Layout, tmp_path: Path) -> None:
    engine = make_engine(tmp_path, official=False)
    ensure(layout, engine)
    folder = TLS.program(layout).parent
    folder.with_name(f"{folder.name}.partial").touch()
    assert TLS.kind(layout) == ""


def test_a_stand_in_of_another_place_is_installed_again(layout: Layout, tmp_path: Path) -> None:
    engine = make_engine(tmp_path, official=False)
    ensure(layout, engine)
    TLS.program(layout).write_text(plugins.launcher(Layout(Path("/elsewhere")), "tls"))
    ensure(layout, engine)
    assert TLS.program(layout).read_text() == plugins.launcher(layout, "tls")


def test_the_language_host_stands_beside_our_engine(layout: Layout, tmp_path: Path) -> None:
    """There the engine takes it without a warning."""
    engine = make_engine(tmp_path, official=False)
    ensure(layout, engine)
    link = layout.bin / LANGUAGE_HOST
    assert link.resolve() == engine.command.with_name(LANGUAGE_HOST)
    assert "standins/language" in link.read_text()


def test_an_official_language_host_is_used(layout: Layout, tmp_path: Path) -> None:
    engine = make_engine(tmp_path, official=True, online=True)
    for name in (LANGUAGE_HOST, f"{LANGUAGE_HOST}-exec"):
        program(engine.command.with_name(name), "exit 7")
    ensure(layout, engine)
    for name in (LANGUAGE_HOST, f"{LANGUAGE_HOST}-exec"):
        assert "exit 7" in (layout.bin / name).read_text()


def test_nothing_stays_of_an_official_host_that_is_gone(layout: Layout, tmp_path: Path) -> None:
    engine = make_engine(tmp_path, official=True, online=True)
    for name in (LANGUAGE_HOST, f"{LANGUAGE_HOST}-exec"):
        program(engine.command.with_name(name), "exit 7")
    ensure(layout, engine)
    other = tmp_path / "other"
    other.mkdir()
    ensure(layout, make_engine(other, official=False))
    assert [path.name for path in layout.bin.glob(f"{LANGUAGE_HOST}*")] == [LANGUAGE_HOST]


def test_a_persons_engine_without_a_host_gets_the_stand_in(layout: Layout, tmp_path: Path) -> None:
    engine = make_engine(tmp_path, official=True, online=True)
    ensure(layout, engine)
    assert not engine.command.with_name(LANGUAGE_HOST).exists()  # the person's folder is theirs
    assert "standins/language" in (layout.bin / LANGUAGE_HOST).read_text()
