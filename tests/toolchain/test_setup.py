"""Set-up as a whole: what it makes, and that a second one does nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import toolchain_folder
from tests.support.toolchain_folder import REPOSITORY, program
from toolchain import command_line, dev_stack, engine, etcd, golang, plugins, python_env, setup
from toolchain.engine import Engine
from toolchain.errors import ToolchainError
from toolchain.layout import ETCD_PROGRAMS, Layout


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which parts were asked to do something; each puts its programs in place."""
    done: list[str] = []

    def python(layout: Layout) -> None:
        done.append("python")
        for name in setup.LINKS_TO_VENV:
            program(layout.venv / "bin" / name, "")

    def pulumi(layout: Layout, *_: object) -> Engine:
        done.append("engine")
        return Engine(program(layout.pulumi("3.253.0") / "pulumi", ""), "", official=False)

    def standins(layout: Layout, *_: object, again: bool) -> bool:
        done.append("plugins, again" if again else "plugins")
        program(layout.bin / engine.LANGUAGE_HOST, "")
        return True

    def etcd_programs(layout: Layout, version: str) -> None:
        done.append("etcd")
        for name in ETCD_PROGRAMS:
            program(layout.etcd(version) / name, "")

    def stack(layout: Layout) -> None:
        done.append("stack")
        state = dev_stack.state_folder(layout) / ".pulumi" / "stacks" / "etcd-cluster" / "dev.json"
        state.parent.mkdir(parents=True, exist_ok=True)
        state.touch()

    monkeypatch.setattr(python_env, "ensure", python)
    monkeypatch.setattr(engine, "ensure", pulumi)
    monkeypatch.setattr(plugins, "ensure", standins)
    monkeypatch.setattr(etcd, "ensure", etcd_programs)
    monkeypatch.setattr(dev_stack, "ensure", stack)
    return done


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return toolchain_folder.make(tmp_path / "project")


ALL = ["python", "engine", "plugins", "etcd", "stack"]


def test_the_first_makes_everything_and_the_second_nothing(
    layout: Layout, calls: list[str]
) -> None:
    setup.setup(layout)
    assert calls == ALL
    for name in ("pulumi", *ETCD_PROGRAMS, *setup.LINKS_TO_VENV):
        assert (layout.bin / name).is_symlink()
    assert not (layout.bin / "python").exists()
    calls.clear()
    setup.setup(layout)
    assert not calls


