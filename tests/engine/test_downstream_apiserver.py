"""A real kube-apiserver runs as the downstream program's manifest says, through a CA rotation."""

from __future__ import annotations

import json
import ssl
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

from lab.kubernetes.kubelet import Kubelet
from lab.loopback import own_network
from lab.stack import LAYOUT, EtcdStack
from tests.support.downstream_stack import DownstreamStack
from toolchain import kubernetes

PROGRAMS = LAYOUT.kubernetes(kubernetes.pinned(LAYOUT))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not kubernetes.complete(LAYOUT, PROGRAMS),
        reason="Kubernetes is not built: make kubernetes",
    ),
]

PORT = 6443
READY_TIMEOUT_S = 90
TOKEN = "of-the-tests"


class Api:
    """Talks to the apiserver as an administrator."""

    def __init__(self, address: str) -> None:
        self._url = f"https://{address}:{PORT}"
        # Its certificate is self-made at each start; what is asked here is whether it has its etcd.
        self._context = ssl.create_default_context()
        self._context.check_hostname, self._context.verify_mode = False, ssl.CERT_NONE

    def call(self, path: str, body: object = None) -> str:
        request = urllib.request.Request(
            self._url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30, context=self._context) as answer:
            text: str = answer.read().decode()
            return text

    def wait_until_ready(self, kubelet: Kubelet) -> float:
        """Seconds that it took."""
        started = time.monotonic()
        while True:
            kubelet.sync()
            try:
                if self.call("/readyz") == "ok":
                    return time.monotonic() - started
            except (URLError, OSError) as error:
                reason = str(error)
            assert time.monotonic() < started + READY_TIMEOUT_S, (reason, kubelet.log.read_text())
            time.sleep(0.2)

    def create_namespace(self, name: str) -> None:
        self.call("/api/v1/namespaces", {"metadata": {"name": name}})


@pytest.fixture
def upstream(tmp_path: Path) -> Iterator[EtcdStack]:
    folder = tmp_path / "upstream"
    folder.mkdir()
    stack = EtcdStack(folder).create()
    try:
        stack.up().ok()
        yield stack
    finally:
        stack.remove()


@pytest.mark.soak  # tests/kubernetes/test_outputs_proved does it without a downstream program
def test_a_real_apiserver_follows_a_rotation(upstream: EtcdStack, tmp_path: Path) -> None:
    address = f"{own_network()}.1"
    (tmp_path / "tokens.csv").write_text(f"{TOKEN},admin,1,system:masters\n")
    own_flags = [
        *(f"--bind-address={address}", f"--advertise-address={address}"),
        "--endpoint-reconciler-type=none",  # no loopback address may stand in an EndpointSlice
        *("--service-cluster-ip-range=10.96.0.0/16", "--authorization-mode=Node,RBAC"),
        *(f"--token-auth-file={tmp_path}/tokens.csv", f"--cert-dir={tmp_path}/serving"),
    ]
    downstream = DownstreamStack(upstream, "passphrase", config={"flags": own_flags}).create()
    downstream.up().ok()
    kubelet = Kubelet(downstream.manifest, PROGRAMS, tmp_path)
    api = Api(address)
    try:
        api.wait_until_ready(kubelet)
        starts = []
        for number, pki in enumerate(
            [{"trusted": [1, 2]}, {"trusted": [1, 2], "signing": 2}, {"trusted": [2], "signing": 2}]
        ):
            upstream.change(pki=pki).up().ok()
            api.wait_until_ready(kubelet)
            api.create_namespace(f"before-{number}")
            downstream.up().ok()
            api.wait_until_ready(kubelet)
            api.create_namespace(f"after-{number}")
            starts.append(kubelet.starts)
        assert starts == [2, 2, 3]
        kept = upstream.etcdctl("get", "/registry/namespaces/", "--prefix", "--keys-only").split()
        made = {
            f"/registry/namespaces/{when}-{n}" for when in ("before", "after") for n in range(3)
        }
        assert made < set(kept)
    finally:
        kubelet.stop()
        downstream.destroy().ok()
