"""Who accepts whom: a real handshake for every role, algorithm and profile."""

from __future__ import annotations

import ssl

import pytest

from components.pki.keys import ALGORITHMS
from tests.support.handshake import shake_hands
from tests.support.issued import ADDRESS, Issued, issue, issued

BIG = ("rsa-3072", "rsa-4096")
CHOICES = [
    pytest.param(
        profile,
        algorithm,
        marks=[pytest.mark.slow, pytest.mark.soak] if algorithm in BIG else [],
        id=f"{profile}-{algorithm}",
    )
    for profile in ("modern", "classic")
    for algorithm in ALGORITHMS
]


def meet(issued_by: Issued, server: str, client: str | None, dialled: str = ADDRESS) -> None:
    shake_hands(
        issued_by.leaves[server],
        issued_by.leaves[client] if client else None,
        server_trusts=issued_by.bundle,
        client_trusts=issued_by.bundle,
        dialled=dialled,
    )


@pytest.mark.parametrize(("profile", "algorithm"), CHOICES)
@pytest.mark.parametrize("client", ["operator", "maintenance", "peer"])
@pytest.mark.parametrize("server", ["server", "peer"])
def test_clients_and_servers_accept_each_other(profile, algorithm, server, client):
    meet(issued(profile, algorithm), server, client)


@pytest.mark.parametrize(("profile", "algorithm"), CHOICES)
def test_no_client_certificate_is_refused(profile, algorithm):
    with pytest.raises(ssl.SSLError, match="PEER_DID_NOT_RETURN_A_CERTIFICATE"):
        meet(issued(profile, algorithm), "server", None)


@pytest.mark.parametrize(("profile", "algorithm"), CHOICES)
@pytest.mark.parametrize("role", ["operator", "maintenance"])
def test_a_client_certificate_is_no_server(profile, algorithm, role):
    with pytest.raises(ssl.SSLError, match="unsuitable certificate purpose"):
        meet(issued(profile, algorithm), role, "operator")


@pytest.mark.parametrize("dialled", ["127.0.0.1", "::1", "localhost", "etcd.example.org"])
def test_a_server_answers_to_loopback_and_extra_names(dialled):
    made = issue(names=["*.example.org"])
    meet(made, "server", "operator", dialled)


@pytest.mark.parametrize("dialled", ["127.77.0.2", "etcd.example.org"])
def test_a_name_that_is_not_in_the_certificate_is_refused(dialled):
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        meet(issued("modern", "ecdsa-p256"), "server", "operator", dialled)
