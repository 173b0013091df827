"""Chains of an external authority: the spec says what a TLS handshake says of the leaves."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from components.pki.pems import external_chain
from components.pki.sans import server_sans
from lab import verifier_client
from lab.verifier_client import Verifier
from tests.spec import login_keys
from tests.spec.chains import (
    ANY,
    CLIENT,
    DAY,
    DIGESTS,
    KINDS,
    OCSP,
    SERVER,
    Authority,
    Chain,
    chain,
    pem,
)
from tests.spec.damage import Node, sequence
from tests.spec.stack_files import changed, problems_of

NAMES = ["*.etcd.example.org", "db.example.org", "::ffff:10.0.0.50"]
ADDRESSES = ("10.0.0.11", "10.0.0.12", "10.0.0.13")
ROOT = Authority()
TREES = ("10.0.0.0/8", "127.0.0.0/8", "::1/128", "localhost", "example.org", ".example.org", "org")
BOTH = (SERVER, CLIENT)
# Constraints of other kinds, and such as cannot be read.
OTHER_TREES = (
    *("email:example.org", "email:.example.org", "email:ca@example.org", "URI:example.org"),
    *("URI:.example.org", "DNS:*.example.org", "DNS:*.etcd.example.org", "RID:", "dir:", "DNS:"),
    *("DNS:org.", "DNS:a b", "email:@", "URI:10.0.0.1", "IP:0a0000ff00ff00ff", "IP:0a0000"),
)
# What authorities are called themselves.
NAMES_OF_AUTHORITIES = (
    *("DNS:ca.example.org", "DNS:*.example.org", "DNS:example.org", "DNS:localhost", "DNS:"),
    *("DNS:ca.other.net", "DNS:.example.org", "DNS:a b", "DNS:\u00e9", "email:ca@example.org"),
    *("email:CA@EXAMPLE.org", "email:ca@other.net", "email:nobody", "email:a..b@example.org"),
    *("URI:https://ca.example.org/x", "URI:https://ca.other.net:8443", "URI:https://10.0.0.1/"),
    *("URI:https://[::1]/", "URI:urn:x", "URI:http://a b:x/", "URI:http://a:x/", "URI::x"),
    *("URI:http://a/%zz", "URI:x/y", "IP:10.1.1.1", "IP:192.168.0.1", "IP:::1", "IP:010203"),
    *("dir:", "RID:"),
)
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
    "a network from a host on": (
        (Authority(permitted=("10.0.0.0/8", "IP:7f000080ff000000", *LOCAL[2:])), ROOT),
        "does not permit 127.0.0.1",
    ),
    "a network from this host on": (
        (Authority(permitted=("10.0.0.0/8", "IP:7f000001ff000000", *LOCAL[2:])), ROOT),
        "",
    ),
    "the first network from a host on": (
        (Authority(permitted=("IP:0a0000ffff000000", *LOCAL)), ROOT),
        "",
    ),
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
    "SHA-224": ((Authority(digest="sha224"), ROOT), "signed with SHA224"),
    "SHA-224 by RSA": ((Authority(digest="sha224"), Authority(key="rsa")), "signed with SHA224"),
    "SHA-3": ((Authority(digest="sha3-256"), ROOT), "which Go refuses below a root"),
    "SHA-3 by RSA": ((Authority(digest="sha3-256"), Authority(key="rsa")), "below a root"),
    "MD5": ((Authority(digest="md5"), Authority(key="rsa")), "signed with MD5"),
    "SHA-512/224": ((Authority(digest="sha512-224"), Authority(key="rsa")), "below a root"),
    "SHA-512/256": ((Authority(digest="sha512-256"), Authority(key="rsa")), "below a root"),
    "RIPEMD-160": ((Authority(digest="ripemd160"), Authority(key="rsa")), "below a root"),
    "a root of RIPEMD-160": ((Authority(), Authority(key="rsa", digest="ripemd160")), ""),
    "a root of SHA-3": ((Authority(), Authority(key="rsa", digest="sha3-256")), ""),
    "PSS 256": ((Authority(digest="pss-256-32"), Authority(key="rsa")), ""),
    "PSS 384": ((Authority(digest="pss-384-48"), Authority(key="rsa")), ""),
    "PSS 512": ((Authority(digest="pss-512-64"), Authority(key="rsa")), ""),
    "PSS, a short salt": ((Authority(digest="pss-256-20"), Authority(key="rsa")), "RSA-PSS"),
    "PSS, a long salt": ((Authority(digest="pss-256-222"), Authority(key="rsa")), "RSA-PSS"),
    "PSS, another salt": ((Authority(digest="pss-512-32"), Authority(key="rsa")), "RSA-PSS"),
    "PSS, SHA-224": ((Authority(digest="pss-224-28"), Authority(key="rsa")), "RSA-PSS"),
    "PSS, another mask": ((Authority(digest="pss-256-mask-512"), Authority(key="rsa")), "RSA-PSS"),
    "a root of PSS": ((Authority(), Authority(key="rsa", digest="pss-256-20")), ""),
    "a signer for PSS": ((Authority(key="rsa-pss"), ROOT), "id-RSASSA-PSS"),
    "a root for PSS": ((Authority(), Authority(key="rsa-pss")), "id-RSASSA-PSS"),
    "a lone root for PSS": ((Authority(key="rsa-pss"),), "id-RSASSA-PSS"),
    "a key without NULL": ((Authority(), Authority(key="rsa-bare")), "without the empty"),
    "a compressed point": ((Authority(), Authority(key="p256-short")), "point is compressed"),
    "a signer's point": ((Authority(key="p256-short"), ROOT), "point is compressed"),
    "exponent 2^31-1": ((Authority(key="rsa-e31"), ROOT), ""),
    "exponent 2^32+1": ((Authority(key="rsa-e32"), ROOT), "the exponent 42949"),
    "a root's exponent": ((Authority(), Authority(key="rsa-e32")), "the exponent 42949"),
    "1024 bits": ((Authority(key="rsa-1024"), ROOT), ""),
    "8676 bits": ((Authority(key="rsa-8676"), ROOT), "RSA key of 8676 bits"),
    "a root of 8676 bits": ((Authority(), Authority(key="rsa-8676")), ""),
    "a lone root of 8676 bits": ((Authority(key="rsa-8676"),), ""),
    "version 1": ((Authority(version=1), ROOT), "is not an authority's"),
    "a parent of version 1": ((Authority(), Authority(version=1), ROOT), "did not sign"),
    "a root of version 1": ((Authority(), Authority(version=1)), ""),
    "a lone root of version 1": ((Authority(version=1),), ""),
    "serial -5": ((Authority(serial=-5), ROOT), "serial number is negative"),
    "a root's serial -5": ((Authority(), Authority(serial=-5)), "serial number is negative"),
    "serial 0": ((Authority(serial=0), ROOT), ""),
    "policy 0": ((Authority(explicit_policy=0), ROOT), "requireExplicitPolicy"),
    "policy 1": ((Authority(explicit_policy=1), ROOT), "requireExplicitPolicy"),
    "policy 2": ((Authority(explicit_policy=2), ROOT), ""),
    "policy 2 above": ((Authority(), Authority(explicit_policy=2), ROOT), "certificate 1 of it"),
    "a root's policy": ((Authority(), Authority(explicit_policy=0)), ""),
    "its own name": ((Authority(names=("DNS:ca.other.net",)), ROOT), ""),
    "a name outside": (
        (Authority(names=("DNS:ca.other.net",)), Authority(permitted=LOCAL)),
        "does not permit the DNS name ca.other.net",
    ),
    "a name inside": ((Authority(names=("DNS:ca.example.org",)), Authority(permitted=LOCAL)), ""),
    "an address outside": (
        (Authority(names=("IP:192.168.0.1",)), Authority(permitted=LOCAL)),
        "does not permit the IP address 192.168.0.1",
    ),
    "a mailbox outside": (
        (Authority(names=("email:a@other.net",)), Authority(permitted=("email:example.org",))),
        "does not permit the e-mail address a@other.net",
    ),
    "a mailbox excluded": (
        (Authority(names=("email:a@B.org",)), Authority(excluded=("email:a@b.org",))),
        "excludes the e-mail address a@B.org",
    ),
    "a URI outside": (
        (Authority(names=("URI:https://a.net/",)), Authority(permitted=("URI:.example.org",))),
        "does not permit the URI https://a.net/",
    ),
    "a URI of an address": (
        (Authority(names=("URI:https://10.0.0.1/",)), Authority(excluded=("DNS:other.net",))),
        "cannot be compared",
    ),
    "own names and limits": ((Authority(names=("DNS:a.net",), permitted=LOCAL), ROOT), ""),
    "a directory's name": ((Authority(names=("dir:",)), ROOT), ""),
    "a critical directory's name": (
        (Authority(names=("dir:",), names_critical=True), ROOT),
        "critical extension 2.5.29.17",
    ),
    "a critical name": ((Authority(names=("DNS:a",), names_critical=True), ROOT), ""),
    "no ASCII": ((Authority(names=("DNS:\u00e9",)), ROOT), "cannot be read by Go"),
    "no address": ((Authority(names=("IP:010203",)), ROOT), "cannot be read by Go"),
    "no URI": ((Authority(names=("URI:http://a b:x/",)), ROOT), "cannot be read by Go"),
    "a constraint of *": ((Authority(), Authority(excluded=("DNS:*.foo.org",))), ""),
    "a constraint of * that meets": (
        (Authority(), Authority(excluded=("DNS:*.etcd.example.org",))),
        "excludes *.etcd.example.org",
    ),
    "a constraint that a wildcard meets": (
        (Authority(), Authority(excluded=("DNS:x.etcd.example.org",))),
        "excludes *.etcd.example.org",
    ),
    "registered": ((Authority(), Authority(excluded=("RID:",))), "critical constraints"),
    "directories": ((Authority(permitted=("dir:",)), ROOT), "critical constraints"),
    "uncritical directories": (
        (Authority(), Authority(permitted=("dir:",), limits_critical=False)),
        "",
    ),
    "mailboxes": ((Authority(), Authority(permitted=("email:example.org",))), ""),
    "a mask with a gap": ((Authority(), Authority(excluded=("IP:0a0000ff00ff00ff",))), "network"),
    "a constraint of org.": ((Authority(), Authority(excluded=("DNS:org.",))), "is malformed"),
    "no authority": ((Authority(), Authority(ca=False), ROOT), "did not sign"),
    "may not sign": ((Authority(), Authority(signs=False), ROOT), "did not sign"),
}


def reasons(made: Chain) -> str:
    raw = changed(("names", NAMES), ("pki", {"signing": 2, "generations": {"2": made.generation}}))
    return "; ".join(problem.reason for problem in problems_of(raw))


def said_by_go(verifier: Verifier, made: Chain) -> str:
    issued = [server_sans(address, NAMES) for address in ADDRESSES]
    names = {name for sans in issued for name in (*sans.dns_names, *sans.ip_addresses)}
    return verifier.ask(*made.leaf(sorted(names)), made.root)


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


# Positions of the parents in `chain`, below which the last is the root; and a part of the reason.
ORDERS = {
    "nearest first": ((1, 2, 3), ""),
    "root first": ((3, 2, 1), ""),
    "in disorder": ((2, 3, 1), ""),
    "with the signer": ((0, 1, 2, 3), ""),
    "twice": ((1, 2, 2, 3, 3), ""),
    "a gap": ((2, 3), "certificate 1 of it did not sign"),
    "a gap in disorder": ((3, 1), "did not sign"),
    "without the root": ((1, 2), "does not end in a root"),
}


def ordered(positions: tuple[int, ...]) -> tuple[Chain, str]:
    made = chain(Authority(), Authority(), Authority(), ROOT)
    return made, "".join(pem(made.certificates[position]) for position in positions)


@pytest.mark.parametrize("name", ORDERS)
def test_parents_may_stand_in_any_order(name: str) -> None:
    positions, reason = ORDERS[name]
    made, parents = ordered(positions)
    generation = {**made.generation, "chain": parents}
    raw = changed(("names", NAMES), ("pki", {"signing": 2, "generations": {"2": generation}}))
    found = "; ".join(problem.reason for problem in problems_of(raw))
    assert reason in found
    assert bool(found) == bool(reason)


@pytest.mark.parametrize("name", [name for name, (_, reason) in ORDERS.items() if not reason])
def test_they_are_handed_on_in_order(name: str) -> None:
    made, parents = ordered(ORDERS[name][0])
    found = external_chain(made.generation["certificate"], parents)
    assert found.root == made.root
    assert found.intermediates == "".join(map(pem, made.certificates[:-1]))


def test_a_certificate_is_counted_as_it_is_given() -> None:
    made = chain(Authority(), Authority(), Authority(path_length=0), ROOT)
    parents = "".join(pem(made.certificates[position]) for position in (3, 2, 1))
    generation = {**made.generation, "chain": parents}
    raw = changed(("names", NAMES), ("pki", {"signing": 2, "generations": {"2": generation}}))
    (problem,) = problems_of(raw)
    assert problem.reason.startswith("certificate 2 of it allows 0")


def _second_version(seed: bytes, public: bytes) -> str:
    """A key of Ed25519 in PKCS#8 with its public key."""
    kind = sequence(Node(6, b"\x2b\x65\x70"))
    parts = (Node(2, b"\1"), kind, Node(4, Node(4, seed).der), Node(0x81, b"\0" + public))
    return login_keys.pem("PRIVATE KEY", sequence(*parts).der)


