"""Private keys of every kind and form, for what Go's SSH client says of them."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from components.spec.x509.der import SEQUENCE, elements
from tests.spec.chains import key_of
from tests.spec.damage import Node, node_of, tree_of, with_parts
from tests.spec.machines import LOCKED_KEYS, OPEN_KEYS, PASSWORD

_OPEN = NoEncryption()
PKCS8, TRADITIONAL = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL


def pem(label: str, der: bytes) -> str:
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n"


def written(key: Any, form: PrivateFormat) -> str:
    return str(key.private_bytes(Encoding.PEM, form, _OPEN).decode())


def on(curve: Any, form: PrivateFormat) -> str:
    return written(ec.generate_private_key(curve), form)


def changed(kind: str, form: PrivateFormat, label: str, edit: Callable[[Node], Node]) -> str:
    """The DER of a key with something else in it."""
    der = key_of(kind).private_bytes(Encoding.DER, form, _OPEN)
    return pem(label, edit(tree_of(der)).der)


def followed(kind: str, form: PrivateFormat, label: str) -> str:
    """Something stands behind the DER of a key."""
    return pem(label, key_of(kind).private_bytes(Encoding.DER, form, _OPEN) + b"\0")


def enciphered(name: bytes) -> str:
    """A locked key that names another cipher: nobody gets as far as the cipher itself."""
    body = "".join(LOCKED_KEYS["openssh"].splitlines()[1:-1])
    magic, rest = base64.b64decode(body)[:15], base64.b64decode(body)[15:]
    after = rest[4 + int.from_bytes(rest[:4]) :]
    return pem("OPENSSH PRIVATE KEY", magic + len(name).to_bytes(4) + name + after)


def small_rsa(bits: int) -> str:
    """Smaller than any library makes."""
    p, q = _PRIMES[bits]
    order = math.lcm(p - 1, q - 1)
    secret = pow(65537, -1, order)
    numbers = (0, p * q, 65537, secret, p, q, secret % (p - 1), secret % (q - 1), pow(q, -1, p))
    return pem("RSA PRIVATE KEY", Node(SEQUENCE, parts=tuple(map(_integer, numbers))).der)


def _integer(value: int) -> Node:
    return Node(2, value.to_bytes(value.bit_length() // 8 + 1))


def _with_large_secret(tree: Node) -> Node:
    """It opens what the key opens, and is larger than the modulus."""
    numbers = [int.from_bytes(part.content) for part in tree.parts or ()]
    _, modulus, _, secret, p, q, *_ = numbers
    order = math.lcm(p - 1, q - 1)
    return with_parts(tree, (3,), _integer(secret + order * (modulus // order + 1)))


def _second_version(tree: Node) -> Node:
    public = key_of("ed25519").public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    _, *rest = tree.parts or ()
    return Node(SEQUENCE, parts=(Node(2, b"\1"), *rest, Node(0x81, b"\0" + public)))


def _padded(tree: Node) -> Node:
    return with_parts(tree, (1,), Node(4, b"\0" + (tree.parts or ())[1].content))


def _with(tree: Node, *more: Node) -> Node:
    return Node(tree.tag, parts=(*(tree.parts or ()), *more))


_PSS = node_of(SEQUENCE, elements(bytes.fromhex("300b06092a864886f70d01010a"))[0].content)
_PRIMES = {
    512: (2**255 + 2**254 + 49, 2**256 - 189),
    768: (2**383 + 2**382 + 17, 2**384 - 317),
}

# Key, password, and a part of the reason; without a reason it logs in.
KEYS: dict[str, tuple[Callable[[], str], str, str]] = {
    **{kind: (lambda text=text: text, "", "") for kind, text in OPEN_KEYS.items()},
    **{
        f"{kind}, locked": (lambda text=text: text, PASSWORD, "")
        for kind, text in LOCKED_KEYS.items()
    },
    **{
        f"{cipher}": (lambda cipher=cipher: enciphered(cipher.encode()), PASSWORD, f"with {cipher}")
        for cipher in ("aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes128-ctr")
    },
    **{
        f"{curve.name} in {word}": (lambda curve=curve, form=form: on(curve, form), "", reason)
        for word, form in (("PKCS#8", PKCS8), ("SEC 1", TRADITIONAL))
        for curve, reason in (
            (ec.SECP521R1(), ""),
            (ec.SECP384R1(), ""),
            (ec.SECP224R1(), "curve secp224r1"),
            (ec.SECP256K1(), "curve secp256k1"),
            (ec.SECP192R1(), "curve secp192r1"),
            (ec.BrainpoolP256R1(), "curve brainpoolP256r1"),
        )
    },
    "RSA of 512 bits": (lambda: small_rsa(512), "", "has 512 bits"),
    "RSA of 768 bits": (lambda: small_rsa(768), "", "has 768 bits"),
    "RSA of 1024 bits": (lambda: written(key_of("rsa-1024"), PKCS8), "", ""),
    "RSA-PSS": (
        lambda: changed("rsa", PKCS8, "PRIVATE KEY", lambda tree: with_parts(tree, (1,), _PSS)),
        "",
        "RSA-PSS only",
    ),
    "RSA with a large secret": (
        lambda: changed("rsa", TRADITIONAL, "RSA PRIVATE KEY", _with_large_secret),
        "",
        "its numbers differ",
    ),
    "RSA and something": (
        lambda: changed("rsa", TRADITIONAL, "RSA PRIVATE KEY", lambda tree: _with(tree, Node(5))),
        "",
        "",
    ),
    "Ed25519 with its public key": (
        lambda: changed("ed25519", PKCS8, "PRIVATE KEY", _second_version),
        "",
        "",
    ),
    "SEC 1, padded": (lambda: changed("p256", TRADITIONAL, "EC PRIVATE KEY", _padded), "", ""),
    "bytes behind SEC 1": (
        lambda: followed("p256", TRADITIONAL, "EC PRIVATE KEY"),
        "",
        "",
    ),
    "bytes behind PKCS#8": (
        lambda: followed("p256", PKCS8, "PRIVATE KEY"),
        "",
        "",
    ),
    "bytes behind PKCS#1": (
        lambda: followed("rsa", TRADITIONAL, "RSA PRIVATE KEY"),
        "",
        "no whole private key",
    ),
}  # fmt: skip
