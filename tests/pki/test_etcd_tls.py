"""What a real etcd accepts and refuses from whom, with the certificates that it will run on."""

from __future__ import annotations

import contextlib
import http.client
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.issued import issue, issued
from tests.support.tls_etcd import FOREIGN_SOURCE, UNNAMED_ADDRESS, TlsMember, tls_member
from tests.support.tls_mocks import MockStack
from tests.support.usual import mostly_in_soak

pytestmark = pytest.mark.slow

USUAL = {"ecdsa-p256", "rsa-2048"}
PROFILES = [
    pytest.param(profile, algorithm, marks=() if algorithm in USUAL else pytest.mark.soak)
    for profile, algorithm in (
        *(("modern", "ecdsa-p256"), ("modern", "ecdsa-p384"), ("modern", "ed25519")),
        *(("modern", "rsa-2048"), ("modern", "rsa-3072"), ("classic", "rsa-4096")),
    )
]
LEAF_ROLES = ("server", "peer", "maintenance", "client")
READ = '{"key": "YQ=="}'


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Starts a member for a profile and an algorithm, once per module."""
    running: dict[tuple[str, str], TlsMember] = {}
    with contextlib.ExitStack() as stack:

        def once(profile: str, algorithm: str) -> TlsMember:
            if (profile, algorithm) not in running:
                folder = tmp_path_factory.mktemp(f"{profile}-{algorithm}")
                pki = issued(profile, algorithm).write(folder / "pki")
                member = tls_member(folder, pki, gateway_certificate=profile == "modern")
                running[profile, algorithm] = stack.enter_context(member)
            return running[profile, algorithm]

        yield once


@pytest.fixture
def modern(start):
    return start("modern", "ecdsa-p256")


@pytest.fixture
def classic(start):
    return start("classic", "rsa-4096")


@contextlib.contextmanager
def refused(member: TlsMember, reason: str) -> Iterator[None]:
    """The body's connection fails, and etcd's log says why."""
    start = member.log.stat().st_size
    with pytest.raises((OSError, http.client.HTTPException)):
        yield
    deadline = time.monotonic() + 5
    while reason not in member.log_since(start) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert reason in member.log_since(start)


@pytest.mark.parametrize(("profile", "algorithm"), PROFILES)
@pytest.mark.parametrize("identity", mostly_in_soak(["operator", "maintenance"], ["operator"]))
def test_the_go_client_writes_and_reads(start, profile, algorithm, identity):
    member = start(profile, algorithm)
    put = member.etcdctl(identity, "put", "greeting", identity)
    got = member.etcdctl(identity, "get", "greeting", "--print-value-only")
    assert (put.returncode, got.stdout.strip()) == (0, identity), put.stderr + got.stderr


@pytest.mark.parametrize(("profile", "algorithm"), PROFILES)
def test_the_gateway_reaches_its_own_client_port(start, profile, algorithm):
    answer = start(profile, algorithm).get("/v3/kv/range", "operator", body=READ)
    assert answer.startswith("200"), answer


def test_the_gateway_needs_a_certificate_of_its_own_in_modern(tmp_path):
    pki = issued("modern", "ecdsa-p256").write(tmp_path / "pki")
    with tls_member(tmp_path, pki, gateway_certificate=False) as member:
        answer = member.get("/v3/kv/range", "operator", body=READ)
        assert answer.startswith("503"), answer
        assert "incompatible key usage" in member.log.read_text()


def test_no_certificate_is_refused(modern):
    with refused(modern, "client didn't provide a certificate"):
        modern.get("/health", None)


def test_a_server_key_is_no_client_in_modern(modern):
    with refused(modern, "certificate specifies an incompatible key usage"):
        modern.get("/health", "server")
    assert modern.etcdctl("server", "get", "a").returncode != 0


@pytest.mark.soak
def test_a_server_key_is_a_client_in_classic(classic):
    assert classic.get("/health", "server").startswith("200")
    assert classic.etcdctl("server", "get", "a").returncode == 0


def test_a_client_of_another_authority_is_refused(modern, tmp_path):
    theirs = issue().write(tmp_path)
    with refused(modern, "certificate signed by unknown authority"):
        modern.get("/health", "operator", pki=theirs)


def test_an_expired_client_is_refused(tmp_path):
    """Of the right authority: one stack, whose leaves were made a year ago and then reissued."""
    stack = MockStack()
    old = issue(stack, now=datetime.now(UTC) - timedelta(days=366)).write(tmp_path / "old")
    reissued = issue(stack, pki={"lifetimes": {role: {"validity": "90d"} for role in LEAF_ROLES}})
    pki = reissued.write(tmp_path / "pki")
    with tls_member(tmp_path, pki, gateway_certificate=True) as member:
        assert member.get("/health", "operator").startswith("200")
        with refused(member, "certificate has expired"):
            member.get("/health", "operator", pki=old)


def test_a_server_under_another_name_is_refused(modern):
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        modern.get("/health", "operator", address=UNNAMED_ADDRESS)
    assert modern.etcdctl("operator", "get", "a", address=UNNAMED_ADDRESS).returncode != 0


def test_a_peer_is_accepted_from_its_own_addresses(modern):
    for source in ("127.0.0.1", "127.77.0.1"):
        answer = modern.get("/version", "peer", port=modern.peer_port, source=source)
        assert answer.startswith("200"), answer


def test_a_peer_key_from_a_foreign_address_is_refused(modern):
    with refused(modern, f"certificate is valid for 127.0.0.1, 127.77.0.1, not {FOREIGN_SOURCE}"):
        modern.get("/version", "peer", port=modern.peer_port, source=FOREIGN_SOURCE)


def test_a_server_key_is_no_peer_in_modern(modern):
    with refused(modern, "certificate specifies an incompatible key usage"):
        modern.get("/version", "server", port=modern.peer_port)


def test_a_server_key_is_a_peer_in_classic(classic):
    answer = classic.get("/version", "server", port=classic.peer_port)
    assert answer.startswith("200"), answer


def test_a_peer_key_opens_the_client_port(modern):
    """What modern does not prevent (ADR 2): one authority signs for all roles."""
    assert modern.get("/health", "peer", source=FOREIGN_SOURCE).startswith("200")
