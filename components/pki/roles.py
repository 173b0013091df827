"""The one table of certificates: what each says, how it may be used, where it lies.

`modern` gives a certificate only what its holder needs. `classic` gives the usages of document
001. The tls plugin takes key usages and extended key usages as one list, and whether a usage is
critical cannot be set: key usage and basic constraints always are, extended key usage never is.
So `classic` differs from the document in two bits: its server certificate has a critical key
usage, and every leaf has (critical) basic constraints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from components.pki.sans import Sans, no_sans, peer_sans, server_sans

ProfileName = Literal["modern", "classic"]

CERTIFICATE_MODE = 0o644
KEY_MODE = 0o600  # only the user that etcd runs as, who owns the files
CA_FILE = "ca.pem"


@dataclass(frozen=True)
class Role:
    """One kind of certificate.

    `name` is also its key under `pki.lifetimes` and the stem of its files. `uses` are names of the
    tls plugin, sorted, since there even their order replaces a certificate. `sans` gives the names
    for a node's address, extra names and names of services. `classic_subject` are the fields that
    document 001 sets for this role; elsewhere the common name is the holder's own (etcd's user name
    once its authentication is on) and the rest comes from `pki.subject`.
    """

    name: str
    uses: Mapping[ProfileName, tuple[str, ...]]
    sans: Callable[[str, Sequence[str], Sequence[str]], Sans]
    classic_subject: Mapping[str, str]

    @property
    def certificate_file(self) -> str:
        return f"{self.name}.pem"

    @property
    def key_file(self) -> str:
        return f"{self.name}.key"


_CLIENT_USES: Mapping[ProfileName, tuple[str, ...]] = {
    "modern": ("client_auth", "digital_signature"),
    "classic": ("client_auth", "digital_signature", "key_encipherment"),
}

CA = Role(
    name="ca",
    uses={
        "modern": ("cert_signing", "crl_signing"),
        "classic": ("cert_signing", "digital_signature", "key_encipherment"),
    },
    sans=no_sans,
    classic_subject={"common_name": "etcd-ca"},
)

# What a node shows to clients. In modern it is no client certificate itself: a stolen one opens
# nothing (ADR 2).
SERVER = Role(
    name="server",
    uses={
        "modern": ("digital_signature", "server_auth"),
        "classic": (
            "client_auth",
            "content_commitment",
            "digital_signature",
            "key_encipherment",
            "server_auth",
        ),
    },
    sans=server_sans,
    classic_subject={"common_name": "etcd-server"},
)

# Members dial and answer each other with the same certificate: both usages.
PEER = Role(
    name="peer",
    uses={
        "modern": ("client_auth", "digital_signature", "server_auth"),
        "classic": ("client_auth", "digital_signature", "key_encipherment", "server_auth"),
    },
    sans=peer_sans,
    classic_subject={"common_name": "etcd-peer"},
)

# The node's own scripts, and etcd's gateway when it dials its own client port.
MAINTENANCE = Role(
    name="maintenance",
    uses=_CLIENT_USES,
    sans=no_sans,
    classic_subject={"common_name": "etcd-client", "organization": "system:masters"},
)

# One per consumer (an apiserver, Prometheus, the operator), under its own name in every profile.
CLIENT = Role(
    name="client",
    uses=_CLIENT_USES,
    sans=no_sans,
    classic_subject={"organization": "system:masters"},
)

NODE_ROLES = (SERVER, PEER, MAINTENANCE)
