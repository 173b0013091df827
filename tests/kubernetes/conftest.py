"""Tests of the lab use it as any other module does."""

from tests.kubernetes.fixtures import lab

__all__ = ["lab"]
