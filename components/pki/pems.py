"""PEM texts: join, split, read. Certificates only; keys pass through untouched elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from components.spec.x509.certificate import read
from components.spec.x509.order import in_order
from components.spec.x509.pem import certificates

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def join_certificates(*pems: str) -> str:
    """Every certificate of the texts once, in order, one newline after each."""
    found = [certificate for pem in pems for certificate in split_certificates(pem)]
    return "".join(f"{certificate}\n" for certificate in dict.fromkeys(found))


def split_certificates(pem: str) -> list[str]:
    """The certificates of a text, without what stands between them."""
    return _CERTIFICATE.findall(pem.replace("\r\n", "\n"))


def earliest_expiry(pems: Iterable[str]) -> str:
    """When the first of the certificates ends, RFC 3339 in UTC."""
    ends = [read(der).ends for pem in pems for der in certificates(pem)]
    return min(ends).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class ExternalChain:
    """An external signer's place: what clients trust, and what leaves must carry to lead there."""

    root: str
    intermediates: str


def external_chain(certificate: str, chain: str) -> ExternalChain:
    """`chain` is the signer's parents, among them the root; empty for a root.

    Without parents the certificate itself is what clients trust.
    """
    given = [*split_certificates(certificate), *split_certificates(chain)]
    order = in_order([read(der) for pem in given for der in certificates(pem)])
    path = [given[position] for position in order]
    return ExternalChain(
        root=join_certificates(path[-1]), intermediates=join_certificates(*path[:-1])
    )
