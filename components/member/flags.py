"""The etcd flags of a member, by name without dashes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from components.member.member import BootstrapRecord, Member
from components.spec import Cluster, NodeSettings
from components.spec.values.flag_policy import known_flags
from components.spec.values.versions import Version


class Duration(str):
    """A length of time as etcd's flags spell it, such as `10s`."""

    __slots__ = ()


FlagValue = str | int | bool | tuple[str, ...] | Duration
InitialState = Literal["new", "joining", "existing"]

# Stands in the rendering for a member that joins; the node, which can ask, writes who is there.
MEMBERS = "@MEMBERS@"

MIB = 1024 * 1024
KIB = 1024


def etcd_flags(
    member: Member, record: BootstrapRecord, state: InitialState
) -> dict[str, FlagValue]:
    """Every flag that is set for `member`; what is not here has etcd's own default."""
    return {**cold_flags(member), **_initial(member, record, state)}


def cold_flags(member: Member) -> dict[str, FlagValue]:
    """Those whose change costs a restart. All others are `initial-*`, which etcd reads on an empty
    disk only."""
    return {
        **_identity(member),
        **_client_tls(member),
        **_peer_tls(member),
        **_raft(member.cluster),
        **_storage(member),
        **_logging(member),
        **_further(member),
    }


def _identity(member: Member) -> dict[str, FlagValue]:
    node = member.node
    flags: dict[str, FlagValue] = {
        "name": node.name,
        "data-dir": str(member.layout.data),
        "listen-peer-urls": (_listening(node, node.peer_url),),
        "listen-client-urls": (_listening(node, node.client_url),),
        "advertise-client-urls": (node.client_url,),
    }
    if node.metrics_url is not None:
        flags["listen-metrics-urls"] = (_listening(node, node.metrics_url),)
    return flags


def _listening(node: NodeSettings, url: str) -> str:
    """A pod's address changes with each start, and etcd listens on no name."""
    if not node.in_pod:
        return url
    return url.replace(node.address, "0.0.0.0")  # noqa: S104 (the pod's own network)


def _initial(member: Member, record: BootstrapRecord, state: InitialState) -> dict[str, FlagValue]:
    founders = ",".join(f"{name}={url}" for name, url in record.peer_urls.items())
    return {
        "initial-advertise-peer-urls": (member.node.peer_url,),
        "initial-cluster": MEMBERS if state == "joining" else founders,
        "initial-cluster-token": record.token,
        "initial-cluster-state": "new" if state == "new" else "existing",
    }


def _client_tls(member: Member) -> dict[str, FlagValue]:
    pki = member.layout.pki
    return {
        "cert-file": str(pki / "server.pem"),
        "key-file": str(pki / "server.key"),
        # For the gateway's connection to its own member: the server certificate is no client's.
        "client-cert-file": str(pki / "maintenance.pem"),
        "client-key-file": str(pki / "maintenance.key"),
        "trusted-ca-file": str(pki / "ca.pem"),
        "client-cert-auth": True,
    }


def _peer_tls(member: Member) -> dict[str, FlagValue]:
    pki = member.layout.pki
    return {
        "peer-cert-file": str(pki / "peer.pem"),
        "peer-key-file": str(pki / "peer.key"),
        "peer-trusted-ca-file": str(pki / "ca.pem"),
        "peer-client-cert-auth": True,
    }


def _raft(cluster: Cluster) -> dict[str, FlagValue]:
    return {
        "heartbeat-interval": cluster.heartbeat_ms,
        "election-timeout": cluster.election_ms,
        "snapshot-count": cluster.snapshot_count,
        "strict-reconfig-check": True,
    }


def _storage(member: Member) -> dict[str, FlagValue]:
    compaction = member.cluster.compaction
    return {
        "quota-backend-bytes": member.node.quota_mib * MIB,
        "max-request-bytes": member.node.max_request_kib * KIB,
        "auto-compaction-mode": compaction.mode,
        "auto-compaction-retention": _retention(compaction.retention),
    }


def _retention(value: timedelta | int) -> str:
    """A Go duration for a time, digits for a number of revisions."""
    return str(value) if isinstance(value, int) else f"{int(value.total_seconds())}s"


def _logging(member: Member) -> dict[str, FlagValue]:
    return {
        "logger": "zap",
        "log-level": member.node.log_level,
        "log-outputs": ("stderr",),
    }


def _further(member: Member) -> dict[str, FlagValue]:
    kinds = known_flags(Version.parse(member.cluster.version).series)
    return {name: _plain(value, kinds[name]) for name, value in member.node.flags.items()}


def _plain(value: object, kind: str) -> FlagValue:
    """A value from the stack file, lists as tuples."""
    if kind == "duration":
        return Duration(value)
    if isinstance(value, (str, int, bool)):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value)
    message = f"a flag is text, a number, true, false or a list, not {value!r}"
    raise TypeError(message)


def flag_text(value: FlagValue) -> str:
    """A flag's value as etcd reads it from a command line or an environment variable."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)


def flag_texts(flags: Mapping[str, FlagValue]) -> dict[str, str]:
    """Each value as text."""
    return {name: flag_text(value) for name, value in flags.items()}


# Of `log-outputs`: no files, and not to be named beside one.
_NO_FILES = frozenset({"default", "stderr", "stdout", "systemd/journal"})


def log_outputs_with_stderr(flags: Mapping[str, FlagValue]) -> dict[str, FlagValue]:
    """`log-outputs` of a rehearsal, whose reason to fail is read from what etcd prints; empty
    unless the stack file has etcd log to files alone. With log rotation etcd takes one file and
    no other output."""
    outputs = flags.get("log-outputs", ())
    files = outputs if isinstance(outputs, tuple) else (str(outputs),)
    if not files or _NO_FILES & {*files} or flags.get("enable-log-rotation"):
        return {}
    return {"log-outputs": (*files, "stderr")}


def cluster_of_one(client_url: str, peer_url: str, metrics_url: str | None) -> dict[str, FlagValue]:
    """The flags of a member that is alone, and serves nowhere but there; of machines and pods."""
    flags: dict[str, FlagValue] = {
        "listen-client-urls": (client_url,),
        "advertise-client-urls": (client_url,),
        "listen-peer-urls": (peer_url,),
        "initial-advertise-peer-urls": (peer_url,),
    }
    return flags if metrics_url is None else {**flags, "listen-metrics-urls": (metrics_url,)}
