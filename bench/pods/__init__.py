"""A cluster of pods on a real control plane with three real nodes: what it takes, and what planned
changes of it cost a client."""

from bench.pods.figures import measure

__all__ = ["measure"]
