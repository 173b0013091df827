"""A runtime and a transport of one's own: the files that docs/development names, and no others."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]
PAGES = REPOSITORY / "docs" / "development"
RUNTIME = """\
from components.member.files import text_file

def service_files(member):
    return (text_file("plain.conf", f"data={member.layout.data}\\n", cold=True),)

def facts():
    return {}
"""
TRANSPORT = """\
from components.member.transports.local import command, shell_text
"""
PLAN = """\
import base64, io, json, pathlib, sys, tarfile
from tests.node.program import Program
from tests.node.stack_files import stack_file

asked = stack_file(nodes=1, transport="tunnel", runtime="plain")
commands = Program(pathlib.Path(sys.argv[1])).up(asked).commands
found = []
for action in ("prepare", "apply"):
    archive = base64.b64decode(commands[f"etcd1-{action}"].inputs["stdin"].partition("\\n")[2])
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        found.append([tar.getnames(), tar.extractfile("settings").read().decode()])
print(json.dumps(found))
"""


def named(page: str, name: str) -> list[str]:
    """The files that the page's first table says a new one is."""
    rows = re.findall(r"^\| `(components/\S+)` \|", (PAGES / page).read_text(), re.MULTILINE)
    return [row.replace("<name>", name) for row in rows]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program with the runtime `plain` and the transport `tunnel`."""
    shutil.copytree(REPOSITORY / "components", tmp_path / "components")
    runtime = named("runtimes.md", "plain")
    transport = named("transports.md", "tunnel")
    write(tmp_path / runtime[0], RUNTIME)
    replace(tmp_path / runtime[1], "import openrc,", "import openrc, plain,")
    add(tmp_path / runtime[1], "RUNTIMES", '"plain": Runtime(plain.service_files, plain.facts)')
    write(tmp_path / runtime[2], "runtime_log_dir() {\n  :\n}\n")
    replace(tmp_path / runtime[3], '"supervisor", "pod"', '"supervisor", "plain", "pod"')
    write(tmp_path / transport[0], TRANSPORT)
    replace(tmp_path / transport[1], "import local,", "import local, tunnel,")
    add(
        tmp_path / transport[1],
        "TRANSPORTS",
        '"tunnel": Transport(tunnel.command, tunnel.shell_text)',
    )
    add(tmp_path / transport[2], "TIMEOUTS", '"tunnel": Timeouts(ask_ms=1)')
    replace(tmp_path / transport[3], 'Literal["ssh",', 'Literal["ssh", "tunnel",')
    add(
        tmp_path / transport[3],
        "TRANSPORTS: Mapping[TransportName, Transport]",
        '"tunnel": Transport(("plain",), "preinstalled", directory="bin")',
    )
    return tmp_path


def write(path: Path, text: str) -> None:
    assert not path.exists()
    path.write_text(text)


def add(path: Path, table: str, row: str) -> None:
    replace(path, f"{table} = {{\n", f"{table} = {{\n    {row},\n")


def replace(path: Path, former: str, text: str) -> None:
    assert path.read_text().count(former) == 1, f"{path} has {former!r} no more, or twice"
    path.write_text(path.read_text().replace(former, text))


def test_a_stack_file_has_both(copy: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", PLAN, str(copy)],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": f"{copy}{os.pathsep}{REPOSITORY}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    (brought, _), (names, settings) = json.loads(found.stdout)
    assert "scripts/runtimes/plain.sh" in brought
    assert "files/plain.conf" in names
    assert "ask_timeout_ms=1\n" in settings
