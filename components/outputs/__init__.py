"""What a stack tells its users: pure functions per kind of client, and their wiring."""

from components.outputs.stack import cluster_outputs

__all__ = ["cluster_outputs"]
