"""The key pair by which this control plane signs the tokens of its service accounts."""

from __future__ import annotations

import pulumi_tls as tls
from pulumi import Output

_SIGNING_KEY = "/etc/kubernetes/pki/sa.key"
_PUBLIC_KEY = "/etc/kubernetes/pki/sa.pub"


class ServiceAccounts:
    """`flags` of kube-apiserver, and the `files` that they name."""

    def __init__(self, name: str) -> None:
        pair = tls.PrivateKey(name, algorithm="ECDSA", ecdsa_curve="P256")
        self.flags = [
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={_PUBLIC_KEY}",
            f"--service-account-signing-key-file={_SIGNING_KEY}",
        ]
        self.files: Output[dict[str, str]] = Output.all(
            pair.private_key_pem, pair.public_key_pem
        ).apply(lambda pems: {_SIGNING_KEY: pems[0], _PUBLIC_KEY: pems[1]})
