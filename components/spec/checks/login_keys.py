"""Private keys that log in: to a node, and to a jump host before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import SecretStr

from components.spec.checks.login import set_secret
from components.spec.models.origin import either, origin
from components.spec.report.finding import Finding
from components.spec.x509.private_key import fault_of

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.report.problems import Place


def findings(spec: Cluster) -> Iterator[Finding]:
    """Each key once with each password: opening one costs a tenth of a second on purpose."""
    seen: set[tuple[str, str | None]] = set()
    for name, steps, key, password in _logins(spec):
        pair = (key.get_secret_value(), password.get_secret_value() if password else None)
        fault = None if pair in seen else fault_of(*pair)
        seen.add(pair)
        if fault:
            place = origin(spec, name, *steps, fault.field)
            yield Finding(
                place,
                fault.reason,
                fault.remedy or f"a private key: `{set_secret(place)}`",
                rests_on=_rests_on(name, steps),
            )


def _logins(spec: Cluster) -> Iterator[tuple[str, tuple[str, ...], SecretStr, SecretStr | None]]:
    for node in spec.resolved_nodes():
        if not node.logs_in:
            continue
        for steps, login in ((("ssh",), node.ssh), (("ssh", "jump"), node.ssh.jump)):
            if login is not None and login.private_key is not None:
                yield node.name, steps, login.private_key, login.private_key_password


def _rests_on(name: str, steps: tuple[str, ...]) -> tuple[Place, ...]:
    fields = (("transport",), (*steps, "private_key"), (*steps, "private_key_password"))
    return tuple(place for field in fields for place in either(name, *field))
