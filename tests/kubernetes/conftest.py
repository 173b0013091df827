"""Tests of the lab use it as any other module does, and hosts beside it."""

from tests.hosts.fixtures import hosts
from tests.kubernetes.fixtures import lab

__all__ = ["hosts", "lab"]
