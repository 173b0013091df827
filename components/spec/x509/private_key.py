"""Whether a private key can log in: exactly what Go's SSH client reads can.

cryptography is imported only when one is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from components.spec.x509 import go_keys
from components.spec.x509.pem import blocks, decoded, has_explicit_curve

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

_REMOVE = "remove it"
_REENCRYPT = "`ssh-keygen -p -f FILE` gives a key another password, or none"
_ANOTHER = (
    "a key of another kind, as `ssh-keygen -t ed25519 -f FILE` makes it, with its public half in "
    "authorized_keys there"
)
_CLOSED = {
    "explicit": (
        "has the parameters of its curve written out, which the SSH client does not read",
        "`openssl ec -param_enc named_curve` names the curve",
    ),
    "only_pss": (
        "is for RSA-PSS only (id-RSASSA-PSS), which the SSH client does not read",
        _ANOTHER,
    ),
    "unreadable": ("is no whole private key: part of it is missing or changed", ""),
    "unusable": ("is of a kind that sshd takes no login with", ""),
}
_OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----"
_OPENSSH_MAGIC = b"openssh-key-v1\0"
_CIPHERS = ("none", "aes256-ctr", "aes256-cbc")
_CURVES = ("secp256r1", "secp384r1", "secp521r1")


class Fault(NamedTuple):
    """What is wrong; `reason` holds no part of key or password. An empty remedy: another key."""

    field: Literal["private_key", "private_key_password"]
    reason: str
    remedy: str = ""


def fault_of(key: str, password: str | None) -> Fault | None:
    """Why the key cannot log in, if it cannot. Takes what Go's SSH client takes: OpenSSH's own
    form and PEM (PKCS#1, SEC 1, unencrypted PKCS#8)."""
    text = key.strip()
    if fault := _form_fault(text):
        return fault
    found = _open(text, None)
    if found == "encrypted":
        return _locked(text, password)
    if fault := _closed(found):
        return fault
    if password is not None:
        return Fault("private_key_password", "is given, but the key is not encrypted", _REMOVE)
    return None


def _form_fault(text: str) -> Fault | None:
    """Why the SSH client would not try to open it."""
    if "PRIVATE KEY-----" not in text:
        return Fault("private_key", _no_key(text))
    if "-----BEGIN ENCRYPTED PRIVATE KEY-----" in text:
        reason = "is encrypted as PKCS#8, which the SSH client does not read"
        return Fault("private_key", reason, _REENCRYPT)
    cipher = _cipher(text)
    if cipher not in _CIPHERS:
        reason = f"is encrypted with {cipher}, which the SSH client does not read"
        remedy = "`ssh-keygen -p -Z aes256-ctr -f FILE` encrypts it so that it does"
        return Fault("private_key", reason, remedy)
    for word, found in (("explicit", has_explicit_curve), ("only_pss", go_keys.is_only_pss)):
        if found(text):
            return Fault("private_key", *_CLOSED[word])
    return None


def _locked(text: str, password: str | None) -> Fault | None:
    if password is None:
        remedy = f"its password as `private_key_password`; {_REENCRYPT}"
        return Fault("private_key", "is encrypted, and there is no password for it", remedy)
    found = _open(text, password)
    if isinstance(found, str):
        return Fault("private_key_password", "does not open the private key", _REENCRYPT)
    return _closed(found)


def _closed(found: PrivateKeyTypes | str) -> Fault | None:
    """What is wrong with a key that was opened, or why it was not."""
    reason, remedy = _CLOSED[found] if isinstance(found, str) else (_refusal(found), _ANOTHER)
    return Fault("private_key", reason, remedy) if reason else None


def _no_key(text: str) -> str:
    if text.startswith(("ssh-", "ecdsa-", "sk-")) or "PUBLIC KEY-----" in text:
        return "is a public key; the private half logs in"
    if "\n" not in text and text.startswith(("/", "~", ".")):
        return "is the name of a file, not the key in it"
    return "is no private key in OpenSSH's form or PEM"


def _cipher(text: str) -> str:
    """What encrypts a key in OpenSSH's form."""
    block = next(blocks(text), None) if text.startswith(_OPENSSH) else None
    found = decoded(block) if block else b""
    if not found.startswith(_OPENSSH_MAGIC):
        return "none"
    rest = found[len(_OPENSSH_MAGIC) :]
    return rest[4 : 4 + int.from_bytes(rest[:4])].decode("ascii", "replace")


def _open(text: str, password: str | None) -> PrivateKeyTypes | str:
    """The key, or the word for why it was not opened."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 (slow to import)
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key  # noqa: PLC0415

    secret = None if password is None else password.encode()
    try:
        if text.startswith(_OPENSSH):
            return load_ssh_private_key(f"{text}\n".encode(), secret)
        return go_keys.load(f"{text}\n", secret)
    except TypeError:
        return "encrypted"
    except ValueError:
        return "unreadable"
    except UnsupportedAlgorithm:
        return "unusable"


def _refusal(key: PrivateKeyTypes) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415

    if isinstance(key, ec.EllipticCurvePrivateKey):
        curve = key.curve.name
        fits = curve in _CURVES
        return "" if fits else f"is on the curve {curve}; the SSH client takes P-256, P-384, P-521"
    if isinstance(key, rsa.RSAPrivateKey):
        return _rsa_refusal(key)
    return "" if isinstance(key, ed25519.Ed25519PrivateKey) else _CLOSED["unusable"][0]


def _rsa_refusal(key: rsa.RSAPrivateKey) -> str:
    if key.key_size < go_keys.RSA_LEAST_BITS:
        return f"has {key.key_size} bits; the SSH client takes {go_keys.RSA_LEAST_BITS} at least"
    return "" if go_keys.is_sound(key) else "is no private key: its numbers differ"
