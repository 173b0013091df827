"""The command lines of the control plane: etcd, apiserver, controllers, scheduler, DNS. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab.kubernetes.addresses import API_PORT, DOMAIN, SERVICES, Addresses
from lab.kubernetes.credentials import Credentials

ETCD_PORT = 2379
PEER_PORT = 2380
# How long a node may be silent before it is not Ready; Kubernetes' own 50 s are long in a test.
SILENCE_S = 12


def etcd(programs: Path, data: Path, addresses: Addresses, credentials: Credentials) -> list[str]:
    """The apiserver's own: one member, which may lose its data with the machine."""
    client = f"https://{addresses.controller}:{ETCD_PORT}"
    peer = f"https://{addresses.controller}:{PEER_PORT}"
    certificate, key = credentials["etcd.pem"], credentials["etcd.key"]
    authority = credentials["etcd-ca.pem"]
    return [
        str(programs / "etcd"),
        *("--name=lab", f"--data-dir={data}", "--unsafe-no-fsync"),
        *(f"--listen-client-urls={client}", f"--advertise-client-urls={client}"),
        *(f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}"),
        f"--initial-cluster=lab={peer}",
        *("--client-cert-auth", f"--trusted-ca-file={authority}"),
        *(f"--cert-file={certificate}", f"--key-file={key}"),
        *("--peer-client-cert-auth", f"--peer-trusted-ca-file={authority}"),
        *(f"--peer-cert-file={certificate}", f"--peer-key-file={key}"),
    ]


def own_etcd(addresses: Addresses, credentials: Credentials) -> list[str]:
    """What tells an apiserver of it."""
    return [
        f"--etcd-servers=https://{addresses.controller}:{ETCD_PORT}",
        f"--etcd-cafile={credentials['etcd-ca.pem']}",
        f"--etcd-certfile={credentials['to-etcd.pem']}",
        f"--etcd-keyfile={credentials['to-etcd.key']}",
    ]


def apiserver(
    programs: Path,
    addresses: Addresses,
    credentials: Credentials,
    etcd_flags: Sequence[str],
    port: int = API_PORT,
) -> list[str]:
    """On any etcd: `etcd_flags` as this project's own outputs have them."""
    return [
        str(programs / "kube-apiserver"),
        *(f"--bind-address={addresses.controller}", f"--advertise-address={addresses.controller}"),
        f"--secure-port={port}",
        *etcd_flags,
        f"--tls-cert-file={credentials['apiserver.pem']}",
        f"--tls-private-key-file={credentials['apiserver.key']}",
        f"--client-ca-file={credentials['ca.pem']}",
        f"--kubelet-client-certificate={credentials['to-kubelet.pem']}",
        f"--kubelet-client-key={credentials['to-kubelet.key']}",
        # Else it looks the nodes' host names up, which no name server knows.
        "--kubelet-preferred-address-types=InternalIP",
        f"--service-cluster-ip-range={SERVICES}",
        f"--service-account-issuer=https://kubernetes.default.svc.{DOMAIN}",
        f"--service-account-key-file={credentials['service-accounts.pub']}",
        f"--service-account-signing-key-file={credentials['service-accounts.key']}",
        *("--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction"),
        "--allow-privileged=true",
    ]


def controller_manager(programs: Path, credentials: Credentials) -> list[str]:
    """Serves nobody, so it has no port."""
    return [
        str(programs / "kube-controller-manager"),
        f"--kubeconfig={credentials['kube-controller-manager.kubeconfig']}",
        f"--service-account-private-key-file={credentials['service-accounts.key']}",
        f"--root-ca-file={credentials['ca.pem']}",
        "--use-service-account-credentials=true",
        *("--secure-port=0", "--leader-elect=false"),
        # With the defaults the first pods wait 5 s for their service account.
        *("--kube-api-qps=200", "--kube-api-burst=400"),
        *("--node-monitor-period=1s", f"--node-monitor-grace-period={SILENCE_S}s"),
    ]


def scheduler(programs: Path, credentials: Credentials) -> list[str]:
    """Serves nobody, so it has no port."""
    return [
        str(programs / "kube-scheduler"),
        f"--kubeconfig={credentials['kube-scheduler.kubeconfig']}",
        *("--secure-port=0", "--leader-elect=false"),
    ]


def coredns(programs: Path, corefile: Path) -> list[str]:
    """Outside the range of the services: kube-proxy drops what a node sends to an address of that
    range that no service has."""
    return [str(programs / "coredns"), "-conf", str(corefile)]


def corefile(addresses: Addresses, credentials: Credentials) -> str:
    """Names both ways: etcd looks a caller's address up where a certificate has a wildcard. That a
    name is not known is forgotten after a second: a pod calls as soon as it has an address."""
    return f"""\
.:53 {{
    bind {addresses.controller}
    ready {addresses.controller}:8181
    errors
    cache 5 {{
        denial 9984 1
    }}
    kubernetes {DOMAIN} in-addr.arpa {{
        kubeconfig {credentials["coredns.kubeconfig"]}
        pods insecure
    }}
}}
"""
