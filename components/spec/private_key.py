"""Whether a private key can log in. cryptography is imported only when one is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from components.spec.pem import has_explicit_curve

if TYPE_CHECKING:
    from collections.abc import Callable

_REMOVE = "remove it"
_REENCRYPT = "`ssh-keygen -p -f FILE` gives a key another password, or none"
_CLOSED = {
    "explicit": "has the parameters of its curve written out, which the SSH client does not read: "
    "`openssl ec -param_enc named_curve` names the curve",
    "unreadable": "is no whole private key: part of it is missing or changed",
    "unusable": "is of a kind that sshd takes no login with",
}
_OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----"


class Fault(NamedTuple):
    """What is wrong; `reason` holds no part of key or password. An empty remedy: another key."""

    field: Literal["private_key", "private_key_password"]
    reason: str
    remedy: str = ""


def fault_of(key: str, password: str | None) -> Fault | None:
    """Why the key cannot log in, if it cannot. Takes what Go's SSH client takes: OpenSSH's own
    form and PEM (PKCS#1, SEC 1, unencrypted PKCS#8)."""
    text = key.strip()
    if "PRIVATE KEY-----" not in text:
        return Fault("private_key", _no_key(text))
    if "-----BEGIN ENCRYPTED PRIVATE KEY-----" in text:
        reason = "is encrypted as PKCS#8, which the SSH client does not read"
        return Fault("private_key", reason, _REENCRYPT)
    found = _open(text, None)
    if found == "encrypted":
        return _locked(text, password)
    if found != "opened":
        return Fault("private_key", _CLOSED[found])
    if password is not None:
        return Fault("private_key_password", "is given, but the key is not encrypted", _REMOVE)
    return None


def _locked(text: str, password: str | None) -> Fault | None:
    if password is None:
        remedy = f"its password as `private_key_password`; {_REENCRYPT}"
        return Fault("private_key", "is encrypted, and there is no password for it", remedy)
    if _open(text, password) == "opened":
        return None
    return Fault("private_key_password", "does not open the private key", _REENCRYPT)


def _no_key(text: str) -> str:
    if text.startswith(("ssh-", "ecdsa-", "sk-")) or "PUBLIC KEY-----" in text:
        return "is a public key; the private half logs in"
    if "\n" not in text and text.startswith(("/", "~", ".")):
        return "is the name of a file, not the key in it"
    return "is no private key in OpenSSH's form or PEM"


def _open(
    text: str, password: str | None
) -> Literal["opened", "encrypted", "explicit", "unreadable", "unusable"]:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 (slow to import)
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_private_key,
        load_ssh_private_key,
    )

    if has_explicit_curve(text):
        return "explicit"
    load: Callable[..., object] = (
        load_ssh_private_key if text.startswith(_OPENSSH) else load_pem_private_key
    )
    try:
        key = load(f"{text}\n".encode(), password.encode() if password is not None else None)
    except TypeError:
        return "encrypted"
    except ValueError:
        return "unreadable"
    except UnsupportedAlgorithm:
        return "unusable"
    usable = (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey)
    return "opened" if isinstance(key, usable) else "unusable"
