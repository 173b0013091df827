"""Settings of a node: what may be set for all nodes at once, or for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ValidationInfo, field_validator

from components.spec.fields import COUNT_MAX, Address, Count, Folder, LogLevel, Port, Sans
from components.spec.flags import Flags
from components.spec.model import Model, setting
from components.spec.names import url_host
from components.spec.refuse import refuse

Transport = Literal["local"]
Runtime = Literal["supervisor"]


class Install(Model):
    """Where the etcd binaries of a node come from."""

    method: Literal["preinstalled"] = setting("preinstalled")
    """preinstalled: somebody else puts them there. Default: preinstalled."""

    directory: Folder = setting(".toolchain/etcd")
    """Folder that holds <version>/etcd, <version>/etcdctl and <version>/etcdutl; relative to the
    project folder. Default: .toolchain/etcd."""


class Metrics(Model):
    """A further listener on the node's address that serves /metrics and /health only."""

    scheme: Literal["http", "https"] = setting("http")
    """http needs no client certificate; https asks for one, as the client port does.
    Default: http."""

    port: Port = setting(2381)
    """TCP port. Default: 2381."""


class Settings(Model):
    """What may be set for all nodes at cluster level, or for one node under `nodes`."""

    transport: Transport | None = setting(None, example="local")
    """How the node is reached: local (this machine). No default: set it for all nodes or each."""

    runtime: Runtime | None = setting(None, example="supervisor")
    """What keeps etcd running: supervisor. No default: set it for all nodes or each."""

    install: Install = setting(Install(), example={"directory": ".toolchain/etcd"})
    """Where the etcd binaries come from. Default: preinstalled in .toolchain/etcd."""

    root: Folder = setting(".dev/nodes")
    """Folder that holds each node's files under <root>/<node>; relative to the project folder.
    Default: .dev/nodes."""

    client_port: Port = setting(2379)
    """TCP port for clients. Default: 2379."""

    peer_port: Port = setting(2380)
    """TCP port for the other members. Default: 2380."""

    metrics: Metrics | None = setting(None, example={"scheme": "http", "port": 2381})
    """A further listener for metrics and health. Default: none."""

    names: Sans = setting((), example=["etcd.example.org"])
    """Further DNS names or IP addresses in the server certificate; `*.` and a name is allowed.
    A node's own come on top of the cluster's. Default: none."""

    log_level: LogLevel = setting("info")
    """Least severe log line that is written: debug, info, warn, error, panic or fatal.
    Default: info."""

    quota_mib: Count = setting(2048, ge=16, le=COUNT_MAX)
    """Database size at which etcd stops taking writes, in MiB. Default: 2048; above 8192 etcd
    itself warns."""

    max_request_kib: Count = setting(1536, ge=64, le=10240)
    """Largest request that a client may send, in KiB. Default: 1536."""

    flags: Flags = setting({}, example={"max-txn-ops": 256})
    """Further etcd flags, without the leading dashes. A node's own come on top of the cluster's,
    flag by flag. Default: none."""

    @field_validator("transport", "runtime", mode="before")
    @classmethod
    def _written_out(cls, value: Any, info: ValidationInfo) -> Any:
        """Left out is fine; written without a value would hide what is set for all nodes."""
        if value is None:
            example = {"transport": "local", "runtime": "supervisor"}[str(info.field_name)]
            raise refuse("has nothing after its colon", example=example)
        return value


class Node(Settings):
    """One etcd member."""

    address: Address = setting(example="10.0.0.11")
    """IP address of the node: listened on, dialled by the others, named in its certificates."""


class NodeSettings(Settings):
    """A node with every setting filled: its own value, else the cluster's, else the default."""

    name: str
    """The node's name, which is its etcd member name too."""

    address: str
    """IP address of the node."""

    transport: Transport
    """How the node is reached."""

    runtime: Runtime
    """What keeps etcd running."""

    @property
    def client_url(self) -> str:
        """Where clients find this member."""
        return f"https://{url_host(self.address)}:{self.client_port}"

    @property
    def peer_url(self) -> str:
        """Where the other members find this one."""
        return f"https://{url_host(self.address)}:{self.peer_port}"

    @property
    def metrics_url(self) -> str | None:
        """Base URL of the metrics listener, if there is one."""
        if self.metrics is None:
            return None
        return f"{self.metrics.scheme}://{url_host(self.address)}:{self.metrics.port}"


def resolve(name: str, node: Node, shared: Settings) -> NodeSettings:
    """The node's settings; `names` and `flags` of the node add to the cluster's."""
    own = node.model_fields_set
    values = {
        field: getattr(node if field in own else shared, field) for field in Settings.model_fields
    }
    values["names"] = tuple(dict.fromkeys((*shared.names, *node.names)))
    values["flags"] = merged(shared.flags, node.flags)
    return NodeSettings.model_construct(name=name, address=node.address, **values)


def merged(shared: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Both mappings, sorted by key, the second one winning."""
    return dict(sorted({**shared, **own}.items()))
