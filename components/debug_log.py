"""Keeps secret outputs out of what the engine records."""

from __future__ import annotations

import pulumi


def silence() -> None:
    """Drops the SDK's debug messages.

    Two of them print all outputs of a stack and of a component, secrets in plain text
    (`register_resource_outputs` in the SDK's runtime/resource.py). No screen shows them, but
    `up --json` and `--event-log` do, and those are what CI keeps.
    """
    setattr(pulumi.log, "debug", _nothing)  # noqa: B010 -- nothing else can switch them off


def _nothing(*_: object, **__: object) -> None:
    """In the place of `pulumi.log.debug`."""
