"""A node with every setting filled: its own value, else the cluster's, else the default."""

from __future__ import annotations

from typing import Any

from components.spec.models.install import FETCHES, InstallSettings, Method
from components.spec.models.kubernetes import Kubernetes
from components.spec.models.machine import Firewall, Paths, UserSettings
from components.spec.models.model import Model
from components.spec.models.settings import Metrics, Node, Settings
from components.spec.models.ssh import Jump, JumpSettings, SshSettings
from components.spec.models.transports import TRANSPORTS, Runtime, Transport
from components.spec.values.names import url_host
from components.spec.values.releases import URL, published_sha256

PUSHED = "amd64"


class NodeSettings(Settings):
    """A node with every setting filled: its own value, else the cluster's, else the default."""

    name: str
    """The node's name, which is its etcd member name too."""

    address: str
    """IP address of the node; of a pod its DNS name."""

    service_names: tuple[str, ...]
    """Of a pod: its own names and those of its services, short and long; a machine has none."""

    host_key: str
    """The machine's public host key; empty for local."""

    reachable: bool
    """Whether its machine gets commands."""

    runtime: Runtime
    """What keeps etcd running."""

    ssh: SshSettings
    """How this machine logs in."""

    user: UserSettings
    """Who etcd runs as."""

    install: InstallSettings
    """Where the etcd binaries come from."""

    @property
    def logs_in(self) -> bool:
        """Whether commands reach it by a login."""
        return TRANSPORTS[self.transport].logs_in

    @property
    def own_machine(self) -> bool:
        """Whether it has users, folders, a firewall and a clock of its own."""
        return TRANSPORTS[self.transport].own_machine

    @property
    def on_this_machine(self) -> bool:
        """Whether it shares the machine, and the user, of whoever runs Pulumi."""
        return not self.own_machine and not self.in_pod

    @property
    def in_pod(self) -> bool:
        """Whether Kubernetes runs it."""
        return TRANSPORTS[self.transport].pod

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


def resolve(
    name: str, node: Node, shared: Settings, version: str, pods: Kubernetes | None
) -> NodeSettings:
    """The node's settings; `names` and `flags` of the node add to the cluster's, and what belongs
    to its machine merges field by field. `pods` is where those of the cluster live."""
    values = _laid_over(shared, node)
    transport = TRANSPORTS[values["transport"]]
    address = node.address or ("" if pods is None else pods.host_of(name))
    install = _install(_laid_over(shared.install, node.install), transport, version)
    values |= {
        "runtime": values["runtime"] or transport.runtimes[0],
        "ssh": _ssh(_laid_over(shared.ssh, node.ssh), address),
        "user": _user(_laid_over(shared.user, node.user)),
        "paths": Paths.model_construct(**_laid_over(shared.paths, node.paths)),
        "firewall": Firewall.model_construct(**_laid_over(shared.firewall, node.firewall)),
        "install": install,
        "architecture": values["architecture"] or (PUSHED if install.method == "push" else None),
        # Kubernetes asks it whether the member is well.
        "metrics": values["metrics"] or (Metrics() if transport.pod else None),
        "names": tuple(dict.fromkeys((*shared.names, *node.names))),
        "flags": dict(sorted({**shared.flags, **node.flags}.items())),
    }
    return NodeSettings.model_construct(
        name=name,
        address=address,
        service_names=() if pods is None else pods.names_of(name),
        host_key=node.host_key or "",
        reachable=node.reachable,
        **values,
    )


def _laid_over(shared: Model, own: Model) -> dict[str, Any]:
    """The fields that both have: the own value where one was given, else the shared one."""
    fields = [field for field in type(own).model_fields if field in type(shared).model_fields]
    return {
        field: getattr(own if field in own.model_fields_set else shared, field) for field in fields
    }


def _ssh(values: dict[str, Any], address: str) -> SshSettings:
    values["host"] = values["host"] or address
    if values["jump"]:
        values["jump"] = _jump(values["jump"], values)
    return SshSettings.model_construct(**values)


def _jump(jump: Jump, ssh: dict[str, Any]) -> JumpSettings:
    """Whoever logs in to the node logs in to the jump host, unless it has a login of its own."""
    values = dict(jump)
    if jump.private_key is None and not jump.agent:
        values |= {key: ssh[key] for key in ("private_key", "private_key_password", "agent")}
    values["host_key"] = jump.host_key or ""
    return JumpSettings.model_construct(**values)


def _user(values: dict[str, Any]) -> UserSettings:
    values["group"] = values["group"] or values["name"]
    return UserSettings.model_construct(**values)


def _install(values: dict[str, Any], transport: Transport, version: str) -> InstallSettings:
    """What a method has no use for is empty."""
    method: Method = values["method"] or transport.method
    fetches, installed = method in FETCHES, method == "preinstalled"
    directory = values["directory"] or transport.directory
    return InstallSettings.model_construct(
        method=method,
        url=(values["url"] or URL) if fetches else "",
        sha256={**published_sha256(version), **values["sha256"]} if fetches else {},
        directory=directory if installed else "",
    )
