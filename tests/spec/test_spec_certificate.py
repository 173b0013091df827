"""Certificates of an external authority: what the spec cannot read is what Go cannot read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from random import Random

import pytest

from components.spec.x509 import public_key
from components.spec.x509.certificate import read
from components.spec.x509.der import UnreadableError
from lab import verifier_client
from lab.verifier_client import Verifier
from tests.spec.damage import EXTENSIONS, Node, at, damaged, node_of, sequence, wholes, with_parts

SUBJECT, BEGINS, ENDS, ADDED = (0, 5), (0, 4, 0), (0, 4, 1), (0, 7, 0)
Edit = Callable[[Node], Node]
POLICY = Node(6, b"\x2a\x03\x04")
NOTHING = Node(5)
URI = "2.5.29.17"


def named(tag: int, value: bytes) -> Edit:
    """Its subject's common name is a string of that type."""
    attribute = Node(0x31, parts=(sequence(Node(6, b"\x55\x04\x03"), Node(tag, value)),))
    return lambda tree: with_parts(tree, SUBJECT, sequence(attribute))


def dated(tag: int, value: bytes, place: tuple[int, ...] = ENDS) -> Edit:
    return lambda tree: with_parts(tree, place, Node(tag, value))


def extended(oid: str, value: Node, *flags: Node, times: int = 1) -> Edit:
    """With that content of an extension, instead of what it has."""
    name = node_of(6, identifier(oid))
    other = sequence(name, *flags, Node(4, value.der))

    def edit(tree: Node) -> Node:
        kept = [
            each for each in at(tree, ADDED).parts or () if each.parts and each.parts[0] != name
        ]
        return with_parts(tree, ADDED, sequence(*kept, *[other] * times))

    return edit


def identifier(oid: str) -> bytes:
    first, second, *arcs = map(int, oid.split("."))
    found = bytes([40 * first + second])
    for arc in arcs:
        groups = [arc >> shift & 0x7F for shift in range(28, -1, -7)]
        while len(groups) > 1 and groups[0] == 0:
            groups.pop(0)
        found += bytes([*(group | 0x80 for group in groups[:-1]), groups[-1]])
    return found


def uri(text: str) -> Edit:
    return extended(URI, sequence(Node(0x86, text.encode())))


TRUE, AS_ONE = Node(1, b"\xff"), Node(1, b"\1")
CONSTRAINTS, KEY_USAGE, POLICY_LIMITS = "2.5.29.19", "2.5.29.15", "2.5.29.36"
PURPOSES, POLICIES, ANY_POLICY = "2.5.29.37", "2.5.29.32", "2.5.29.54"
OWN_KEY, PARENTS_KEY, ACCESS = "2.5.29.14", "2.5.29.35", "1.3.6.1.5.5.7.1.1"

