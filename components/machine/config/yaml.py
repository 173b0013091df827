"""The conf.yml of etcd's `--config-file`: flag names, with the TLS flags in two sections."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from components.member.flags import Duration, FlagValue
from components.spec.values.go_duration import go_duration_ns

# etcd's own spelling: configYAML and securityConfig in its server/embed/config.go. The section's
# keys are those of the client listener; the peer listener's flags have a prefix.
CLIENT_SECTION = "client-transport-security"
PEER_SECTION = "peer-transport-security"
SECURITY_KEYS = frozenset(
    {
        "cert-file",
        "key-file",
        "client-cert-file",
        "client-key-file",
        "client-cert-auth",
        "trusted-ca-file",
        "auto-tls",
        "skip-client-san-verification",
    }
)
LIST_KEYS = frozenset({"log-outputs", "cipher-suites"})


def render_yaml(flags: Mapping[str, FlagValue]) -> str:
    """The file's text, sections last."""
    document: dict[str, object] = {}
    sections: dict[str, dict[str, object]] = {CLIENT_SECTION: {}, PEER_SECTION: {}}
    for name, value in flags.items():
        section, key = _place(name)
        target = sections[section] if section else document
        target[key] = _value(key, value)
    text: str = yaml.safe_dump({**document, **sections}, sort_keys=False, width=1000)
    return text


def _place(flag: str) -> tuple[str | None, str]:
    if flag in SECURITY_KEYS:
        return CLIENT_SECTION, flag
    if flag.startswith("peer-") and flag.removeprefix("peer-") in SECURITY_KEYS:
        return PEER_SECTION, flag.removeprefix("peer-")
    return None, flag


def _value(key: str, value: FlagValue) -> object:
    if isinstance(value, Duration):
        # A Go duration in etcd's YAML is a number of nanoseconds; as text it ends etcd.
        return go_duration_ns(value)
    if key in LIST_KEYS:
        return list(value) if isinstance(value, tuple) else [value]
    return ",".join(value) if isinstance(value, tuple) else value
