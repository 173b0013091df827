"""Which etcd flags a person may set: what each minor knows, what this project sets itself.

`data/etcd-<minor>.flags` lists every flag of a minor with its kind, one a line, as the etcd server
of that minor defines them; a test asks the real binary.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from components.spec.values.versions import SUPPORTED

_NODES = "`nodes`: the project works it out from their names, addresses and ports"
_PKI = "`pki`: the project makes and places the certificates"

# Flags that the project sets itself, and the field that decides each.
MANAGED: Mapping[str, str] = MappingProxyType(
    {
        "name": "the node's name under `nodes`",
        "data-dir": "`paths.data`, for local `root`",
        "wal-dir": "`paths.data`, for local `root`",
        "log-level": "`log_level`",
        "quota-backend-bytes": "`quota_mib`",
        "max-request-bytes": "`max_request_kib`",
        "snapshot-count": "`snapshot_count`",
        "heartbeat-interval": "`heartbeat_ms`",
        "election-timeout": "`election_ms`",
        "auto-compaction-mode": "`compaction.mode`",
        "auto-compaction-retention": "`compaction.retention`",
        "listen-metrics-urls": "`metrics`",
        "config-file": "`config_format`",
        "version": "`version` beside `nodes`",
        "strict-reconfig-check": "nothing: it is always on",
        "force-new-cluster": "nothing: it throws members away",
        **dict.fromkeys(
            (
                "listen-peer-urls",
                "listen-client-urls",
                "listen-client-http-urls",
                "advertise-client-urls",
                "initial-advertise-peer-urls",
                "initial-cluster",
                "initial-cluster-state",
                "initial-cluster-token",
            ),
            _NODES,
        ),
        **dict.fromkeys(
            (
                "cert-file",
                "key-file",
                "client-cert-file",
                "client-key-file",
                "client-cert-auth",
                "trusted-ca-file",
                "auto-tls",
                "peer-cert-file",
                "peer-key-file",
                "peer-client-cert-file",
                "peer-client-key-file",
                "peer-client-cert-auth",
                "peer-trusted-ca-file",
                "peer-auto-tls",
                "self-signed-cert-validity",
            ),
            _PKI,
        ),
    }
)

# Flags that throw safety away; for clusters that may be lost.
DANGEROUS = frozenset({"unsafe-no-fsync"})

# Flags that conf.yml has no key for, or one of another name in a section of its own (configYAML
# and securityConfig in etcd's server/embed/config.go, 3.5 to 3.7).
NOT_IN_CONF_YML = frozenset(
    {
        "client-crl-file",
        "peer-crl-file",
        "client-cert-allowed-hostname",
        "peer-cert-allowed-cn",
        "peer-cert-allowed-hostname",
        "experimental-peer-skip-client-san-verification",
        "experimental-snapshot-catchup-entries",
        "raft-read-timeout",
        "raft-write-timeout",
        "socket-reuse-address",
        "socket-reuse-port",
    }
)

_GATES = {
    "experimental-stop-grpc-service-on-defrag": "StopGRPCServiceOnDefrag",
    "experimental-initial-corrupt-check": "InitialCorruptCheck",
    "experimental-compact-hash-check-enabled": "CompactHashCheck",
    "experimental-txn-mode-write-with-shared-buffer": "TxnModeWriteWithSharedBuffer",
    "experimental-enable-lease-checkpoint": "LeaseCheckpoint",
    "experimental-enable-lease-checkpoint-persist": "LeaseCheckpointPersist",
}
_V2 = "the v3 API: that of v2 is gone"
_PROXY = "the `etcd grpc-proxy` command, which is a process of its own"


def managed_by(name: str) -> str | None:
    """The field that decides a flag which this project sets itself."""
    if name.startswith("discovery"):
        return _NODES
    return MANAGED.get(name)


@cache
def known_flags(series: str) -> Mapping[str, str]:
    """Every flag of a supported minor: name to kind (bool, number, duration, list or text)."""
    text = (files("components.spec") / "data" / f"etcd-{series}.flags").read_text()
    return MappingProxyType(dict(line.split() for line in text.splitlines()))


def minors_with(name: str) -> tuple[str, ...]:
    """The supported minors that know a flag, oldest first."""
    return tuple(series for series in SUPPORTED if name in known_flags(series))


def replacement(name: str, series: str) -> str:
    """What does the work of a removed flag in a minor; empty where nothing is known to."""
    gate = _GATES.get(name)
    if gate:
        return f"`feature-gates: {gate}=true`"
    plain = name.removeprefix("experimental-")
    if plain != name and plain in known_flags(series):
        return f"`{plain}`"
    if name.startswith("proxy"):
        return _PROXY
    return _V2 if "v2" in name else ""
