"""Runs a program of set-up: output to a log, progress shown, ended when nothing arrives."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from toolchain import environment
from toolchain.progress import Progress

POLL_S = 0.1
WATCH_EVERY_S = 1.0
TAIL_LINES = 12


@dataclass(frozen=True)
class Job:
    """One program to run.

    With `stall_s` it is killed, with its children, once neither its output nor the files under
    `watch` have grown for so many seconds: nothing arrives.
    """

    part: str
    doing: str
    command: Sequence[str | Path]
    log: Path
    cwd: Path | None = None
    env: Mapping[str, str] | None = None
    """Added to the caller's environment, which has none of Pulumi's variables."""
    stall_s: float | None = None
    watch: Sequence[Path] = ()


class JobError(Exception):
    """The program failed or was ended; the text is the end of its output."""


def run(job: Job) -> None:
    """Run to the end. Raises JobError when it fails, stalls or cannot start."""
    job.log.parent.mkdir(parents=True, exist_ok=True)
    process: subprocess.Popen[bytes] | None = None
    try:
        with job.log.open("wb") as log, _interrupts_held():
            process = _started(job, log)
        stalled = _wait(job, process)
    finally:
        if process:
            end(process)
    if stalled:
        raise JobError(f"nothing arrived for {job.stall_s:.0f} s")
    if process.returncode:
        raise JobError(tail(job.log) or f"exit status {process.returncode}")


def _started(job: Job, log: BinaryIO) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [str(word) for word in job.command],
            cwd=job.cwd,
            env={**environment.of_a_person(), **(job.env or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise JobError(str(error)) from error


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Signals that end this program wait for the end of the block: nobody would end a program that
    was just being started."""
    came: list[int] = []
    former = {
        number: signal.signal(number, lambda number, _: came.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
    for each in came:
        signal.raise_signal(each)


def _wait(job: Job, process: subprocess.Popen[bytes]) -> bool:
    """Wait for the end; True if it stalled first."""
    amount, last_growth = -1, time.monotonic()
    with Progress(job.part, job.doing) as progress:
        next_look = 0.0
        while process.poll() is None:
            progress.tick(_last_line(job.log))
            now = time.monotonic()
            if job.stall_s is not None and now >= next_look:
                next_look = now + WATCH_EVERY_S
                seen = sum(map(_bytes, (job.log, *job.watch)))
                if seen != amount:
                    amount, last_growth = seen, now
                elif now - last_growth > job.stall_s:
                    return True
            time.sleep(POLL_S)
    return False


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill the program's whole process group, if it still runs, and reap it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def tail(log: Path) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").strip().splitlines()[-TAIL_LINES:])


def _last_line(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 400))
        lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""


def _bytes(path: Path) -> int:
    """Size of a file, or of everything below a folder; what vanishes meanwhile counts nothing."""
    if not path.is_dir():
        return path.stat().st_size if path.exists() else 0
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                total += os.lstat(os.path.join(folder, name)).st_size
            except FileNotFoundError:
                continue
    return total
