"""Subjects: the property `subject` as a distinguished name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.x509.name import _ASN1Type  # NameAttribute takes it, but exports no name for it
from cryptography.x509.oid import NameOID

ATTRIBUTES = {
    "country": NameOID.COUNTRY_NAME,
    "province": NameOID.STATE_OR_PROVINCE_NAME,
    "locality": NameOID.LOCALITY_NAME,
    "streetAddresses": NameOID.STREET_ADDRESS,
    "postalCode": NameOID.POSTAL_CODE,
    "organization": NameOID.ORGANIZATION_NAME,
    "organizationalUnit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "commonName": NameOID.COMMON_NAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
}
"""Property of a subject to its attribute, in the order in which a name holds them."""
PRINTABLE = re.compile(r"[A-Za-z0-9 '()+,\-./:=?]*")


def from_property(subject: Mapping[str, Any]) -> x509.Name:
    """The name of the property `subject`; what is empty is left out."""
    return _name({ATTRIBUTES[key]: _texts(subject.get(key)) for key in ATTRIBUTES})


def normalised(name: x509.Name) -> x509.Name:
    """A request's name as an issuer writes it: known attributes only, in the usual order."""
    return _name(
        {
            oid: [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]
            for oid in ATTRIBUTES.values()
        }
    )


def _texts(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value or ""]


def _name(values: Mapping[x509.ObjectIdentifier, list[str]]) -> x509.Name:
    rdns = []
    for oid, texts in values.items():
        attributes = [_attribute(oid, text) for text in texts if text]
        if attributes:
            rdns.append(x509.RelativeDistinguishedName(attributes))
    return x509.Name(rdns)


def _attribute(oid: x509.ObjectIdentifier, text: str) -> x509.NameAttribute[str]:
    printable = PRINTABLE.fullmatch(text)
    kind = _ASN1Type.PrintableString if printable else _ASN1Type.UTF8String
    # No validation: the official plugin takes a country of any length.
    return x509.NameAttribute(oid, text, kind, _validate=False)
