"""The little that operations need to know of a stack file before any engine runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from components.spec.reading.stack_text import (
    UnreadableError,
    config_of,
    content_of,
    fault_of,
    parse,
)


@dataclass(frozen=True)
class StackFile:
    """`throwaway` is true only if the file clearly says so. `secrets_provider`: the engine's URL
    for it, such as awskms://…; None for the engine's default. `cluster`: as it stands there.
    `config`: all settings in the file, by name."""

    path: Path
    throwaway: bool
    root: str = ".dev/nodes"  # the spec's default
    secrets_provider: str | None = None
    cluster: object = None
    config: dict[str, Any] = field(default_factory=dict)

    @property
    def authorities(self) -> set[str]:
        """The resources of those generations that are plainly made by this project and that the
        file trusts, named as components/pki names them."""
        cluster = self.cluster if isinstance(self.cluster, dict) else {}
        pki = cluster.get("pki")
        pki = pki if isinstance(pki, dict) else {}
        trusted, special = pki.get("trusted", [pki.get("signing", 1)]), pki.get("generations")
        numbers = trusted if isinstance(trusted, list) else []
        apart = {str(key) for key in special} if isinstance(special, dict) else set()
        plain = [number for number in numbers if str(number) not in apart]
        return {f"{cluster.get('name')}-authority-ca-{number}" for number in plain}

    @property
    def unreachable(self) -> list[str]:
        """The nodes that it marks `reachable: false`."""
        nodes = self.cluster.get("nodes") if isinstance(self.cluster, dict) else None
        settings = nodes.items() if isinstance(nodes, dict) else ()
        return [
            str(name)
            for name, node in settings
            if isinstance(node, dict) and node.get("reachable") is False
        ]


def read(project: Path, stack: str) -> StackFile:
    """The stack's file below `stackConfigDir`; an absent file reads as an empty one."""
    settings = _mapping(project / "Pulumi.yaml")
    path = _folder(project, settings) / f"Pulumi.{stack}.yaml"
    content = _mapping(path)
    provider = content.get("secretsprovider")
    config = config_of(content)
    cluster = config.get(f"{settings.get('name')}:cluster")
    given = cluster if isinstance(cluster, dict) else {}
    return StackFile(
        path,
        throwaway=given.get("throwaway") is True,
        root=str(given.get("root", StackFile.root)),
        secrets_provider=provider,
        cluster=cluster,
        config=config,
    )


def fault(path: Path) -> str:
    """Why the engine could not read the file, with the line; empty for one that it can."""
    try:
        content = parse(content_of(path))
    except UnreadableError as error:
        return str(error)
    return fault_of(content) or _fault_of_provider(content)


def _fault_of_provider(content: object) -> str:
    provider = content.get("secretsprovider") if isinstance(content, dict) else None
    if provider is None or (isinstance(provider, str) and provider.isprintable()):
        return ""
    example = "`passphrase`, or a URL such as awskms://alias/etcd?region=eu-central-1"
    return f"secretsprovider is no text on one line; {example}"


def paths(project: Path) -> list[Path]:
    """Every stack file of the project."""
    return sorted(_folder(project, _mapping(project / "Pulumi.yaml")).glob("Pulumi.*.yaml"))


def _folder(project: Path, settings: dict[str, Any]) -> Path:
    return project / str(settings.get("stackConfigDir", "."))


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = parse(content_of(path))
    except (FileNotFoundError, UnreadableError):
        return {}
    return content if isinstance(content, dict) else {}
