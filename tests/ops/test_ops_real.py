"""The command line on the real engine and a real cluster."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.ops_run import ops
from lab.stack import EtcdStack

pytestmark = pytest.mark.slow


class Project:
    """A copy of this project with a stack of its own."""

    def __init__(self, folder: Path) -> None:
        self.stack = EtcdStack(folder, backend=f"file://{folder}/.dev/state")
        shutil.rmtree(folder / ".dev")  # `up` has to make it
        self.stack.change()

    def ops(self, *args: str) -> tuple[int, str, str]:
        shown = ops(self.stack, *args)
        return shown.status, shown.stdout, shown.stderr

    def processes(self) -> list[str]:
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                command = entry.read_text()
            except OSError:
                continue
            if str(self.stack.folder) in command:
                found.append(command.replace("\0", " "))
        return found


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    # A folder whose backend can be made and removed like that of the dev stack.
    (tmp_path / ".dev").mkdir()
    project = Project(tmp_path)
    yield project
    if (tmp_path / ".dev/state").exists():
        project.stack.remove()


def test_preview_and_status_of_no_stack_leave_nothing(project: Project) -> None:
    before = project.stack.stack_file.read_bytes()
    code, shown, complaint = project.ops("preview")
    assert code == 0, complaint
    assert "create Command t-etcd2-apply" in shown
    assert "    + version=3.6.16" in shown
    assert not (project.stack.folder / ".dev").exists()
    assert project.stack.stack_file.read_bytes() == before
    code, _, complaint = project.ops("status")
    assert code == 1
    assert f"no stack t in file://{project.stack.folder}/.dev/state; is PULUMI_B" in complaint
    assert project.ops("down", "--yes")[0] == 0


@pytest.mark.soak
def test_nodes_that_are_refused_say_why_and_leave_nothing_after_down(project: Project) -> None:
    # Whose binaries are not here.
    project.stack.change(version="3.6.13", throwaway=True)
    code, _, complaint = project.ops("up")
    assert code == 1
    heading, reason = complaint.splitlines()[:2]
    assert heading.startswith("t-etcd")
    assert "(node etcd" in heading
    assert "3.6.13" in reason
    assert "base64" not in complaint
    assert project.ops("down")[0] == 0
    assert not (project.stack.folder / ".dev").exists()


@pytest.mark.soak
def test_status_names_who_is_stopped_and_down_leaves_nothing(project: Project) -> None:
    project.stack.change(throwaway=True, on_destroy="wipe")
    assert project.ops("up")[0] == 0
    file = project.stack.stack_file.read_bytes()
    stopped = project.stack.pids()["etcd2"]
    os.kill(stopped, signal.SIGSTOP)
    code, shown, _ = project.ops("status")
    os.kill(stopped, signal.SIGCONT)
    assert code == 1
    assert "NOT HEALTHY" in next(line for line in shown.splitlines() if line.startswith("etcd2"))
    code, _, complaint = project.ops("down")
    assert code == 0, complaint
    assert not (project.stack.folder / ".dev").exists()
    assert project.stack.stack_file.read_bytes() == file
    assert project.processes() == []


@pytest.mark.soak
def test_data_of_a_stack_that_matters_is_kept_and_said_where(project: Project) -> None:
    assert project.ops("up")[0] == 0

    code, _, _ = project.ops("down")
    assert code != 0, "it went ahead without asking"
    assert project.ops("status")[0] == 0

    code, shown, complaint = project.ops("down", "--yes")
    assert code == 0, complaint
    kept = sorted(project.stack.folder.glob(".dev/nodes/*/data.retired-*/member"))
    assert len(kept) == 3
    assert all(f"data kept in {data.parent}" in shown for data in kept)
    # The authority outlives the members: what is kept stays usable.
    assert "tls:index/selfSignedCert:SelfSignedCert" in project.stack.run("stack", "export").output
    assert [p for p in project.processes() if "/etcd" in p] == []


@pytest.mark.soak
def test_what_was_mistyped_before_any_member_was_started_is_forgotten(project: Project) -> None:
    spec = project.stack.spec
    wrong = {**spec["nodes"], "etcd3": {"address": "127.60.0.250"}}
    project.stack.change(nodes=wrong, install={"directory": "nowhere"})
    assert project.ops("up")[0] == 1
    project.stack.change(nodes=spec["nodes"], install={"directory": ".toolchain/etcd"})
    code, out, err = project.ops("up")
    assert code == 0, err
    assert "no member was ever started: the cluster is founded as the stack file says now" in out
    assert project.stack.etcdctl("endpoint", "health").count("is healthy") == 3
