"""Further etcd flags: known to the version, left to the person, and of the right kind."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from components.spec.report.finding import Finding
from components.spec.report.readable import is_readable
from components.spec.values.flag_policy import (
    DANGEROUS,
    NOT_IN_CONF_YML,
    known_flags,
    managed_by,
    minors_with,
    replacement,
)
from components.spec.values.go_duration import go_duration_ns
from components.spec.values.versions import Version

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.report.problems import Place
    from components.spec.values.flags import FlagValue

_QUOTING = re.compile(r"['\\]")
_INT64_MAX = 2**63 - 1
_VERSION: tuple[Place, ...] = (("version",),)


def findings(spec: Cluster) -> Iterator[Finding]:
    """Each flag where it is written: for all nodes, or for one."""
    series = Version.parse(spec.version).series
    for place, flags in _written(spec):
        for name, value in flags.items():
            finding = (
                _refused(name, series, (*place, name))
                or _unsafe(spec, name, (*place, name))
                or _unwritable(spec, name, value, (*place, name))
                or _wrong_kind(known_flags(series)[name], value, (*place, name))
            )
            if finding:
                yield finding


def _written(spec: Cluster) -> Iterator[tuple[Place, dict[str, FlagValue]]]:
    yield ("flags",), dict(spec.flags)
    for name, node in spec.nodes.items():
        yield ("nodes", name, "flags"), dict(node.flags)


def _refused(name: str, series: str, place: Place) -> Finding | None:
    field = managed_by(name)
    if field:
        return Finding(place, "is set by this project", f"use {field}")
    if name in known_flags(series):
        return None
    minors = minors_with(name)
    if not minors:
        return _unknown(name, series, place)
    if minors[-1] < series:
        instead = replacement(name, series)
        return Finding(
            place,
            f"was removed after etcd {minors[-1]}: {series} does not start with it",
            f"use {instead}" if instead else "remove it",
            rests_on=_VERSION,
        )
    return Finding(
        place,
        f"comes with etcd {minors[0]}; {series} does not start with it",
        f"remove it, or use version {minors[0]}",
        rests_on=_VERSION,
    )


def _unknown(name: str, series: str, place: Place) -> Finding:
    near = difflib.get_close_matches(name, known_flags(series), n=1)
    if not near:
        remedy = "see `etcd --help` for the known ones"
    elif field := managed_by(near[0]):
        remedy = f"if `{near[0]}` is meant, use {field}"
    else:
        remedy = f"did you mean `{near[0]}`?"
    return Finding(place, f"is no flag of etcd {series}", remedy, rests_on=_VERSION)


def _unsafe(spec: Cluster, name: str, place: Place) -> Finding | None:
    if name not in DANGEROUS or spec.throwaway:
        return None
    return Finding(
        place,
        "loses data at a power failure; the cluster is not marked `throwaway: true`",
        "remove it",
        rests_on=(("throwaway",),),
    )


def _unwritable(spec: Cluster, name: str, value: FlagValue, place: Place) -> Finding | None:
    """etcd ignores what its conf.yml has no key for, without a word; and what reads an environment
    file, a shell or systemd, agrees on no form for a quote or backslash."""
    texts = value if isinstance(value, tuple) else (str(value),)
    if _is_env(spec) and any(map(_QUOTING.search, texts)):
        return Finding(
            place,
            "has a quote or backslash, which no environment file holds for every reader",
            "`config_format: yaml`, or another text",
            rests_on=(("config_format",), ("transport",)),
        )
    if spec.config_format != "yaml" or name not in NOT_IN_CONF_YML:
        return None
    return Finding(
        place,
        "has no key of its own in conf.yml: etcd would ignore it",
        "`config_format: env`, or remove it",
        rests_on=(("config_format",),),
    )


def _is_env(spec: Cluster) -> bool:
    """A pod has arguments, in which anything may stand."""
    return spec.config_format == "env" and not spec.in_kubernetes


def _wrong_kind(kind: str, value: FlagValue, place: Place) -> Finding | None:
    """A value that the flag's own parser would refuse at start."""
    fits, reason, example = _KINDS[kind]
    if fits(value):
        return None
    example = _instead(kind, value, _EXAMPLES.get(str(place[-1]), example))
    remedy = "" if example is not None else f"a {kind}, as `etcd --help` says"
    return Finding(place, reason, remedy, example, rests_on=_VERSION)


def _instead(kind: str, value: FlagValue, example: object) -> object:
    """What was probably meant, else an example."""
    if isinstance(value, bool) or not is_readable(value):
        return example
    if kind == "list" and isinstance(value, str):
        return [each.strip() for each in value.split(",") if each.strip()] or example
    return str(value) if kind == "text" else example


def _is_switch(value: FlagValue) -> bool:
    return isinstance(value, bool)


def _is_count(value: FlagValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _INT64_MAX


def _is_go_duration(value: FlagValue) -> bool:
    try:
        return isinstance(value, str) and go_duration_ns(value) >= 0
    except ValueError:
        return False


def _is_list(value: FlagValue) -> bool:
    return isinstance(value, tuple)


def _is_text(value: FlagValue) -> bool:
    return isinstance(value, str)


# Of flags for which the kind's own example would be none.
_EXAMPLES: Mapping[str, object] = {
    "cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    "client-cert-allowed-hostname": ["client.example.org"],
    "cors": ["https://example.org"],
    "host-whitelist": ["etcd.example.org"],
    "log-outputs": ["stderr"],
    "metrics": "basic",
    "peer-cert-allowed-cn": ["etcd1"],
    "peer-cert-allowed-hostname": ["etcd1.example.org"],
    "tls-max-version": "TLS1.3",
    "tls-min-version": "TLS1.2",
}

# For each kind: what fits, the reason why something else does not, an example.
_KINDS: Mapping[str, tuple[Callable[[FlagValue], bool], str, object]] = {
    "bool": (_is_switch, "is a switch: true or false, without quotes", True),
    "number": (_is_count, "is a number: 0 or more, without quotes", 1),
    "duration": (_is_go_duration, "is a duration in etcd's own form, such as 10s or 1h30m", "10s"),
    "list": (_is_list, "is a list", None),
    "text": (_is_text, "is a text: a number belongs in quotes", None),
}
