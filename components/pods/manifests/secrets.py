"""Certificates and keys as Kubernetes keeps them: a Secret for each member and each consumer."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from components.member.credentials import Credentials, credential_files


def pki_data(credentials: Credentials) -> dict[str, str]:
    """A member's files by name, base64. The bundle is there a second time under a name of the
    whole, by which a script sees that the kubelet has brought this state of it."""
    files = {file.path.rpartition("/")[2]: file.content for file in credential_files(credentials)}
    files[f"bundle-{files_digest(credentials)}.pem"] = credentials.bundle.encode()
    return {name: base64.b64encode(content).decode() for name, content in sorted(files.items())}


def files_digest(credentials: Credentials) -> str:
    """Changes with any file of the member's Secret."""
    files = {
        file.path: hashlib.sha256(file.content).hexdigest()
        for file in credential_files(credentials)
    }
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]


def consumer_data(bundle: str, certificate: str, key: str) -> Mapping[str, str]:
    """In the form that Kubernetes has for them (type kubernetes.io/tls), base64."""
    files = {"ca.crt": bundle, "tls.crt": certificate, "tls.key": key}
    return {name: base64.b64encode(text.encode()).decode() for name, text in files.items()}
