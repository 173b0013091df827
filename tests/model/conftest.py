"""Deadlines for scripts that wait in a simulated time."""

from tests.node.conftest import timeouts

__all__ = ["timeouts"]