def test_a_key_that_holds_its_public_key() -> None:
    made = chain(Authority(key="ed25519"), ROOT)
    seed = made.keys[0].private_bytes_raw()
    own = _second_version(seed, made.keys[0].public_key().public_bytes_raw())
    for key, reason in ((own, ""), (_second_version(bytes(32), bytes(32)), "public keys differ")):
        generation = {**made.generation, "key": key}
        raw = changed(("names", NAMES), ("pki", {"signing": 2, "generations": {"2": generation}}))
        found = "; ".join(problem.reason for problem in problems_of(raw))
        assert bool(found) == bool(reason)
        assert reason in found


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=2))
@example([(12, 0x30)])
@settings(max_examples=60, derandomize=True, deadline=None)
def test_a_damaged_certificate_is_reported(damages: list[tuple[int, int]]) -> None:
    """Twelve bytes on stands the version."""
    made = chain(
        Authority(),
        Authority(names=("DNS:a.org", "URI:https://a.org/"), permitted=LOCAL, usages=BOTH),
    )
    der = bytearray(made.certificates[1].public_bytes(Encoding.DER))
    for place, value in damages:
        der[place % len(der)] = value
    text = base64.b64encode(der).decode()
    root = f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"
    generation = {**made.generation, "chain": root}
    raw = changed(("names", NAMES), ("pki", {"signing": 2, "generations": {"2": generation}}))
    assert all(problem.path.startswith("cluster.pki.") for problem in problems_of(raw))


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_go_says_the_same(name: str, verifier: Verifier) -> None:
    authorities, reason = CASES[name]
    said = said_by_go(verifier, chain(*authorities))
    assert bool(said) == bool(reason), said


