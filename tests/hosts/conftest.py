"""Tests of the hosts use them as any other module does."""

from tests.hosts.fixtures import hosts

__all__ = ["hosts"]
