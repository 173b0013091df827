"""The ports of a node, and where the stack file chooses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.spec.report.problems import Place

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster


@dataclass(frozen=True)
class Listener:
    """A port of a node, and the address it is on."""

    node: str
    address: str
    port: int
    place: Place
    """Where the port is written: at the node or for all."""

    @property
    def own(self) -> bool:
        """Whether the node says so itself."""
        return self.place[0] == "nodes"


def listeners_of(spec: Cluster, name: str) -> Iterator[Listener]:
    """Every port that the stack file can choose."""
    node, settings = spec.nodes[name], spec.node(name)
    ports: dict[Place, int] = {
        ("client_port",): settings.client_port,
        ("peer_port",): settings.peer_port,
    }
    if settings.metrics is not None:
        ports["metrics", "port"] = settings.metrics.port
    for place, port in ports.items():
        own = place[0] in node.model_fields_set
        # One whose address is not known shares it with nobody.
        yield Listener(
            name, settings.address or name, port, ("nodes", name, *place) if own else place
        )
