"""Chains of an external authority: the spec says what a TLS handshake says of the leaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.spec.names import LOOPBACK
from lab import verifier_client
from lab.verifier_client import Verifier
from tests.spec.chains import ANY, CLIENT, DAY, KINDS, OCSP, SERVER, Authority, Chain, chain
from tests.spec.stack_files import changed, problems_of

NAMES = ["*.etcd.example.org", "db.example.org"]
ROOT = Authority()
TREES = ("10.0.0.0/8", "127.0.0.0/8", "::1/128", "localhost", "example.org", ".example.org", "org")
BOTH = (SERVER, CLIENT)
LOCAL = ("10.0.0.0/8", "127.0.0.0/8", "::1/128", "localhost", "example.org")

# For each chain, a part of the reason; empty where it is accepted.
CASES: dict[str, tuple[tuple[Authority, ...], str]] = {
    "a root": ((ROOT,), ""),
    "an intermediate": ((Authority(), ROOT), ""),
    "two": ((Authority(), Authority(), ROOT), ""),
    "server only": ((Authority(usages=(SERVER,)), ROOT), "clientAuth not among them"),
    "client only": ((Authority(usages=(CLIENT,)), ROOT), "serverAuth not among them"),
    "OCSP": ((Authority(usages=(OCSP,)), ROOT), "serverAuth and clientAuth not among them"),
    "both": ((Authority(usages=BOTH), ROOT), ""),
    "any": ((Authority(usages=(ANY,)), ROOT), ""),
    "of a parent": ((Authority(usages=BOTH), Authority(usages=(SERVER,)), ROOT), "certificate 1"),
    "of the root": ((Authority(), Authority(usages=(OCSP,))), "certificate 1 of it has extended"),
    "of a lone root": ((Authority(usages=(OCSP,)),), "extended key usages"),
    "length 0": ((Authority(path_length=0), ROOT), ""),
    "too long": ((Authority(), Authority(path_length=0), ROOT), "certificate 1 of it allows 0"),
    "root too long": ((Authority(), Authority(), Authority(path_length=0)), "allows 0"),
    "just right": ((Authority(), Authority(), Authority(path_length=2)), ""),
    "permitted": ((Authority(permitted=LOCAL), ROOT), ""),
    "one kind": ((Authority(permitted=("example.org", "localhost")), ROOT), ""),
    "no loopback": ((Authority(permitted=("10.0.0.0/8",)), ROOT), "permit 127.0.0.1 by its name"),
    "no localhost": ((Authority(permitted=("example.org",)), ROOT), "does not permit localhost"),
    "excluded": ((Authority(excluded=("10.0.0.0/8",)), ROOT), "excludes 10.0.0.11"),
    "not concerned": ((Authority(excluded=("192.168.0.0/16",)), ROOT), ""),
    "ended parent": ((Authority(), Authority(ends=-DAY / 2), ROOT), "certificate 1 of it ended"),
    "ended root": ((Authority(), Authority(ends=-DAY / 2)), "certificate 1 of it ended"),
    "critical": ((Authority(critical=True), ROOT), "critical extension 1.2.3.4"),
    "curve": ((Authority(), Authority(key="k256")), "curve secp256k1"),
    "a root of SHA-1": ((Authority(), Authority(digest="sha1")), ""),
    "a lone root of SHA-1": ((Authority(digest="sha1"),), ""),
    "a parent of SHA-1": ((Authority(), Authority(digest="sha1"), ROOT), "signed with SHA1"),
    "an RSA parent of SHA-1": (
        (Authority(digest="sha1"), Authority(key="rsa")),
        "signed with SHA1, which Go refuses",
    ),
    "SHA-512": ((Authority(digest="sha512"), Authority(digest="sha384")), ""),
    "p224": ((Authority(), Authority(key="p224")), ""),
    "no authority": ((Authority(), Authority(ca=False), ROOT), "did not sign"),
    "may not sign": ((Authority(), Authority(signs=False), ROOT), "did not sign"),
}


def reasons(made: Chain) -> str:
    raw = changed(("names", NAMES), ("pki", {"signing": 2, "generations": {"2": made.generation}}))
    return "; ".join(problem.reason for problem in problems_of(raw))


def said_by_go(verifier: Verifier, made: Chain) -> str:
    names = [*NAMES, "10.0.0.11", "10.0.0.12", "10.0.0.13", *LOOPBACK]
    return verifier.ask(*made.leaf(names), made.root)


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verifier]:
    with verifier_client.verifier(tmp_path_factory.mktemp("verifier")) as running:
        yield running


@pytest.mark.parametrize("name", CASES)
def test_the_reason_is_told(name: str) -> None:
    authorities, reason = CASES[name]
    found = reasons(chain(*authorities))
    assert reason in found
    assert bool(found) == bool(reason)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_go_says_the_same(name: str, verifier: Verifier) -> None:
    authorities, reason = CASES[name]
    said = said_by_go(verifier, chain(*authorities))
    assert bool(said) == bool(reason), said


AUTHORITIES = st.builds(
    Authority,
    key=st.sampled_from(["p256", "p256", *KINDS]),
    usages=st.sampled_from([(), (), BOTH, (SERVER,), (CLIENT,), (OCSP,), (ANY,), (OCSP, ANY)]),
    path_length=st.sampled_from([None, None, 0, 1, 2]),
    permitted=st.sampled_from([(), (), LOCAL]) | st.lists(st.sampled_from(TREES), max_size=4),
    excluded=st.sampled_from([(), (), ()]) | st.lists(st.sampled_from(TREES), max_size=1),
    ca=st.sampled_from([True] * 9 + [False]),
    signs=st.sampled_from([True] * 9 + [False]),
    ends=st.sampled_from([4000 * DAY] * 9 + [-DAY / 2]),
    critical=st.sampled_from([False] * 9 + [True]),
    digest=st.sampled_from(["sha256"] * 6 + ["sha384", "sha512", "sha1"]),
)


LISTS = st.lists(AUTHORITIES, min_size=1, max_size=3)
UNHURRIED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def divide(authorities: list[Authority], verifier: Verifier) -> str:
    """What one of them says that the other does not."""
    made = chain(*authorities)
    ours, gos = reasons(made), said_by_go(verifier, made)
    return "" if bool(ours) == bool(gos) else f"ours: {ours}; Go's: {gos}"


@pytest.mark.slow
@given(authorities=LISTS)
@settings(UNHURRIED, max_examples=150, derandomize=True)
def test_no_chain_divides_them(authorities: list[Authority], verifier: Verifier) -> None:
    assert not divide(authorities, verifier)


@pytest.mark.soak
@pytest.mark.slow
@given(authorities=LISTS)
@settings(UNHURRIED, max_examples=2000)
def test_no_further_chain_divides_them(authorities: list[Authority], verifier: Verifier) -> None:
    assert not divide(authorities, verifier)