def test_asked_again_it_tries_to_replace_stand_ins_and_nothing_else(
    layout: Layout, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.setup(layout)
    calls.clear()
    setup.setup(layout, again=True)
    assert calls == []
    monkeypatch.setattr(plugins, "has_stand_ins", lambda *_: True)
    setup.setup(layout)
    assert calls == []
    setup.setup(layout, again=True)
    assert calls == ["python", "engine", "plugins, again", "etcd", "stack"]


def test_what_was_deleted_is_made_again(layout: Layout, calls: list[str]) -> None:
    setup.setup(layout)
    for gone in (layout.env, layout.etcd("3.6.16") / "etcdctl", layout.stamp):
        calls.clear()
        gone.unlink()
        setup.setup(layout)
        assert calls == ALL


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_changed_lock_file_is_noticed(layout: Layout, calls: list[str], name: str) -> None:
    setup.setup(layout)
    calls.clear()
    lock = layout.project / name
    text = lock.read_text() + "# changed\n"
    lock.unlink()
    lock.write_text(text)
    setup.setup(layout)
    assert calls == ALL


def test_a_language_host_beside_a_persons_engine_is_noticed(
    layout: Layout, calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may come later than the engine, or go before it."""
    pulumi = program(tmp_path / "bin" / "pulumi", "")
    monkeypatch.setenv("PATH", str(pulumi.parent))
    setup.setup(layout)
    for name in (engine.LANGUAGE_HOST, f"{engine.LANGUAGE_HOST}-exec"):
        calls.clear()
        program(pulumi.with_name(name), "")
        setup.setup(layout)
        assert calls == ALL
        calls.clear()
        setup.setup(layout)
        assert calls == []
    pulumi.with_name(engine.LANGUAGE_HOST).unlink()
    setup.setup(layout)
    assert calls == ALL


def test_another_given_folder_is_noticed(
    layout: Layout, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.setup(layout)
    calls.clear()
    monkeypatch.setenv(etcd.GIVEN_FOLDER, "/elsewhere")
    setup.setup(layout)
    assert calls == ALL


def test_an_interrupted_one_is_not_taken_for_complete(
    layout: Layout, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(etcd, "ensure", _interrupt)
    with pytest.raises(KeyboardInterrupt):
        setup.setup(layout)
    assert not layout.stamp.exists()
    assert not layout.env.exists()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_failure_is_an_error_line_and_a_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Layout, *, again: bool) -> None:
        raise ToolchainError("install Pulumi or Go")

    monkeypatch.setattr(command_line, "setup", fail)
    assert command_line.main(["setup"]) == 1
    assert capsys.readouterr().err == "error: install Pulumi or Go\n"


# As it comes while the system has started the program and Python does not know of it yet.
WHILE_STARTING = """
import os
import time
class Popen(running.subprocess.Popen):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        while not Path("{pid}").exists() or not Path("{pid}").read_text():
            time.sleep(0.01)
        os.kill(os.getpid(), {number})
running.subprocess.Popen = Popen
"""


@pytest.mark.parametrize("starting", ["", WHILE_STARTING])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_it_started_ends_with_it(tmp_path: Path, number: int, starting: str) -> None:
    # SIGINT is ignored in what a shell started in its background, and inherited from there.
    driver = f"""
import signal
import sys
from pathlib import Path
from toolchain import command_line, running
from toolchain.running import Job, run
{starting.format(pid=tmp_path / "pid", number=int(number))}
signal.signal(signal.SIGINT, signal.default_int_handler)
command = ("sh", "-c", "echo $$ > {tmp_path}/pid; sleep 60")
job = Job("part", "working", command, Path("{tmp_path}/log"))
command_line.setup = lambda layout, again: run(job)
sys.exit(command_line.main(["setup"]))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", driver], cwd=REPOSITORY, stderr=subprocess.PIPE
    )
    child = _pid_in(tmp_path / "pid")
    if not starting:
        process.send_signal(number)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors.startswith(b"error: interrupted")
    assert not Path(f"/proc/{child}").exists()


def _pid_in(path: Path) -> int:
    deadline = time.monotonic() + 10
    while not (path.exists() and path.read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(path.read_text())


def test_the_second_one_of_this_project_starts_no_program_and_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = [sys.executable, "-m", "toolchain", "setup"]
    subprocess.run(command, cwd=REPOSITORY, check=True, timeout=300)
    answer = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, timeout=60)
    assert (answer.stdout, answer.stderr) == (b"", b"")
    monkeypatch.setattr(subprocess, "Popen", None)
    setup.setup(Layout(REPOSITORY))


def test_go_is_never_switched_and_modules_never_changed(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = """
case "$1" in
  env) case "$2" in GOVERSION) echo go1.99;; *) echo /tmp;; esac ;;
  *) echo "$GOTOOLCHAIN $CGO_ENABLED $GOPROXY $*" >> "$GO_LOG" ;;
esac"""
    program(tmp_path / "bin" / "go", go)
    log = tmp_path / "go.log"
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}/usr/bin:/bin")
    monkeypatch.setenv("GO_LOG", str(log))
    monkeypatch.setenv("GOPROXY", "http://127.0.0.1:1")
    wrapper = golang.Wrapper("etcd-3.6", (golang.Program("etcdctl", "example/etcdctl"),))
    golang.build(layout, "etcd", wrapper, tmp_path)
    fetched, built = log.read_text().splitlines()
    for line in (fetched, built):
        assert line.startswith("local 0 http://127.0.0.1:1 ")
        assert "-mod=readonly" in line
    assert built.endswith(f"-o {tmp_path}/etcdctl example/etcdctl")


def test_the_command_line_works_from_any_folder(tmp_path: Path) -> None:
    command = REPOSITORY / ".toolchain" / "bin" / "etcd-cluster"
    answer = subprocess.run(
        [command, "--help"], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60
    )
    assert "Usage: etcd-cluster" in answer.stdout
