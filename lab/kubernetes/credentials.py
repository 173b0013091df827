"""Every key, certificate and kubeconfig of a lab, in one folder."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lab.kubernetes.addresses import API_SERVICE, DOMAIN, Addresses
from lab.kubernetes.authority import Authority, Pair, private_text

ADMINISTRATORS = "system:masters"
_SERVICE = "kubernetes.default.svc"
API_NAMES = ("kubernetes", "kubernetes.default", _SERVICE, f"{_SERVICE}.{DOMAIN}", API_SERVICE)


class Credentials:
    """Made at once; certificates are NAME.pem, keys NAME.key, kubeconfigs NAME.kubeconfig."""

    def __init__(self, folder: Path, addresses: Addresses) -> None:
        folder.mkdir()
        self.folder = folder
        self._server = addresses.server
        self._cluster, etcd = Authority("kubernetes"), Authority("etcd")
        (folder / "ca.pem").write_text(self._cluster.certificate)
        (folder / "etcd-ca.pem").write_text(etcd.certificate)
        own = [addresses.controller]
        self._cluster.issue("kube-apiserver", hosts=[*own, *API_NAMES]).write(folder, "apiserver")
        self._cluster.issue("apiserver-to-kubelet", [ADMINISTRATORS]).write(folder, "to-kubelet")
        etcd.issue("etcd", hosts=own).write(folder, "etcd")
        etcd.issue("apiserver").write(folder, "to-etcd")
        self._write_service_account_key()
        self.admin = self.kubeconfig("admin", "admin", ADMINISTRATORS)
        for name in ("kube-controller-manager", "kube-scheduler", "kube-proxy"):
            self.kubeconfig(name, f"system:{name}")
        self.kubeconfig("coredns", "coredns", ADMINISTRATORS)

    def kubeconfig(self, name: str, user: str, *groups: str) -> Path:
        """A file that makes its reader that user."""
        pair = self._cluster.issue(user, groups)
        pair.write(self.folder, name)
        path = self.folder / f"{name}.kubeconfig"
        path.write_text(_kubeconfig(self._server, self._cluster.certificate, pair))
        return path

    def __getitem__(self, name: str) -> str:
        """The path of a file."""
        return str(self.folder / name)

    def _write_service_account_key(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (self.folder / "service-accounts.key").write_text(private_text(key))
        (self.folder / "service-accounts.pub").write_bytes(public)


def _kubeconfig(server: str, authority: str, pair: Pair) -> str:
    """JSON, which is YAML too."""
    cluster = {"server": server, "certificate-authority-data": _data(authority)}
    user = {
        "client-certificate-data": _data(pair.certificate),
        "client-key-data": _data(pair.key),
    }
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "lab", "cluster": cluster}],
        "users": [{"name": "lab", "user": user}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "lab"}}],
        "current-context": "lab",
    }
    return json.dumps(document, indent=1)


def _data(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
