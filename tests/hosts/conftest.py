"""Tests of the hosts use them as any other module does."""

from lab.hosts.fixtures import hosts

__all__ = ["hosts"]