# For each certificate, a part of the reason; empty where it is read.
CASES: dict[str, tuple[Edit, str]] = {
    "as it is": (lambda tree: tree, ""),
    "Printable & and *": (named(0x13, b"Smith & my*ca"), ""),
    "Printable _": (named(0x13, b"my_ca"), "PrintableString with other characters"),
    "Printable @": (named(0x13, b"a@b"), "PrintableString"),
    "T61 of Latin-1": (named(0x14, b"Caf\xe9"), ""),
    "BMP": (named(0x1E, b"\0C\0a"), ""),
    "BMP, odd": (named(0x1E, b"\0C\0"), "BMPString"),
    "BMP, half a character": (named(0x1E, b"\xd8\0"), "BMPString"),
    "BMP, no character": (named(0x1E, b"\xff\xfe"), "BMPString"),
    "IA5": (named(0x16, b"a@b"), ""),
    "IA5 of Latin-1": (named(0x16, b"Caf\xe9"), "IA5String"),
    "UTF-8": (named(0x0C, "Café".encode()), ""),
    "UTF-8 of Latin-1": (named(0x0C, b"Caf\xe9"), "UTF8String"),
    "UTF-8 of a surrogate": (named(0x0C, b"\xed\xa0\x80"), "UTF8String"),
    "Numeric": (named(0x12, b"1 2"), ""),
    "Numeric, a letter": (named(0x12, b"1x"), "NumericString"),
    "Universal": (named(0x1C, b"\0\0\0C"), "strings (tag 28)"),
    "Visible": (named(0x1A, b"abc"), "strings (tag 26)"),
    "nothing": (named(0x0C, b""), ""),
    "a string of 200 bytes": (named(0x0C, b"a" * 200), ""),
    "UTC without seconds": (dated(0x17, b"4001010000Z"), ""),
    "UTC with a zone": (dated(0x17, b"400101000000+0100"), ""),
    "UTC with zone zero": (dated(0x17, b"400101000000+0000"), "dates"),
    "UTC of February 30": (dated(0x17, b"400230000000Z"), "dates"),
    "a generalized time": (dated(0x18, b"20400101000000Z"), ""),
    "one with fractions": (dated(0x18, b"20400101000000.5Z"), "dates"),
    "one without seconds": (dated(0x18, b"204001010000Z"), "dates"),
    "a zone": (dated(0x18, b"20400101000000-2400", BEGINS), ""),
    "a zone far off": (dated(0x18, b"20400101000000+2459", BEGINS), ""),
    "a zone too far": (dated(0x18, b"20400101000000-2500", BEGINS), "dates"),
    "no time": (dated(0x0C, b"20400101000000Z"), "dates"),
    "an extension twice": (extended(OWN_KEY, Node(4, b"a"), times=2), "2.5.29.14 twice"),
    "a flag of 1": (extended(CONSTRAINTS, sequence(TRUE), AS_ONE), "malformed"),
    "CA:TRUE as 1": (extended(CONSTRAINTS, sequence(AS_ONE)), "malformed"),
    "path length -1": (extended(CONSTRAINTS, sequence(TRUE, Node(2, b"\xff"))), "negative"),
    "path length, padded": (extended(CONSTRAINTS, sequence(TRUE, Node(2, b"\0\1"))), "malformed"),
    "a path length of 63 bits": (extended(CONSTRAINTS, sequence(TRUE, Node(2, b"\x7f" * 8))), ""),
    "of 64 bits": (
        extended(CONSTRAINTS, sequence(TRUE, Node(2, b"\0" + b"\xff" * 8))),
        "malformed",
    ),
    "more in constraints": (extended(CONSTRAINTS, sequence(TRUE, Node(2, b"\1"), NOTHING)), ""),
    "unused bits": (extended(KEY_USAGE, Node(3, b"\1\7")), "malformed"),
    "8 unused bits": (extended(KEY_USAGE, Node(3, b"\x08\0")), "malformed"),
    "unused bits of nothing": (extended(KEY_USAGE, Node(3, b"\1")), "malformed"),
    "no bits": (extended(KEY_USAGE, Node(3, b"\0")), ""),
    "bits of nothing": (extended(KEY_USAGE, Node(3)), "malformed"),
    "an empty policy limit": (extended(POLICY_LIMITS, sequence(Node(0x80))), "malformed"),
    "a padded policy limit": (
        extended(POLICY_LIMITS, sequence(Node(0x80, b"\0\0"))),
        "malformed",
    ),
    "an empty limit of mappings": (extended(POLICY_LIMITS, sequence(Node(0x81))), "malformed"),
    "a negative policy limit": (extended(POLICY_LIMITS, sequence(Node(0x80, b"\xff"))), ""),
    "a whole policy limit": (
        extended(POLICY_LIMITS, sequence(Node(0xA0, parts=(Node(2, b"\0"),)))),
        "",
    ),
    "a purpose that is none": (extended(PURPOSES, sequence(POLICY, NOTHING)), "malformed"),
    "a padded purpose": (extended(PURPOSES, sequence(Node(6, b"\x2a\x80\3"))), "malformed"),
    "a purpose of a large arc": (
        extended(PURPOSES, sequence(Node(6, b"\x2a\x88\x80\x80\x80\0"))),
        "malformed",
    ),
    "a cut purpose": (extended(PURPOSES, sequence(Node(6, b"\x2a\x83"))), "malformed"),
    "no purposes": (extended(PURPOSES, sequence()), ""),
    "a policy twice": (
        extended(POLICIES, sequence(sequence(POLICY), sequence(POLICY))),
        "policies is malformed",
    ),
    "no policies": (extended(POLICIES, sequence()), ""),
    "a policy of a large arc": (
        extended(POLICIES, sequence(sequence(Node(6, b"\x2a\xff\xff\xff\xff\xff\0")))),
        "",
    ),
    "a padded policy": (extended(POLICIES, sequence(sequence(Node(6, b"\x2a\x80\3")))), "policies"),
    "a padded anyPolicy": (extended(ANY_POLICY, Node(2, b"\0\1")), "inhibitAnyPolicy"),
    "an own key, critical": (extended(OWN_KEY, Node(4, b"a"), TRUE), "identifier is critical"),
    "a parent's, critical": (extended(PARENTS_KEY, sequence(), TRUE), "identifier is critical"),
    "access, critical": (extended(ACCESS, sequence(), TRUE), "information access is critical"),
    "an access without identifier": (extended(ACCESS, sequence(sequence())), "access is malformed"),
    "no name of a point": (extended("2.5.29.31", sequence(sequence())), ""),
    "a point of nothing": (
        extended("2.5.29.31", sequence(sequence(Node(0xA0, parts=())))),
        "distribution points is malformed",
    ),
    "half a mapping": (extended("2.5.29.33", sequence(sequence(POLICY))), "policy mappings"),
    "two constraints in disorder": (
        extended("2.5.29.30", sequence(Node(0xA1), Node(0xA0, parts=(sequence(POLICY),)))),
        "name constraints are malformed",
    ),
    **{
        f"{oid} is no list": (extended(oid, NOTHING), "malformed")
        for oid in EXTENSIONS
    },
    "a fragment": (uri("https://a.org/#%20"), ""),
    "no fragment": (uri("https://a.org/#%zz"), "URIs is malformed"),
    "a percent sign": (uri("%"), "URIs is malformed"),
    "an asterisk": (uri("*"), ""),
    "a user": (uri("https://u:p@a.org/"), ""),
    "a user with a space": (uri("https://u p@a.org/"), "URIs is malformed"),
    "colons of https": (uri("https://a:b:80/"), "URIs is malformed"),
    "colons of spiffe": (uri("spiffe://a:b:80/"), ""),
    "an escaped host": (uri("https://a%20b/"), "URIs is malformed"),
    "an escaped percent sign": (uri("https://a%25b/"), ""),
    "an address": (uri("https://[::1]:80/"), ""),
    "an address of version 4": (uri("https://[10.0.0.1]/"), "URIs is malformed"),
    "a zone of an address": (uri("https://[fe80::1%25en0]/"), ""),
    "no zone of an address": (uri("https://[fe80::1%25]/"), "URIs is malformed"),
    "three slashes": (uri("///a b"), ""),
    "no scheme": (uri("a/b:c"), ""),
    "no scheme and a colon": (uri("a_b:c"), "URIs is malformed"),
    "a colon first": (uri(":a"), "URIs is malformed"),
    "a slash and a percent sign": (uri("/%"), "URIs is malformed"),
    "a query and a percent sign": (uri("/?%"), ""),
    "a control character": (uri("a\x01"), "URIs is malformed"),
    "a control character behind": (uri("a#\x01"), ""),
    "a host of .org": (uri("https://.org/"), "URIs is malformed"),
    "a late bracket": (uri("https://a[::1]/"), "URIs is malformed"),
    "version 4": (lambda tree: with_parts(tree, (0, 0, 0), Node(2, b"\3")), "its version"),
    "a padded serial": (lambda tree: with_parts(tree, (0, 1), Node(2, b"\0\1")), "malformed"),
    "another algorithm": (lambda tree: with_parts(tree, (1,), sequence(POLICY)), "differ"),
}  # fmt: skip


