"""The lab itself: its version, and that nothing is left of it. All else its users would miss."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lab.hosts.machine import until
from lab.kubernetes import leftovers, programs
from lab.kubernetes.fixtures import need_lab
from lab.kubernetes.lab import Lab

pytestmark = [pytest.mark.slow, pytest.mark.soak]


def test_the_control_plane_is_of_the_pinned_version(lab: Lab) -> None:
    told = json.loads(lab.kubectl("version", "--output=json").ok().stdout)
    assert told["serverVersion"]["gitVersion"] == f"v{programs.VERSION}"
    assert told["clientVersion"]["gitVersion"] == f"v{programs.VERSION}"
    assert lab.api.get("/readyz") == (200, "ok")
    assert lab.control.daemons.ended() == []


def test_nothing_is_left_of_a_lab(tmp_path: Path) -> None:
    need_lab()
    before = leftovers.of_machine()
    with Lab(tmp_path, nodes=1) as lab:
        run, bridge = lab.run, lab.network.bridge
        assert len(leftovers.of_run(run, bridge)) > 10
        node = lab.nodes[0]
        node.power_off()
        node.power_on()
        lab.wait_ready()
    assert leftovers.of_run(run, bridge) == []
    assert leftovers.of_machine() == before


def test_nothing_is_left_of_one_that_does_not_start(tmp_path: Path) -> None:
    need_lab()
    built = tmp_path / "built"
    built.mkdir()
    for program in programs.KUBERNETES.iterdir():
        (built / program.name).symlink_to(program)
    (built / "kube-scheduler").unlink()
    before = leftovers.of_machine()
    lab = Lab(tmp_path, nodes=1, kubernetes=built)
    with pytest.raises(AssertionError, match="kube-scheduler ended"):
        lab.__enter__()
    assert leftovers.of_run(lab.run, lab.network.bridge) == []
    assert leftovers.of_machine() == before


KILLED = """
import signal, sys
from pathlib import Path
from lab.kubernetes.lab import Lab

lab = Lab(Path(sys.argv[1]), nodes=1)
lab.__enter__()
print(lab.run, lab.network.bridge, flush=True)
signal.pause()
"""


def test_nothing_is_left_of_one_whose_tests_are_killed(tmp_path: Path) -> None:
    need_lab()
    before = leftovers.of_machine()
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    root = programs.LAYOUT.project
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout
        run, bridge = tests.stdout.readline().split()
        assert len(leftovers.of_run(run, bridge)) > 10
        tests.kill()
    until(lambda: not leftovers.of_run(run, bridge), 30, lambda: str(leftovers.of_run(run, bridge)))
    until(lambda: not list(tmp_path.iterdir()), 30, lambda: "its folder is there")
    assert leftovers.of_machine() == before
