"""Stack files for machines over ssh: a small good one, and login keys made for it."""

from __future__ import annotations

import base64
import copy
from typing import Any

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.spec.stack_files import put

PASSWORD = "open sesame"


def host_key(number: int, size: int = 32) -> str:
    """An ed25519 host key, of another size on demand; that it may lie on no curve nobody asks."""
    fields = (b"ssh-ed25519", bytes([number]) * size)
    blob = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    return f"ssh-ed25519 {base64.b64encode(blob).decode()}"


SHA256 = {"amd64": "0" * 64, "arm64": "1" * 64}
REMOTE: dict[str, Any] = {
    "name": "prod",
    "version": "3.6.16",
    "ssh": {"agent": True},
    "install": {"sha256": SHA256},
    "nodes": {f"etcd{n}": {"address": f"10.0.0.1{n}", "host_key": host_key(n)} for n in (1, 2, 3)},
}


def remote(*changes: tuple[str, Any]) -> dict[str, Any]:
    """That stack file with values put at dotted paths; `...` removes what is there."""
    raw = copy.deepcopy(REMOTE)
    for path, value in changes:
        put(raw, path.split("."), copy.deepcopy(value))
    return raw


# Every setting of a machine.
FULL_REMOTE = remote(
    ("runtime", "openrc"),
    ("ssh", {"user": "ops", "sudo": True, "agent": True, "port": 2222, "dial_attempts": 1}),
    ("ssh.jump", {"host": "jump.example.org", "host_key": host_key(9), "agent": True}),
    ("user", {"name": "etcd", "group": "etcd", "uid": 1501, "gid": 1501, "shell": "/bin/false"}),
    ("key_access", "acl"),
    ("paths", {"data": "/srv/etcd", "binaries": "/opt/etcd"}),
    ("firewall", {"backend": "nftables", "clients": ["10.0.0.0/8", "192.168.1.7"]}),
    ("nodes.etcd2.firewall", "none"),
    ("shell_profile", {"group": "etcd-operators"}),
    ("install", {"method": "push", "url": "https://mirror.example.org/{version}.tar.gz"}),
    ("install.sha256", {"arm64": "0" * 64}),
    ("architecture", "arm64"),
)


_ED25519 = ed25519.Ed25519PrivateKey.generate()
_EC = ec.generate_private_key(ec.SECP256R1())
_RSA = rsa.generate_private_key(65537, 2048)
_DSA = dsa.generate_private_key(1024)
_X25519 = x25519.X25519PrivateKey.generate()


def _pem(key: Any, form: PrivateFormat, password: str | None = None) -> str:
    encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return str(key.private_bytes(Encoding.PEM, form, encryption).decode())


OPEN_KEYS = {
    "ed25519": _pem(_ED25519, PrivateFormat.OpenSSH),
    "ecdsa": _pem(_EC, PrivateFormat.OpenSSH),
    "rsa": _pem(_RSA, PrivateFormat.OpenSSH),
    "rsa-pkcs1": _pem(_RSA, PrivateFormat.TraditionalOpenSSL),
    "ec-sec1": _pem(_EC, PrivateFormat.TraditionalOpenSSL),
    "ed25519-pkcs8": _pem(_ED25519, PrivateFormat.PKCS8),
}
LOCKED_KEYS = {
    "openssh": _pem(_ED25519, PrivateFormat.OpenSSH, PASSWORD),
    "pem": _pem(_RSA, PrivateFormat.TraditionalOpenSSL, PASSWORD),
}
LOCKED_PKCS8 = _pem(_ED25519, PrivateFormat.PKCS8, PASSWORD)
NO_LOGIN_KEYS = {
    "dsa": _pem(_DSA, PrivateFormat.TraditionalOpenSSL),
    "x25519": _pem(_X25519, PrivateFormat.PKCS8),
}
PUBLIC_KEYS = {
    "openssh": _ED25519.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode(),
    "pem": _RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
}