def verdict(der: bytes) -> str:
    try:
        return public_key.fault(read(der), root=True)
    except UnreadableError as error:
        return str(error)


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verifier]:
    with verifier_client.verifier(tmp_path_factory.mktemp("verifier")) as running:
        yield running


def made(name: str) -> bytes:
    return CASES[name][0](wholes()[2]).der


@pytest.mark.parametrize("name", CASES)
def test_the_reason_is_told(name: str) -> None:
    reason = CASES[name][1]
    found = verdict(made(name))
    assert reason in found
    assert bool(found) == bool(reason)


def test_what_stands_behind_a_certificate_is_refused() -> None:
    assert verdict(made("as it is") + b"\0\0") == "bytes stand behind it"


def test_a_key_that_cannot_be_read_has_a_reason() -> None:
    """Whoever asks only for the key's fault gets it as words."""
    curve = (0, 6, 0, 1)
    facts = read(with_parts(wholes()[2], curve, Node(6, b"\x80\1")).der)
    assert "a key that Go does not read" in public_key.fault(facts, root=True)


@pytest.mark.slow
def test_go_reads_the_same(verifier: Verifier) -> None:
    said = verifier.read([*map(made, CASES), made("as it is") + b"\0\0"])
    expected = [reason for _, reason in CASES.values()]
    divided = [
        (name, answer)
        for name, reason, answer in zip([*CASES, "behind"], [*expected, "b"], said, strict=True)
        if bool(reason) != bool(answer)
    ]
    assert divided == []


def divide(seed: int, count: int, verifier: Verifier) -> list[str]:
    """What one of them reads that the other does not."""
    random = Random(seed)
    tried = [damaged(random, random.choice(wholes())) for _ in range(count)]
    said = verifier.read([der for _, der in tried])
    return [
        f"{done}: ours: {verdict(der)}; Go's: {answer}"
        for (done, der), answer in zip(tried, said, strict=True)
        if bool(verdict(der)) != bool(answer)
    ]


@pytest.mark.slow
def test_no_damage_divides_them(verifier: Verifier) -> None:
    assert divide(1, 800, verifier) == []


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_no_further_damage_divides_them(part: int, verifier: Verifier) -> None:
    seed = int(os.environ.get("TEST_SEED", "2"))
    assert divide(seed * 100 + part, 4000, verifier) == []
