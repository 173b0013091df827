"""One real etcd member over mutual TLS on loopback addresses of its own, for TLS tests."""

from __future__ import annotations

import http.client
import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.loopback import own_port
from tests.support.issued import ADDRESS

PROJECT = Path(__file__).resolve().parents[2]
BINARIES = Path(os.environ.get("ETCD_BIN_DIR", PROJECT / ".toolchain" / "etcd" / "3.6.16"))
# Listened on as well, but not in the certificate.
UNNAMED_ADDRESS = "127.77.0.2"
FOREIGN_SOURCE = "127.77.0.9"
START_TIMEOUT_S = 20


@dataclass(frozen=True)
class TlsMember:
    """A running member; `pki` is the folder with its certificates."""

    pki: Path
    log: Path
    client_port: int
    peer_port: int

    def get(
        self,
        path: str,
        identity: str | None,
        *,
        port: int | None = None,
        address: str = ADDRESS,
        source: str = "127.0.0.1",
        pki: Path | None = None,
        body: str | None = None,
    ) -> str:
        """The answer to an HTTPS request with that identity's certificate from that address.

        `pki` is another folder to take the identity from. Raises OSError or HTTPException when
        either side refuses the other.
        """
        context = ssl.create_default_context(cafile=str(self.pki / "ca.pem"))
        if identity:
            shown = pki or self.pki
            context.load_cert_chain(shown / f"{identity}.pem", shown / f"{identity}.key")
        connection = http.client.HTTPSConnection(
            address,
            port or self.client_port,
            timeout=5,
            context=context,
            source_address=(source, 0),
        )
        try:
            connection.request("POST" if body else "GET", path, body)
            answer = connection.getresponse()
            return f"{answer.status} {answer.read().decode()}"
        finally:
            connection.close()

    def etcdctl(
        self, identity: str, *args: str, address: str = ADDRESS
    ) -> subprocess.CompletedProcess[str]:
        """etcdctl, which is etcd's own Go client."""
        return subprocess.run(
            [
                BINARIES / "etcdctl",
                f"--endpoints=https://{address}:{self.client_port}",
                f"--cacert={self.pki}/ca.pem",
                f"--cert={self.pki}/{identity}.pem",
                f"--key={self.pki}/{identity}.key",
                "--dial-timeout=2s",
                "--command-timeout=2s",
                *args,
            ],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )

    def log_since(self, start: int) -> str:
        return self.log.read_text()[start:]


@contextmanager
def tls_member(folder: Path, pki: Path, *, gateway_certificate: bool) -> Iterator[TlsMember]:
    """Starts a single member that asks everybody for a certificate; ends it by its process."""
    member = TlsMember(pki, folder / "etcd.log", own_port(), own_port())
    with (
        member.log.open("w") as log,
        subprocess.Popen(
            _command(member, folder, gateway_certificate), stdout=log, stderr=log
        ) as etcd,
    ):
        try:
            _wait_until_healthy(member, etcd)
            yield member
        finally:
            etcd.terminate()


def _command(member: TlsMember, folder: Path, gateway_certificate: bool) -> list[str]:
    pki, peer_url = member.pki, f"https://{ADDRESS}:{member.peer_port}"
    client_urls = [f"https://{host}:{member.client_port}" for host in (ADDRESS, UNNAMED_ADDRESS)]
    gateway = [
        f"--client-cert-file={pki}/maintenance.pem",
        f"--client-key-file={pki}/maintenance.key",
    ]
    return [
        str(BINARIES / "etcd"),
        "--name=etcd1",
        f"--data-dir={folder}/data",
        f"--listen-client-urls={','.join(client_urls)}",
        f"--advertise-client-urls={client_urls[0]}",
        f"--listen-peer-urls={peer_url}",
        f"--initial-advertise-peer-urls={peer_url}",
        f"--initial-cluster=etcd1={peer_url}",
        "--client-cert-auth",
        f"--trusted-ca-file={pki}/ca.pem",
        f"--cert-file={pki}/server.pem",
        f"--key-file={pki}/server.key",
        "--peer-client-cert-auth",
        f"--peer-trusted-ca-file={pki}/ca.pem",
        f"--peer-cert-file={pki}/peer.pem",
        f"--peer-key-file={pki}/peer.key",
        "--heartbeat-interval=20",
        "--election-timeout=200",
        "--unsafe-no-fsync",
        *(gateway if gateway_certificate else []),
    ]


def _wait_until_healthy(member: TlsMember, etcd: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and etcd.poll() is None:
        try:
            if member.get("/health", "operator").startswith("200"):
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    raise TimeoutError(f"etcd is not healthy within {START_TIMEOUT_S} s:\n{member.log.read_text()}")
