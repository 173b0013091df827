"""Private keys as Go reads them, where cryptography is stricter or more lenient.

cryptography is imported only when a key is opened.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from components.spec.x509.der import HELD, INTEGER, OCTETS, SEQUENCE, Reader, UnreadableError
from components.spec.x509.pem import Block, blocks, decoded

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

RSA_LEAST_BITS = 1024
# The type of a key for RSA-PSS only, in DER.
_PSS_TYPE = bytes.fromhex("06092a864886f70d01010a")
_FERMAT_BITS = 100
_PKCS1_NUMBERS = 9
# Of numbers on the curves that Go knows.
_SEC1_OCTETS = (28, 32, 48, 66)
_MOST_EXPONENT = 2**31 - 1


def is_only_pss(text: str) -> bool:
    """Whether a key of the text is of the type id-RSASSA-PSS, which Go does not read."""
    return any(_PSS_TYPE in decoded(block) for block in blocks(text))


def load(text: str, password: bytes | None = None) -> PrivateKeyTypes:
    """The key of a text in PEM, whose numbers may be wrong. Raises what cryptography raises."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    # The library would ask whether the factors are prime, for seconds, which Go does not.
    return load_pem_private_key(_plain(text), password, unsafe_skip_rsa_key_validation=True)


def is_sound(key: object) -> bool:
    """Whether the numbers of an RSA key belong together, and are none that Go calls insecure."""
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    if not isinstance(key, rsa.RSAPrivateKey):
        return True
    of, public = key.private_numbers(), key.public_key().public_numbers()
    p, q, product, half = of.p, of.q, of.d * public.e, public.n.bit_length() // 2
    return (
        min(p, q) > 1
        and p * q == public.n
        and all(product % (each - 1) == 1 for each in (p, q))
        and (of.dmp1, of.dmq1) == (of.d % (p - 1), of.d % (q - 1))
        and of.iqmp * q % p == 1
        and of.d < public.n
        and of.d.bit_length() > half
        and abs(p - q).bit_length() > half - _FERMAT_BITS
        and public.e <= _MOST_EXPONENT
    )


def _plain(text: str) -> bytes:
    """The text without what Go overlooks in an unencrypted key."""
    first = next(iter(blocks(text)), None)
    trim = _TRIMS.get(first.label) if first else None
    if first is None or trim is None:
        return text.encode()
    try:
        der = trim(Reader(_whole(first)))
    except UnreadableError:
        return text.encode()
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN {first.label}-----\n{body}-----END {first.label}-----\n".encode()


def _whole(block: Block) -> bytes:
    """Nothing that can be read if the block is encrypted, which its headers say."""
    return b"" if any(word.endswith(":") for word in block.words) else decoded(block)


def _pkcs8(reader: Reader) -> bytes:
    """Version, type and key: what stands behind is overlooked, as is which version it is."""
    inner = reader.inner(SEQUENCE)
    inner.take(INTEGER)
    kind, key = inner.whole(SEQUENCE), inner.whole(OCTETS)
    return _written(SEQUENCE, _written(INTEGER, b"\0") + kind + key)


def _sec1(reader: Reader) -> bytes:
    """Zeros in front of the number are overlooked, as are the public key and what stands behind."""
    inner = reader.inner(SEQUENCE)
    version, octets = inner.whole(INTEGER), inner.take(OCTETS)
    while len(octets) not in _SEC1_OCTETS and octets[:1] == b"\0":
        octets = octets[1:]
    curve = inner.whole(HELD) if inner.is_at(HELD) else b""
    return _written(SEQUENCE, version + _written(OCTETS, octets) + curve)


def _pkcs1(reader: Reader) -> bytes:
    """What stands behind the nine numbers is overlooked, unless it may be further factors."""
    inner = reader.inner(SEQUENCE)
    numbers = b"".join(inner.whole(INTEGER) for _ in range(_PKCS1_NUMBERS))
    if reader or inner.is_at(SEQUENCE):
        raise UnreadableError
    return _written(SEQUENCE, numbers)


def _written(tag: int, content: bytes) -> bytes:
    count = len(content)
    octets = b"" if count < 0x80 else count.to_bytes((count.bit_length() + 7) // 8)  # noqa: PLR2004 (short form)
    head = bytes([tag, 0x80 | len(octets)]) + octets if octets else bytes([tag, count])
    return head + content


_TRIMS: dict[str, Callable[[Reader], bytes]] = {
    "PRIVATE KEY": _pkcs8,
    "EC PRIVATE KEY": _sec1,
    "RSA PRIVATE KEY": _pkcs1,
}
