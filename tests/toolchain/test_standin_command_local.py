"""The command stand-in runs commands on this machine."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.command_call import call
from toolchain.standins.command import local
from toolchain.standins.command.errors import PluginError
from toolchain.standins.command.output import LINE_LIMIT_BYTES, Output


def run(command, request=None, **inputs):
    return local.run(command, inputs, Output(), request or call())


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


@pytest.mark.slow
def test_an_interrupt_ends_the_shell_and_leaves_its_children(tmp_path: Path):
    request = call()
    child = "(sleep 1; echo survived > survivor) >/dev/null 2>&1 &"
    threading.Timer(0.3, request.interrupt.fire, ["context canceled"]).start()
    started = time.monotonic()
    with pytest.raises(PluginError, match=r"^signal: killed: "):
        run(f"{child} exec sleep 30", request, dir=str(tmp_path))
    assert time.monotonic() - started < 1
    deadline = time.monotonic() + 5
    while not (tmp_path / "survivor").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (tmp_path / "survivor").read_text() == "survived\n"


def test_nothing_starts_after_an_interrupt(tmp_path: Path):
    request = call()
    request.interrupt.fire("context canceled")
    with pytest.raises(PluginError, match=r"^context canceled: "):
        run("touch started", request, dir=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_thirty_commands_at_once_take_the_time_of_one_and_no_threads_of_their_own():
    before = threading.active_count()
    with ThreadPoolExecutor(30) as pool:
        started = time.monotonic()
        running = [pool.submit(run, f"sleep 1; echo {i}", stdin="x") for i in range(30)]
        most = threading.active_count()
        assert [each.result().stdout for each in running] == [str(i) for i in range(30)]
        took_s = time.monotonic() - started
    assert took_s < 3
    assert most <= before + 30
