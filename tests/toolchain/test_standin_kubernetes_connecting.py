"""How the kubernetes stand-in trusts a cluster, and shows itself there."""

from __future__ import annotations

import base64
import json
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import fake_kubernetes
from tests.support.fake_kubernetes import FakeKubernetes
from tests.support.issued import ADDRESS, Issued, issued
from toolchain.standins.kubernetes.cluster import Cluster
from toolchain.standins.kubernetes.errors import UnreachableError
from toolchain.standins.kubernetes.kinds import NAMESPACE
from toolchain.standins.kubernetes.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pki() -> Issued:
    return issued("modern", "ecdsa-p256")


@pytest.fixture
def cluster(pki: Issued, tmp_path: Path) -> Iterator[FakeKubernetes]:
    folder = pki.write(tmp_path / "pki")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=folder / "ca.pem")
    tls.load_cert_chain(folder / "server.pem", folder / "server.key")
    tls.verify_mode = ssl.CERT_REQUIRED
    with fake_kubernetes.running(ADDRESS, tls) as running:
        yield running


def data(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def kubeconfig(cluster: FakeKubernetes, user: dict[str, Any], **trust: Any) -> str:
    content = json.loads(cluster.kubeconfig)
    content["clusters"][0]["cluster"] |= trust
    content["users"][0]["user"] = user
    return json.dumps(content)


def shown_by(pki: Issued) -> dict[str, str]:
    operator = pki.leaves["operator"]
    return {
        "client-certificate-data": data(operator.certificate),
        "client-key-data": data(operator.key),
    }


def test_no_key_of_a_kubeconfig_is_left_in_a_file(
    cluster: FakeKubernetes, pki: Issued, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    trust = {"certificate-authority-data": data(pki.bundle)}
    for _ in range(2):
        settings = Settings(kubeconfig=kubeconfig(cluster, shown_by(pki), **trust))
        assert Cluster(settings).get(NAMESPACE, "", "default") == {"kind": "Namespace"}
        assert list(temporary.iterdir()) == []


def test_a_kubeconfig_may_name_files_beside_it(cluster: FakeKubernetes, tmp_path: Path) -> None:
    user = {"client-certificate": "pki/operator.pem", "client-key": "pki/operator.key"}
    path = tmp_path / "kubeconfig"
    path.write_text(kubeconfig(cluster, user, **{"certificate-authority": "pki/ca.pem"}))
    assert Cluster(Settings(kubeconfig=str(path))).get(NAMESPACE, "", "default")


def test_a_cluster_of_another_authority_is_not_trusted_unless_all_are(
    cluster: FakeKubernetes, pki: Issued
) -> None:
    settings = Settings(kubeconfig=kubeconfig(cluster, shown_by(pki)))
    with pytest.raises(UnreachableError, match="certificate verify failed"):
        Cluster(settings).get(NAMESPACE, "", "default")
    trusting = kubeconfig(cluster, shown_by(pki), **{"insecure-skip-tls-verify": True})
    assert Cluster(Settings(kubeconfig=trusting)).get(NAMESPACE, "", "default")


def test_the_context_can_be_chosen(cluster: FakeKubernetes) -> None:
    elsewhere = Settings(kubeconfig=cluster.kubeconfig, context="nowhere")
    with pytest.raises(UnreachableError, match="nowhere"):
        Cluster(elsewhere).get(NAMESPACE, "", "default")
