"""Maintenance of a living cluster, driven by the stack file alone."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.etcd_stack import EtcdStack
from tests.support.watch import Watch
from tests.support.writer import Writer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.skipif(not shutil.which("go"), reason="the writer is built with Go"),
]

# Enough that a running etcd would be silent for longer than a writer waits.
VALUES, VALUE = 150, "x" * 1024 * 1024


@pytest.fixture
def in_memory(make_stack: Callable[..., EtcdStack]) -> Iterator[EtcdStack]:
    """A running stack on a disk that answers at once; see test_change.py."""
    with TemporaryDirectory(dir="/dev/shm") as folder:
        stack = make_stack(spec={"root": folder})
        stack.up().ok()
        yield stack
        stack.destroy()


def fill(stack: EtcdStack) -> None:
    """Every value is kept, so every one is written anew."""
    put = ["etcdctl", *stack.client_files(), "put"]
    for number in range(VALUES):
        subprocess.run(
            [*put, f"kept/{number}"],
            env=stack.environment,
            input=VALUE,
            text=True,
            check=True,
            capture_output=True,
        )


def down(stack: EtcdStack) -> tuple[str, ...]:
    """The nodes whose etcd process is not there."""
    return tuple(n for n, pid in stack.pids().items() if not Path(f"/proc/{pid}/exe").exists())


def test_databases_are_defragmented_one_by_one_and_no_write_fails(in_memory: EtcdStack) -> None:
    fill(in_memory)
    # As YAML has it without quotes.
    in_memory.change(maintenance={"defragment": date(2026, 11, 26)})
    preview = in_memory.run("preview", "--diff").ok().output
    assert preview.count("defragment=2026-11-26") == 3, preview
    writer = Writer(in_memory)
    try:
        with Watch(lambda: down(in_memory)) as watch:
            in_memory.up().ok()
        report = writer.report()
    finally:
        writer.stop()
    print(report)
    assert [names for names in watch.seen if names] == [("etcd1",), ("etcd2",), ("etcd3",)]
    assert (report["failed"], report["lost"]) == (0, 0), report
    in_memory.up("--expect-no-changes").ok()
