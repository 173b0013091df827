"""Planned changes of a live cluster on real hosts, under a client that never stops writing."""

from bench.operations.measure import measure

__all__ = ["measure"]
