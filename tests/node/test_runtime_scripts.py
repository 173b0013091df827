"""What the scripts of all runtimes share."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from pathlib import Path

import pytest

from components.machine.runtimes import RUNTIMES
from tests.node.machine import Shell
from tests.support.scripts import SCRIPTS

PAGE = Path(__file__).parents[2] / "docs" / "development" / "runtimes.md"


def run(shell: Shell, code: str, *arguments: object, stdin: str = "") -> tuple[int, str]:
    """Status and output of `code` with the shared scripts around it."""
    libraries = "".join(f". '{path}'\n" for path in sorted((SCRIPTS / "lib").glob("*.sh")))
    done = subprocess.run(
        [shell.sh, "-c", f"{libraries}{code}", "sh", *map(str, arguments)],
        env={"PATH": shell.path},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_every_runtime_offers_the_same(shell: Shell, runtime: str) -> None:
    names = re.findall(r"^\| `((?:runtime|rehearsal)_\w+)`", PAGE.read_text(), re.MULTILINE)
    assert names
    code = '. "$1"; shift; for name; do command -v "$name"; done'
    script = SCRIPTS / "runtimes" / f"{runtime}.sh"
    assert run(shell, code, script, *names) == (0, "".join(f"{name}\n" for name in names))


def test_a_pid_is_believed_of_a_process_of_this_node_alone(shell: Shell, tmp_path: Path) -> None:
    node = tmp_path / "node"
    node.mkdir()
    script = node / "sleeps.sh"
    script.write_text("read -r line\n")
    with subprocess.Popen(["sh", script], stdin=subprocess.PIPE) as process:
        file = tmp_path / "etcd.pid"
        file.write_text(f"{process.pid}\n")
        assert run(shell, 'pid_from "$1" "$2"', file, node) == (0, f"{process.pid}\n")
        assert run(shell, 'pid_from "$1" "$2"', file, tmp_path / "other") == (1, "")
        assert process.stdin
        process.stdin.close()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert run(shell, 'pid_from "$1" "$2"', file, node) == (1, ""), "a zombie is gone"
    assert run(shell, 'pid_from "$1" "$2"', file, node) == (1, "")
    for text in ("", "no number\n"):
        file.write_text(text)
        assert run(shell, 'pid_from "$1" "$2"', file, node) == (1, "")
    file.unlink()
    assert run(shell, 'pid_from "$1" "$2"', file, node) == (1, "")


@pytest.mark.slow
def test_a_process_that_becomes_another_program_is_not_gone(shell: Shell, tmp_path: Path) -> None:
    script = tmp_path / "again.sh"
    script.write_text(f"exec sh {script}\n")
    file = tmp_path / "etcd.pid"
    with subprocess.Popen(["sh", script]) as process:
        try:
            file.write_text(f"{process.pid}\n")
            code = 'for _ in $(seq 60); do pid_from "$1" "$2" || echo missed; done'
            assert run(shell, code, file, tmp_path) == (0, f"{process.pid}\n" * 60)
        finally:
            process.kill()


def test_a_service_file_is_placed_with_its_mode(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "settings").write_text(f"config_dir={tmp_path}\n")
    (tmp_path / "current").mkdir()
    (tmp_path / "current" / "unit").write_text("one\n")
    target = tmp_path / "system" / "etcd"
    code = f"umask 077; payload='{tmp_path}'; place unit '{target}' 0755"
    for text in ("one\n", "two\n", "two\n"):
        (tmp_path / "current" / "unit").write_text(text)
        assert run(shell, code) == (0, "")
        assert (target.read_text(), target.stat().st_mode & 0o777) == (text, 0o755)
        assert target.parent.stat().st_mode & 0o777 == 0o755
        assert list(target.parent.iterdir()) == [target]


LINES = {
    '{"level":"fatal","msg":"discovery failed","error":"no \\"NOPE\\""}': (
        'discovery failed: no "NOPE"'
    ),
    "2026-11-30T21:53:09.275129Z\tfatal\tetcdmain/etcd.go:183\tdiscovery failed\t"
    '{"dir-type": "empty", "error": "no \\"NOPE\\""}\nruntime.main\n\truntime/proc.go:290': (
        'discovery failed: no "NOPE"'
    ),
    '2026-11-30T21:53:09.2Z\twarn\tembed/config.go:1\ta "slow" disk\t{"error": "EIO"}': (
        'a "slow" disk: EIO'
    ),
    "2026-11-30T21:53:09.2Z\tinfo\tembed/etcd.go:1\tstarting": "no error in its log",
    "flag provided but not defined: -nope": "flag provided but not defined: -nope",
    "etcd.service: Failed to execute /etc/etcd/bin/etcd: Permission denied": (
        "etcd.service: Failed to execute /etc/etcd/bin/etcd: Permission denied"
    ),
    '{"level":"info","msg":"starting"}': "no error in its log",
    '{"level":"warn","msg":"a slow disk","error":"EIO"}': "a slow disk: EIO",
    "run-etcd.sh: line 14: /etc/etcd/bin/etcd: Permission denied": (
        "run-etcd.sh: line 14: /etc/etcd/bin/etcd: Permission denied"
    ),
    "etcd.service: Main process exited, code=exited, status=1/FAILURE": (
        "etcd.service: Main process exited, code=exited, status=1/FAILURE"
    ),
    "Started etcd member etcd1 of the cluster t.": "no error in its log",
    "etcd-rehearsal.service: Failed at step EXEC spawning /etc/etcd/bin/etcd: No such file": (
        "etcd-rehearsal.service: Failed at step EXEC spawning /etc/etcd/bin/etcd: No such file"
    ),
    "etcd.service: Failed at step CHDIR spawning /etc/etcd/bin/etcd: No such file or directory": (
        "etcd.service: Failed at step CHDIR spawning /etc/etcd/bin/etcd: No such file or directory"
    ),
    "not started: its data folder is gone": "not started: its data folder is gone",
    '{"level":"warn","msg":"rejected connection","error":"tls: bad certificate"}': (
        "rejected connection: tls: bad certificate"
    ),
    '{"level":"warn","msg":"prober","error":"x509: certificate signed by unknown authority"}': (
        "prober: x509: certificate signed by unknown authority"
    ),
}


@pytest.mark.parametrize("line", LINES)
def test_the_reason_in_a_log(shell: Shell, line: str) -> None:
    log = f'{{"level":"info","msg":"one"}}\n{line}\n{{"level":"info","msg":"two"}}\n'
    expected = f"{LINES[line]}\n(its log: journalctl)\n"
    assert run(shell, "reason_in_log journalctl", stdin=log) == (0, expected)


def test_a_panic_is_told_with_its_error(shell: Shell) -> None:
    logged = '{"level":"panic","msg":"failed to open database","error":"mlock error: EPERM"}'
    printed = "panic: failed to open database"
    told = "failed to open database: mlock error: EPERM\n(its log: log)\n"
    log = f"{logged}\n{printed}\n\ngoroutine 131 [running]:\n"
    assert run(shell, "reason_in_log log", stdin=log) == (0, told)
    alone = f"{printed}\n(its log: log)\n"
    assert run(shell, "reason_in_log log", stdin=f"{printed}\n\ngoroutine 1:\n") == (0, alone)


def test_a_program_that_was_replaced_by_hand_is_named(shell: Shell, tmp_path: Path) -> None:
    place = tmp_path / "bin" / "3.6.16"
    place.mkdir(parents=True)
    (tmp_path / "settings").write_text(f"bin_dir={tmp_path}/bin\nversion=3.6.16\n")
    installed, found = (hashlib.sha256(text).hexdigest() for text in (b"ours", b"theirs"))
    (place / "etcd").write_bytes(b"ours")
    (place / "digest").write_text(f"{installed}\n")
    code = "payload=$1; read_settings; version_is_changed"
    assert run(shell, code, tmp_path) == (0, "")
    (place / "etcd").write_bytes(b"theirs")
    told = (
        f"{place}/etcd is not the program that was installed (its sha256 is {found}, "
        f"was {installed}); \n"
    )
    assert run(shell, code, tmp_path) == (0, told)


HINTS = (
    '{"level":"error","msg":"rejected connection on client endpoint","error":"EOF"}',
    "etcd.service: Failed at step NAMESPACE spawning /etc/etcd/bin/etcd: No such file or directory",
)


@pytest.mark.parametrize("hint", HINTS)
def test_a_hint_gives_way_to_a_reason(shell: Shell, hint: str) -> None:
    reason = "etcd.service: Failed to set up mount namespacing: /data: No such file or directory"
    log = f"{hint}\n{reason}\n{hint}\n"
    assert run(shell, "reason_in_log log", stdin=log) == (0, f"{reason}\n(its log: log)\n")


def test_a_warning_and_an_exit_code_are_told_together(shell: Shell) -> None:
    warning = '{"level":"warn","msg":"failed to verify flags","error":"no ciphers with 1.3"}'
    code = "etcd.service: Main process exited, code=exited, status=1/FAILURE"
    told = f"failed to verify flags: no ciphers with 1.3; {code}\n(its log: log)\n"
    late = "Failed to start etcd.service - etcd member etcd1."
    assert run(shell, "reason_in_log log", stdin=f"{code}\n{warning}\n{late}\n") == (0, told)


def test_a_setting_is_data_whatever_it_looks_like(shell: Shell, tmp_path: Path) -> None:
    value = "$(echo run) `echo run` \"one\" 'two' ; exit 3 = 4"
    (tmp_path / "settings").write_text(f"one=1\nx;exit 3=1\nname={value}\nempty=\n")
    code = f"payload='{tmp_path}'; setting name; setting empty; setting one"
    assert run(shell, code) == (0, f"{value}\n\n1\n")
    absent = f"payload='{tmp_path}'; setting other 2>&1"
    assert run(shell, absent) == (70, "error: the payload has no setting other\n")
