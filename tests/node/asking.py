"""Questions to the etcd members of a machine."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess

from cryptography import x509

from tests.node.machine import BINARIES, VERSION, Machine


def etcdctl(
    machine: Machine, node: str, *arguments: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """etcdctl with the node's own certificate. `stdin`: a value that is too long for a word."""
    pki = machine.root(node) / "etc" / "pki"
    return subprocess.run(
        [
            BINARIES / VERSION / "etcdctl",
            f"--endpoints=https://{machine.address(node)}:2379",
            f"--cacert={pki}/ca.pem",
            f"--cert={pki}/maintenance.pem",
            f"--key={pki}/maintenance.key",
            "--dial-timeout=3s",
            "--command-timeout=5s",
            *arguments,
        ],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def is_healthy(machine: Machine, node: str) -> bool:
    return etcdctl(machine, node, "endpoint", "health").returncode == 0


def leader(machine: Machine) -> str:
    """The node that leads."""
    for node in machine.node_names:
        told = etcdctl(machine, node, "endpoint", "status", "--write-out=fields").stdout
        me = re.search(r'"MemberID" : (\d+)', told)
        led_by = re.search(r'"Leader" : (\d+)', told)
        if me and led_by and me[1] == led_by[1]:
            return node
    raise AssertionError("nobody leads")


def make_leader(machine: Machine, node: str) -> None:
    leading = leader(machine)
    if leading == node:
        return
    members = [
        line.split(", ") for line in etcdctl(machine, node, "member", "list").stdout.splitlines()
    ]
    (wanted,) = [fields[0] for fields in members if fields[2] == node]
    moved = etcdctl(machine, leading, "move-leader", wanted)
    assert moved.returncode == 0, moved.stderr


def served_serial(machine: Machine, node: str) -> int:
    """The serial number of the server certificate in a new handshake."""
    pki = machine.root(node) / "etc" / "pki"
    context = ssl.create_default_context(cafile=str(pki / "ca.pem"))
    context.load_cert_chain(pki / "maintenance.pem", pki / "maintenance.key")
    with (
        socket.create_connection((machine.address(node), 2379), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=machine.address(node)) as secured,
    ):
        certificate = secured.getpeercert(binary_form=True)
    assert certificate
    return x509.load_der_x509_certificate(certificate).serial_number
