"""The little that operations need to know of a stack file before any engine runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class StackFile:
    """`nodes` and `throwaway` as written; a file that the spec refuses is not judged here."""

    path: Path
    throwaway: bool = False
    nodes: tuple[str, ...] = ()


def read(project: Path, stack: str) -> StackFile:
    """The stack's file below `stackConfigDir`; an absent file reads as an empty one."""
    settings = _mapping(project / "Pulumi.yaml")
    path = project / settings.get("stackConfigDir", ".") / f"Pulumi.{stack}.yaml"
    cluster = _mapping(path).get("config", {}).get(f"{settings.get('name')}:cluster")
    if not isinstance(cluster, dict):
        return StackFile(path)
    nodes = cluster.get("nodes")
    return StackFile(
        path=path,
        throwaway=cluster.get("throwaway") is True,
        nodes=tuple(map(str, nodes)) if isinstance(nodes, dict) else (),
    )


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text())
    except (FileNotFoundError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}
