"""Maintenance of a living cluster, driven by the stack file alone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from tempfile import TemporaryDirectory

import pytest

from lab.client.beside import writing
from lab.needs import needs
from lab.stack import EtcdStack
from lab.watchers.watch import Watch

pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    needs("go"),
]

# Enough that a running etcd would be silent for longer than a writer waits.
VALUES, VALUE = 100, "x" * 1024 * 1024


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


@pytest.mark.soak
def test_databases_are_written_anew_one_by_one_and_nobody_waits_for_it(
    in_memory: EtcdStack,
) -> None:
    fill(in_memory)
    # As YAML has it without quotes.
    in_memory.change(maintenance={"defragment": date(2026, 11, 26)})
    preview = in_memory.run("preview", "--diff").ok().output
    assert preview.count("defragment=2026-11-26\n") == 3, preview
    with writing(in_memory) as client:
        with Watch(in_memory.down) as watch:
            in_memory.up().ok()
        report = client.report()
    assert [names for names in watch.seen if names] == [("etcd1",), ("etcd2",), ("etcd3",)]
    assert report["lost"] == 0, report
    # What two handovers may hit. Each running etcd would have four workers wait, more than once.
    assert report["failed"] <= 8, report
    assert report["longest_gap_ms"] < 1000, report
    in_memory.up("--expect-no-changes").ok()
