"""How a script reaches a node. A transport is a file here and a row of this table."""

from __future__ import annotations

from collections.abc import Callable

from components.node.transports import local
from components.node.transports.command import Command, CommandText

TRANSPORTS: dict[str, Callable[..., Command]] = {"local": local.command}

__all__ = ["TRANSPORTS", "Command", "CommandText"]
