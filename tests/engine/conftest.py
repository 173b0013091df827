"""Stacks of the real program on the real engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.aws import aws
from lab.stack import EtcdStack


@pytest.fixture
def make_stack(tmp_path: Path) -> Iterator[Callable[..., EtcdStack]]:
    """Makes a stack in its own folder and loopback network; removed with all its processes."""
    made: list[EtcdStack] = []

    def make(**arguments: Any) -> EtcdStack:
        folder = tmp_path / f"stack{len(made)}"
        folder.mkdir()
        stack = EtcdStack(folder, **arguments)
        made.append(stack)
        return stack.create()

    yield make
    for stack in made:
        stack.remove()


@pytest.fixture
def stack(make_stack: Callable[..., EtcdStack]) -> EtcdStack:
    """A stack as the dev stack is, not yet up."""
    return make_stack()


@pytest.fixture
def running(stack: EtcdStack) -> EtcdStack:
    """The same, up."""
    stack.up().ok()
    return stack


__all__ = ["aws", "make_stack", "running", "stack"]
