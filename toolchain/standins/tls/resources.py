"""Make a resource without any plugin: what the plugin does, and what a test's mock may do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from toolchain.standins.tls import certificates, keys, requests
from toolchain.standins.tls.schema import RESOURCES
from toolchain.standins.tls.values import properties

MAKERS = {
    "tls:index/privateKey:PrivateKey": lambda wanted, _now: keys.make(wanted),
    "tls:index/certRequest:CertRequest": lambda wanted, _now: requests.make(wanted),
    "tls:index/selfSignedCert:SelfSignedCert": certificates.self_signed,
    "tls:index/locallySignedCert:LocallySignedCert": certificates.locally_signed,
}


def create(
    type_token: str, inputs: Mapping[str, Any], now: datetime | None = None
) -> dict[str, Any]:
    """The outputs, `id` among them, of a new resource with these inputs.

    Inputs and outputs are plain values under the protocol's own names (`privateKeyPem`);
    `schema.RESOURCES[type_token].secrets` says which of them are secret. `now` is the time of
    creation, to the clock's if not given. Raises TlsError, with the official plugin's text, when
    the resource cannot be made, and KeyError for a type the plugin does not have.
    """
    wanted = properties(RESOURCES[type_token], inputs)
    return {**wanted, **MAKERS[type_token](wanted, now or datetime.now(UTC))}