AUTHORITIES = st.builds(
    Authority,
    key=st.sampled_from(["p256", "p256", "rsa", *KINDS]),
    usages=st.sampled_from([(), (), BOTH, (SERVER,), (CLIENT,), (OCSP,), (ANY,), (OCSP, ANY)]),
    path_length=st.sampled_from([None, None, 0, 1, 2]),
    permitted=st.sampled_from([(), (), LOCAL]) | st.lists(st.sampled_from(TREES), max_size=4),
    excluded=st.sampled_from([(), (), ()]) | st.lists(st.sampled_from(TREES), max_size=1),
    ca=st.sampled_from([True] * 9 + [False]),
    signs=st.sampled_from([True] * 9 + [False]),
    begins=st.sampled_from([-DAY] * 9 + [DAY]),
    ends=st.sampled_from([4000 * DAY] * 9 + [-DAY / 2]),
    critical=st.sampled_from([False] * 9 + [True]),
    digest=st.sampled_from(["sha256"] * 6 + ["sha384", "sha512", "sha1"]),
)
# What is rare in the other: algorithms, names of authorities, constraints of other kinds, versions.
RARE = st.builds(
    Authority,
    key=st.sampled_from(["p256", "rsa", "rsa", *KINDS]),
    permitted=st.sampled_from([(), (), LOCAL]) | st.lists(st.sampled_from(OTHER_TREES), max_size=2),
    excluded=st.sampled_from([(), ()]) | st.lists(st.sampled_from(OTHER_TREES), max_size=2),
    limits_critical=st.sampled_from([False, False, True]),
    names=st.just(()) | st.lists(st.sampled_from(NAMES_OF_AUTHORITIES), max_size=2),
    names_critical=st.booleans(),
    explicit_policy=st.sampled_from([None, None, None, 0, 1, 2, 3]),
    digest=st.sampled_from(["sha256"] * 9 + [*DIGESTS]),
    serial=st.sampled_from([None] * 9 + [-5, 0]),
    version=st.sampled_from([3] * 5 + [1]),
)


LISTS = st.lists(AUTHORITIES | RARE, min_size=1, max_size=3)
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
