"""The command stand-in runs commands on this machine."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from lab.hosts.machine import until
from tests.support.command_call import call
from toolchain.standins.command import local
from toolchain.standins.command.errors import PluginError
from toolchain.standins.command.output import LINE_LIMIT_BYTES, Output

pytestmark = pytest.mark.slow

LIMIT_S = 20


def run(command, request=None, **inputs):
    return local.run(command, inputs, Output(), request or call())


@contextmanager
def gate(folder: Path) -> Iterator[BinaryIO]:
    """`read line <gate` in that folder ends a shell's wait once a line is written here."""
    os.mkfifo(folder / "gate")
    with (folder / "gate").open("r+b", buffering=0) as opened:  # does not wait for a reader
        yield opened


def test_lines_are_shown_while_the_command_runs_and_in_its_order(tmp_path: Path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    request = call()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run, f"echo one; echo two >&2; cat {gate}; echo three", request)
        deadline = time.monotonic() + 5
        while len(request.log.lines) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        before = list(request.log.lines)
        gate.write_text("go\n")
        assert running.result(5) == Output("one\ngo\nthree", "two")
    assert sorted(before) == ["one", "two"]
    assert request.log.lines[-2:] == ["go", "three"]


def test_standard_input_larger_than_every_pipe_goes_through():
    text = "0123456789abcde\n" * 65536
    assert run("cat", stdin=text, logging="none").stdout == text.removesuffix("\n")


def test_a_command_need_not_read_its_standard_input():
    assert run("echo done", stdin="x" * 1_000_000).stdout == "done"


def test_standard_input_is_in_no_argument_and_no_environment():
    looking = "cat /proc/$$/cmdline /proc/$$/environ /proc/$PPID/cmdline /proc/$PPID/environ"
    shown = run(f"{looking} | tr '\\0' '\\n'; cat", stdin="a-canary", logging="none").stdout
    assert "/bin/sh\n-c\n" in shown
    assert shown.count("a-canary") == 1, "cat's own"


def test_a_missing_program_is_named():
    with pytest.raises(PluginError, match='exec: "no-shell": executable file not found'):
        run("true", interpreter=["no-shell"])


def test_an_error_quotes_the_command_and_shows_all_that_it_wrote():
    with pytest.raises(PluginError) as caught:
        run("echo \"a\tb\"; printf '\\377' >&2; exit 3")
    assert str(caught.value).startswith(
        'exit status 3: running "echo \\"a\\tb\\"; printf \'\\\\377\' >&2; exit 3":\n'
    )
    assert "a\tb\n" in str(caught.value)
    assert "\N{REPLACEMENT CHARACTER}" in str(caught.value)


def test_a_line_that_would_hang_the_official_plugin_fails():
    line = f"head -c {LINE_LIMIT_BYTES} /dev/zero | tr '\\0' x"
    with pytest.raises(PluginError, match="official plugin"):
        run(line)
    for logging in ("none", "stderr"):
        assert len(run(line, logging=logging).stdout) == LINE_LIMIT_BYTES


def test_a_line_of_one_byte_less_is_shown():
    request = call()
    run(f"head -c {LINE_LIMIT_BYTES - 1} /dev/zero | tr '\\0' x; echo", request)
    assert [len(line) for line in request.log.lines] == [LINE_LIMIT_BYTES - 1]


def test_an_interrupt_ends_the_shell_and_leaves_its_children(tmp_path: Path):
    request = call()
    child = "(touch begun; read line <gate; touch survivor) >/dev/null 2>&1 &"
    with gate(tmp_path) as opened, ThreadPoolExecutor(1) as pool:
        running = pool.submit(run, f"{child} exec sleep 30", request, dir=str(tmp_path))
        until((tmp_path / "begun").exists, LIMIT_S, lambda: "the child does not begin")
        request.interrupt.fire("context canceled")
        with pytest.raises(PluginError, match=r"^signal: killed: "):
            running.result()
        opened.write(b"\n")
        until((tmp_path / "survivor").exists, LIMIT_S, lambda: "the child was ended too")


def test_nothing_starts_after_an_interrupt(tmp_path: Path):
    request = call()
    request.interrupt.fire("context canceled")
    with pytest.raises(PluginError, match=r"^context canceled: "):
        run("touch started", request, dir=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_thirty_commands_run_side_by_side_without_threads_of_their_own(tmp_path: Path):
    before = threading.active_count()
    with gate(tmp_path) as opened, ThreadPoolExecutor(30) as pool:
        commands = [f"touch begun-{i}; read line <gate; echo {i}" for i in range(30)]
        running = [pool.submit(run, each, stdin="x", dir=str(tmp_path)) for each in commands]
        try:
            until(lambda: len(list(tmp_path.glob("begun-*"))) == 30, LIMIT_S, lambda: "one waits")
            most = threading.active_count()
        finally:
            opened.write(b"\n" * 30)
        assert [each.result().stdout for each in running] == [str(i) for i in range(30)]
    assert most <= before + 30
