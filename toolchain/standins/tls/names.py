"""Subject alternative names, from properties and from a request."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any

from cryptography import x509

from toolchain.standins.tls.errors import TlsError

IssuedName = x509.DNSName | x509.IPAddress | x509.UniformResourceIdentifier
KINDS = (x509.DNSName, x509.IPAddress, x509.UniformResourceIdentifier)
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)


def from_properties(wanted: Mapping[str, Any]) -> list[IssuedName]:
    """The names in `dnsNames`, `ipAddresses` and `uris`. Raises TlsError for one that is none."""
    return [
        *(_dns_name(text) for text in wanted.get("dnsNames", ())),
        *(_ip_address(text) for text in wanted.get("ipAddresses", ())),
        *(_uri(text) for text in wanted.get("uris", ())),
    ]


def from_request(request: x509.CertificateSigningRequest) -> list[IssuedName]:
    """The names that a request asks for, of the kinds that an issuer passes on."""
    try:
        asked = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [name for kind in KINDS for name in asked if isinstance(name, kind)]


def _dns_name(text: str) -> x509.DNSName:
    if not text.isascii():
        raise TlsError(f"x509: {json.dumps(text)} cannot be encoded as an IA5String")
    return x509.DNSName(text)


def _ip_address(text: str) -> x509.IPAddress:
    try:
        if "%" in text:
            raise ValueError("a certificate has no zones")
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise TlsError(f"Invalid IP address: Failed to parse {json.dumps(text)}") from error
    return x509.IPAddress(getattr(address, "ipv4_mapped", None) or address)


def _uri(text: str) -> x509.UniformResourceIdentifier:
    bad = BAD_ESCAPE.search(text)
    if bad:
        shown = json.dumps(text)
        raise TlsError(
            f"Invalid URI: Failed to parse {shown}: parse {shown}: "
            f"invalid URL escape {json.dumps(bad.group())}"
        )
    return x509.UniformResourceIdentifier(text)
