"""Tests of the lab use it as any other module does, and hosts beside it."""

from lab.hosts.fixtures import hosts
from lab.kubernetes.fixtures import lab

__all__ = ["hosts", "lab"]
