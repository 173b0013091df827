"""What a machine of its own has for etcd: user, folders, firewall, shell profile."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, StrictInt

from components.spec.models.model import Model, setting
from components.spec.report.refuse import refuse
from components.spec.values.fields import as_tuple
from components.spec.values.folders import AbsolutePath, OwnFolder, ReadOnlyFolder
from components.spec.values.machine_names import Name, UnprivilegedName
from components.spec.values.networks import Network
from components.spec.values.truth import truth_of

# 65534 is nobody's.
Id = Annotated[StrictInt, Field(ge=1, le=65533)]
Backend = Literal["none", "nftables", "iptables", "firewalld"]


class User(Model):
    """Who etcd runs as."""

    name: UnprivilegedName = setting("etcd")
    """User name; made if it is missing. Default: etcd."""

    group: UnprivilegedName | None = setting(None, example="etcd")
    """Its group; made if it is missing. Default: the user's name."""

    uid: Id | None = setting(None, example=1501)
    """Number of the user. Default: the machine's choice."""

    gid: Id | None = setting(None, example=1501)
    """Number of the group. Default: the machine's choice."""

    home: OwnFolder = setting("/var/lib/etcd")
    """Home folder. Default: /var/lib/etcd."""

    shell: AbsolutePath = setting("/bin/false")
    """Login shell. Default: /bin/false, so that nobody logs in as etcd."""


class UserSettings(User):
    """Who etcd runs as, with every name filled."""

    group: str
    """Its group."""


class Paths(Model):
    """Folders on a machine of its own; none lies in another."""

    config: ReadOnlyFolder = setting("/etc/etcd")
    """Certificates, keys and configuration. Default: /etc/etcd."""

    data: OwnFolder = setting("/var/lib/etcd/data")
    """etcd's data folder. Default: /var/lib/etcd/data."""

    binaries: ReadOnlyFolder = setting("/opt/etcd")
    """Binaries, side by side by version. Default: /opt/etcd."""

    state: OwnFolder = setting("/var/lib/etcd-cluster")
    """What this project remembers of the node. Default: /var/lib/etcd-cluster."""

    log: OwnFolder = setting("/var/log/etcd")
    """Logs, where no journal keeps them. Default: /var/log/etcd."""


class Firewall(Model):
    """Who reaches the node's ports: the members, and for the client port the named networks."""

    backend: Backend = setting("none", example="nftables")
    """Which firewall of the node is set: none, nftables, iptables or firewalld. Default: none."""

    clients: Annotated[tuple[Network, ...], BeforeValidator(as_tuple)] = setting(
        (), example=["10.0.0.0/8"]
    )
    """Networks that reach the client port. Default: none, so the members alone do."""


class ShellProfile(Model):
    """`/etc/profile.d` with all endpoints and the operator's client certificate."""

    group: Name = setting(example="etcd-operators")
    """Group whose members may read the certificate's key; made if it is missing."""


def name_backend(value: Any) -> Any:
    """`firewall: nftables` is short for a firewall with that backend."""
    known = get_args(Backend)
    if truth_of(value) is False:
        raise refuse(f"is not known; {', '.join(known)} are", example="none")
    if not isinstance(value, str):
        return value
    if value not in known:
        raise refuse(f"is not known; {', '.join(known)} are", example="nftables")
    return {"backend": value}
