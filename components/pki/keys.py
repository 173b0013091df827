"""Key algorithms: the stack file's names in the words of the tls plugin."""

from __future__ import annotations

from typing import Any

# The curve is always named: the plugin's default, P-224, is one that Go's TLS does not speak.
_KEY_ARGUMENTS: dict[str, dict[str, Any]] = {
    "ecdsa-p256": {"algorithm": "ECDSA", "ecdsa_curve": "P256"},
    "ecdsa-p384": {"algorithm": "ECDSA", "ecdsa_curve": "P384"},
    "ed25519": {"algorithm": "ED25519"},
    "rsa-2048": {"algorithm": "RSA", "rsa_bits": 2048},
    "rsa-3072": {"algorithm": "RSA", "rsa_bits": 3072},
    "rsa-4096": {"algorithm": "RSA", "rsa_bits": 4096},
}

ALGORITHMS = tuple(_KEY_ARGUMENTS)


def key_arguments(algorithm: str) -> dict[str, Any]:
    """The arguments of `pulumi_tls.PrivateKey` for an algorithm such as `ecdsa-p256`."""
    return _KEY_ARGUMENTS[algorithm]
