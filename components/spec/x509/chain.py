"""Chains of an external authority, judged as Go's crypto/x509 will judge the leaves below them.

etcd, the apiserver and the tls plugin are Go programs: what is refused here would fail in an `up`.
The root is only trusted: nobody looks at its own signature, but at its dates, usages and limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from components.spec.x509 import public_key, signature
from components.spec.x509.certificate import NAME_CONSTRAINTS, Facts
from components.spec.x509.der import UnreadableError
from components.spec.x509.name_limits import Name, comparable, name_of, refusal

_ANY_USAGE = "2.5.29.37.0"
_USAGES = {"1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.2": "clientAuth"}


def faults(path: Sequence[Facts], names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Position in the path (signer first, root last) and why no leaf below it would be accepted.
    `names` are those in the leaves."""
    for position in range(len(path)):
        try:
            reason = _fault(path, position, names)
        except UnreadableError as error:
            reason = f"cannot be read by Go: {error}"
        if reason:
            yield position, reason


def _fault(path: Sequence[Facts], position: int, names: Sequence[str]) -> str:
    facts, root = path[position], position == len(path) - 1
    return (
        _date(facts)
        or public_key.fault(facts, root=root)
        or _critical(facts)
        or _usages(facts)
        or _length(facts, position)
        or _leaf_names(facts, names)
        or _names_below(facts, path[:position])
        or ("" if root else signature.fault(facts) or _policy(path, position))
    )


def _date(facts: Facts) -> str:
    now = datetime.now(UTC)
    if facts.ends <= now:
        return f"ended on {facts.ends:%Y-%m-%d}"
    if facts.begins > now:
        return f"is valid from {facts.begins:%Y-%m-%d %H:%M} UTC only"
    return ""


def _critical(facts: Facts) -> str:
    oid = facts.unknown_critical
    if oid == NAME_CONSTRAINTS:
        return (
            "has critical constraints of names that are no DNS names, IP addresses, e-mail "
            "addresses or URIs, which Go refuses"
        )
    return f"has the critical extension {oid}, which Go refuses" if oid else ""


def _usages(facts: Facts) -> str:
    """Every certificate above a leaf has to allow what the leaf is used for, or name no usage."""
    missing = [name for oid, name in _USAGES.items() if oid not in facts.usages]
    if not facts.usages or not missing or _ANY_USAGE in facts.usages:
        return ""
    return (
        f"has extended key usages, and {' and '.join(missing)} not among them: no certificate "
        "below it may be used for that"
    )


def _length(facts: Facts, below: int) -> str:
    most = facts.authority[1] if facts.authority else None
    if most is None or below <= most:
        return ""
    return f"allows {most} authorities below it (its path length); there are {below}"


def _leaf_names(facts: Facts, names: Sequence[str]) -> str:
    if facts.limits is None:
        return ""
    for text in names:
        if verb := refusal(name_of(text), facts.limits):
            known = "have to be known by" if verb == "excludes" else "are known by"
            return f"{verb} {text} by its name constraints, which members {known}"
    return ""


def _names_below(facts: Facts, below: Sequence[Facts]) -> str:
    """Names that authorities below it have themselves."""
    if facts.limits is None:
        return ""
    try:
        names: list[Name] = [name for each in below for name in comparable(each.names)]
    except UnreadableError as error:
        return f"has name constraints, and of an authority below it {error}"
    for name in names:
        if verb := refusal(name, facts.limits):
            return (
                f"{verb} the {name.words} by its name constraints, which an authority below it has"
            )
    return ""


def _policy(path: Sequence[Facts], position: int) -> str:
    """Leaves have no policies, so none may be asked for that far down (RFC 5280, 6.1.4)."""
    most = path[position].explicit_policy
    if most is None:
        return ""
    counted = [each for each in path[:position] if each.issuer != each.subject]
    # The leaf is one more.
    if most > len(counted) + 1:
        return ""
    return "asks for a policy below it (requireExplicitPolicy), and leaves have none"
