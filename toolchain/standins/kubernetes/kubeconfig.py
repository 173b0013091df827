"""What a kubeconfig says, as far as it can be read without asking a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

DEFAULT_NAMESPACE = "default"
_SIGNS_OF_CONTENT = ("\n", "{")


def file_of(given: str) -> Path | None:
    """The path that was given in place of a content, or None."""
    return None if any(sign in given for sign in _SIGNS_OF_CONTENT) else Path(given).expanduser()


def content_of(given: str) -> dict[str, Any]:
    """The kubeconfig of a path or a content; empty if there is none that can be read."""
    path = file_of(given)
    try:
        read = yaml.safe_load(path.read_text() if path else given)
    except (OSError, yaml.YAMLError):
        return {}
    return read if isinstance(read, dict) else {}


def namespace(config: dict[str, Any], context: str) -> str:
    """The namespace of the context, `default` where it names none."""
    return str(_context(config, context).get("namespace") or DEFAULT_NAMESPACE)


def active_cluster(config: dict[str, Any], context: str) -> dict[str, Any] | None:
    """Where the context leads: address, certificates. None where that cannot be told."""
    name = _context(config, context).get("cluster")
    return _named(config, "clusters", "cluster", name) or None


def _context(config: dict[str, Any], context: str) -> dict[str, Any]:
    return _named(config, "contexts", "context", context or config.get("current-context"))


def _named(config: dict[str, Any], many: str, one: str, name: Any) -> dict[str, Any]:
    entries = config.get(many) or []
    found = (entry.get(one) for entry in entries if name and entry.get("name") == name)
    return next(found, None) or {}
