"""The properties of the four resources: one table each, nothing else.

Names, defaults, limits, secrets and what replaces are those of the official plugin 5.5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from toolchain.standins.tls.uses import ALL_USES

Kind = Literal["text", "number", "flag", "texts", "object"]


@dataclass(frozen=True)
class Input:
    """A property that a program sets."""

    name: str
    kind: Kind = "text"
    required: str = ""
    """What the property is; said when it is missing. Empty: it may be missing."""
    default: Any = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    secret: bool = False
    replaces: bool = True
    """Whether a change makes a new resource; otherwise it is an update in place."""


@dataclass(frozen=True)
class Resource:
    """A kind of resource."""

    inputs: tuple[Input, ...]
    computed: tuple[str, ...]
    """Outputs that the plugin makes, besides `id`: unknown in a preview."""
    secret_computed: tuple[str, ...] = ()
    expires: bool = False
    """Whether it has a renewal window (`validityPeriodHours`, `earlyRenewalHours`)."""
    replacement_renews: bool = False
    """Whether a diff that replaces also names every computed output."""

    @property
    def secrets(self) -> frozenset[str]:
        """The properties that are secret even where a program did not say so."""
        return frozenset(self.secret_computed) | {i.name for i in self.inputs if i.secret}


PRIVATE_KEY_PEM = Input(
    "privateKeyPem", required="Private key, in PEM, that the certificate is for.", secret=True
)
NAMES = (
    Input("dnsNames", "texts"),
    Input("ipAddresses", "texts"),
    Input("uris", "texts"),
    Input("subject", "object"),
)
VALIDITY = (
    Input(
        "validityPeriodHours",
        "number",
        required="Number of hours, after initial issuing, that the certificate will remain "
        "valid for.",
        minimum=0,
    ),
    Input("earlyRenewalHours", "number", default=0, minimum=0, replaces=False),
)
CERTIFICATE = (
    *VALIDITY,
    Input(
        "allowedUses",
        "texts",
        required="List of key usages allowed for the issued certificate.",
        choices=ALL_USES,
    ),
    Input("isCaCertificate", "flag", default=False),
    Input("maxPathLength", "number"),
    Input("setSubjectKeyId", "flag", default=False),
)
CERTIFICATE_COMPUTED = ("certPem", "maxPathLength", "validityStartTime", "validityEndTime")

PRIVATE_KEY = Resource(
    inputs=(
        Input(
            "algorithm",
            required="Name of the algorithm to use when generating the private key. "
            "Currently-supported values are: `RSA`, `ECDSA`, `ED25519`. ",
            choices=("RSA", "ECDSA", "ED25519"),
        ),
        Input("ecdsaCurve", default="P224", choices=("P224", "P256", "P384", "P521")),
        Input("rsaBits", "number", default=2048),
    ),
    computed=(
        "privateKeyOpenssh",
        "privateKeyPem",
        "privateKeyPemPkcs8",
        "publicKeyFingerprintMd5",
        "publicKeyFingerprintSha256",
        "publicKeyOpenssh",
        "publicKeyPem",
    ),
    secret_computed=("privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"),
    replacement_renews=True,
)
CERT_REQUEST = Resource(
    inputs=(PRIVATE_KEY_PEM, *NAMES),
    computed=("certRequestPem", "keyAlgorithm"),
)
SELF_SIGNED_CERT = Resource(
    inputs=(
        PRIVATE_KEY_PEM,
        *NAMES,
        *CERTIFICATE,
        Input("setAuthorityKeyId", "flag", default=False),
    ),
    computed=(*CERTIFICATE_COMPUTED, "keyAlgorithm"),
    expires=True,
)
LOCALLY_SIGNED_CERT = Resource(
    inputs=(
        Input("certRequestPem", required="Certificate request, in PEM."),
        Input("caCertPem", required="Certificate of the signing authority, in PEM."),
        Input(
            "caPrivateKeyPem",
            required="Private key of the signing authority, in PEM.",
            secret=True,
        ),
        *CERTIFICATE,
    ),
    computed=(*CERTIFICATE_COMPUTED, "caKeyAlgorithm"),
    expires=True,
)

RESOURCES: Final = {
    "tls:index/privateKey:PrivateKey": PRIVATE_KEY,
    "tls:index/certRequest:CertRequest": CERT_REQUEST,
    "tls:index/selfSignedCert:SelfSignedCert": SELF_SIGNED_CERT,
    "tls:index/locallySignedCert:LocallySignedCert": LOCALLY_SIGNED_CERT,
}
"""Type token to resource."""
