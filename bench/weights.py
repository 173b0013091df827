"""What a stack sends to a node and keeps of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lab.stack import EtcdStack

_COMMAND = "command:remote:Command"
_COPY = "command:remote:CopyToRemote"


def sent_bytes(stack: EtcdStack, node: str) -> dict[str, int]:
    """By command of that node: its text and its standard input; the archive as it is."""
    sizes = {}
    for resource in _exported(stack, "--show-secrets")["deployment"]["resources"]:
        name = resource["urn"].rpartition("::")[2]
        if resource["type"] == _COMMAND and f"-{node}-" in name:
            inputs = resource["inputs"]
            stdin = inputs["stdin"]
            text = json.loads(stdin["plaintext"]) if isinstance(stdin, dict) else stdin
            sizes[name.rpartition("-")[2]] = len(inputs["create"]) + len(text)
        elif resource["type"] == _COPY and f"-{node}-" in name:
            sizes["archive"] = Path(resource["inputs"]["source"]["path"]).stat().st_size
    return sizes


def state_bytes(stack: EtcdStack) -> int:
    """The whole state as it is exported, its secrets encrypted."""
    return len(stack.run("stack", "export").ok().output)


def _exported(stack: EtcdStack, *options: str) -> dict[str, Any]:
    document: dict[str, Any] = stack.document("stack", "export", *options)
    return document
