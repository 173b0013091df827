"""Settings of a node: what may be set for all nodes at once, or for one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, StrictBool

from components.spec.models.install import Architecture, Install
from components.spec.models.machine import Firewall, Paths, ShellProfile, User, name_backend
from components.spec.models.model import Model, OrNone, setting
from components.spec.models.ssh import Ssh
from components.spec.models.transports import Runtime, TransportName
from components.spec.values.fields import COUNT_MAX, Address, Count, LogLevel, Port, Sans
from components.spec.values.flags import Flags
from components.spec.values.folders import Root
from components.spec.values.host_key import EXAMPLE as EXAMPLE_HOST_KEY
from components.spec.values.host_key import HostKey


class Metrics(Model):
    """A further listener on the node's address that serves /metrics and /health only."""

    scheme: Literal["http", "https"] = setting("http")
    """http needs no client certificate; https asks for one, as the client port does.
    Default: http."""

    port: Port = setting(2381)
    """TCP port. Default: 2381."""


class Settings(Model):
    """What may be set for all nodes at cluster level, or for one node under `nodes`."""

    transport: TransportName = setting("ssh")
    """How the node is reached: ssh, local for a member on this machine, or kubernetes for a cluster
    of pods, which is then that of all nodes. Default: ssh."""

    runtime: Runtime | None = setting(None, example="systemd")
    """What keeps etcd running. Default: systemd over ssh, supervisor for local, pod in
    Kubernetes."""

    ssh: Ssh = setting(Ssh(), example={"user": "ops", "sudo": True, "agent": True})
    """How this machine logs in; over ssh only. Default: as root on port 22."""

    user: User = setting(User(), example={"uid": 1501, "gid": 1501})
    """Who etcd runs as; over ssh only. Default: etcd."""

    key_access: Literal["owner", "acl"] = setting("owner")
    """Who holds private keys; over ssh only. owner: the user, mode 0600; acl: root, and the user
    reads them by an access control list (setfacl). Default: owner."""

    paths: Paths = setting(Paths(), example={"data": "/srv/etcd"})
    """Folders on the node; over ssh only. Default: as listed there."""

    firewall: Annotated[Firewall, BeforeValidator(name_backend)] = setting(
        Firewall(), example="nftables"
    )
    """The node's firewall, as its name or with the networks of clients; over ssh only.
    Default: none, so nothing is opened or closed."""

    shell_profile: Annotated[ShellProfile | None, OrNone] = setting(
        None, example={"group": "etcd-operators"}
    )
    """A profile for those who work on the node, none for a node without; over ssh only.
    Default: none."""

    install: Install = setting(Install(), example={"method": "release"})
    """Where the etcd binaries come from. Default: a release over ssh; for local preinstalled in
    .toolchain/etcd."""

    architecture: Architecture | None = setting(None, example="arm64")
    """The node's processor, in etcd's names. Default: read from the node; with install.method push
    amd64."""

    root: Root = setting(".dev/nodes")
    """Folder that holds each node's files under <root>/<node>; relative to the project folder; for
    local only. Default: .dev/nodes."""

    client_port: Port = setting(2379)
    """TCP port for clients. Default: 2379."""

    peer_port: Port = setting(2380)
    """TCP port for the other members. Default: 2380."""

    metrics: Annotated[Metrics | None, OrNone] = setting(
        None, example={"scheme": "http", "port": 2381}
    )
    """A further listener for metrics and health; none for a node without. Default: none; in
    Kubernetes, whose probes ask it, http on port 2381."""

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


class Node(Settings):
    """One etcd member."""

    address: Address | None = setting(None, example="10.0.0.11")
    """IP address of the node: listened on, dialled by the others, named in its certificates. No
    default; a pod has none of its own, and is known by its name."""

    host_key: HostKey | None = setting(None, example=EXAMPLE_HOST_KEY)
    """The machine's public host key, compared at every connection; required over ssh, for which
    `.toolchain/bin/etcd-cluster host-keys` prints it. No default."""

    reachable: StrictBool = setting(default=True, example=False)
    """false for a machine that is off or lost: it gets no command until this is true again, and may
    then be taken out of the file without one. Default: true."""
