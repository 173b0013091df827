"""What an operation ends with when it cannot do what was asked."""

from __future__ import annotations


class OperationError(Exception):
    """A run has failed; the text is what a person should read."""


class NoStack(Exception):  # noqa: N818 -- a state of things that callers handle, not a fault
    """There is no such stack in the backend."""
