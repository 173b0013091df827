"""External authorities: accepted when everything fits, refused with the reason when not."""

from __future__ import annotations

from typing import Any

import pytest

from components.spec import load, warnings_of
from tests.spec.authorities import DAY, Made, make
from tests.spec.chains import Authority, chain
from tests.spec.stack_files import changed, problems_of, the_problem

ROOT = make("root")
MIDDLE = make("middle", ROOT)
SIGNER = make("signer", MIDDLE, may_sign=True)
OTHER = make("other")
LEAF = make("leaf", ROOT, ca=False)


def stack(made: Made, *, chain: str = "", key: str | None = None) -> dict[str, Any]:
    generation = {"certificate": made.pem, "key": key or made.key, "chain": chain}
    return changed(("pki", {"signing": 2, "generations": {"2": generation}}))


@pytest.mark.parametrize(
    ("made", "chain"),
    [(ROOT, ""), (MIDDLE, ROOT.pem), (SIGNER, MIDDLE.pem + ROOT.pem), (ROOT, "\n")],
)
def test_what_fits_is_accepted(made: Made, chain: str) -> None:
    generation = load(stack(made, chain=chain)).pki.generations[2]
    assert generation.external
    assert generation.key is not None
    assert generation.key.get_secret_value() == made.key


@pytest.mark.parametrize(
    ("raw", "field", "reason"),
    [
        (stack(make("x", ca=False)), "certificate", "not an authority's"),
        (stack(make("x", ca=None)), "certificate", "not an authority's"),
        (stack(make("x", may_sign=False)), "certificate", "not an authority's"),
        (stack(make("x", begins=-9 * DAY, ends=-DAY)), "certificate", "ended on"),
        (stack(make("x", begins=DAY)), "certificate", "is valid from"),
        (stack(ROOT, key=OTHER.key), "key", "public keys differ"),
        (stack(ROOT, key=ROOT.locked_key), "key", "passphrase"),
        (stack(ROOT, key=ROOT.pem), "key", "no private key"),
        (stack(ROOT, key="hunter2"), "key", "no private key"),
        (stack(ROOT, key=ROOT.key[:80]), "key", "no private key"),
        (stack(SIGNER), "chain", "end in a root"),
        (stack(SIGNER, chain=MIDDLE.pem), "chain", "end in a root"),
        (stack(SIGNER, chain=ROOT.pem + OTHER.pem), "chain", "certificate 1 of it did not sign"),
        (stack(SIGNER, chain=MIDDLE.pem + OTHER.pem), "chain", "certificate 2 of it did not sign"),
        (stack(make("x", LEAF), chain=LEAF.pem + ROOT.pem), "chain", "certificate 1 of it"),
        (stack(MIDDLE, chain="none"), "chain", "holds no certificate"),
        (stack(MIDDLE, chain=MIDDLE.key), "chain", "holds a private key"),
        (stack(Made(OTHER.certificate, ROOT.private)), "key", "public keys differ"),
    ],
)
def test_what_does_not_fit_is_refused(raw: dict[str, Any], field: str, reason: str) -> None:
    (problem,) = problems_of(raw)
    assert problem.path == f"cluster.pki.generations.2.{field}"
    assert reason in problem.reason


@pytest.mark.parametrize("pem", ["", "c", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_certificate_that_is_none(pem: str) -> None:
    raw = stack(ROOT)
    raw["pki"]["generations"]["2"]["certificate"] = pem
    (problem,) = problems_of(raw)
    assert problem.path == "cluster.pki.generations.2.certificate"
    assert problem.reason == "is no certificate in PEM"
    assert "PRIVATE" not in str(problem)


SPOILT = {
    "a key behind": (ROOT.pem + ROOT.key, "a private key"),
    "a key before": (ROOT.key + ROOT.pem, "a private key"),
    "a key alone": (ROOT.key, "a private key"),
    "a locked key": (ROOT.pem + ROOT.locked_key, "a private key"),
    "half a key": (ROOT.pem + ROOT.key[:100], "a private key"),
    "a key in one line": (ROOT.pem + ROOT.key.replace("\n", " "), "a private key"),
    "another name": (ROOT.pem.replace(" CERT", " X509 CERT"), "a PEM block"),
    "OpenSSL's own": (ROOT.pem.replace(" CERT", " TRUSTED CERT"), "a PEM block"),
    "half a certificate": (ROOT.pem + ROOT.pem[:100], "not whole"),
}


@pytest.mark.parametrize("kind", SPOILT)
@pytest.mark.parametrize("field", ["certificate", "chain"])
@pytest.mark.parametrize("with_key", [True, False])
def test_only_certificates_stand_among_certificates(
    kind: str, field: str, *, with_key: bool
) -> None:
    """What else stood there would be in the state, for all to read."""
    text, reason = SPOILT[kind]
    raw = stack(MIDDLE, chain=ROOT.pem)
    generation = raw["pki"]["generations"]["2"]
    generation[field] = text
    if not with_key:
        del generation["key"]
    problem = next(found for found in problems_of(raw) if found.path.endswith(field))
    assert reason in problem.reason
    lines = [line for line in text.splitlines() if "-----" not in line]
    assert not any(line in str(problem) for line in lines)
    assert len(problems_of(raw)) == (1 if with_key else 2)


def test_only_the_certificates_are_handed_on() -> None:
    raw = stack(MIDDLE, chain=f"hunter2\n{ROOT.pem}\nhunter2")
    raw["pki"]["generations"]["2"]["certificate"] = f"subject=CN\n{MIDDLE.pem}hunter2"
    raw["pki"]["generations"]["2"]["key"] = f"hunter2 {MIDDLE.pem}{MIDDLE.key}{OTHER.key}"
    generation = load(raw).pki.generations[2]
    assert (generation.certificate, generation.chain) == (MIDDLE.pem, ROOT.pem)
    assert generation.key
    assert generation.key.get_secret_value() == MIDDLE.key


def test_parents_belong_in_the_chain() -> None:
    raw = stack(MIDDLE)
    raw["pki"]["generations"]["2"]["certificate"] = MIDDLE.pem + ROOT.pem
    (problem,) = problems_of(raw)
    assert problem.reason == "is more than one certificate"
    assert "`chain`" in problem.remedy


def test_an_external_generation_has_no_intermediate_of_ours() -> None:
    raw = stack(ROOT)
    raw["pki"]["generations"]["2"]["intermediate"] = True
    (problem,) = problems_of(raw)
    assert problem.path == "cluster.pki.generations.2.intermediate"
    assert problem.example is False


def test_leaves_may_outlive_our_lifetimes_but_not_unnoticed() -> None:
    short = stack(make("short", ends=100 * DAY))
    assert any("before the leaves" in warning for warning in warnings_of(load(short)))
    assert warnings_of(load(stack(ROOT))) == ()
    longer = stack(ROOT)
    longer["pki"]["lifetimes"] = {"server": {"validity": "3900d"}}
    assert problems_of(longer) == (), "our own CA's lifetime does not bind an external one"


def ends(number: int) -> dict[str, Any]:
    """Two external generations, both trusted, of which the first signs; one ends in ten days."""
    fine = {"certificate": MIDDLE.pem, "key": MIDDLE.key, "chain": ROOT.pem}
    root = make("short root", ends=10 * DAY)
    middle = make("long", root)
    short = {"certificate": middle.pem, "key": middle.key, "chain": root.pem}
    generations = {"2": fine, "3": fine, str(number): short}
    return changed(("pki", {"signing": 2, "trusted": [2, 3], "generations": generations}))


@pytest.mark.parametrize("number", [2, 3])
def test_the_end_of_a_parent_is_told(number: int) -> None:
    (warning,) = warnings_of(load(ends(number)))
    assert warning.startswith(f"pki.generations.{number} ends on ")
    assert "certificate 1 of its chain" in warning


def test_a_generation_that_nobody_trusts_may_have_ended() -> None:
    ended = chain(Authority(ends=-DAY / 2)).generation
    generations = {"1": None, "2": ended}
    assert problems_of(changed(("pki", {"signing": 1, "generations": generations}))) == ()
    trusted = {"signing": 1, "trusted": [1, 2], "generations": generations}
    assert "ended on " in the_problem(changed(("pki", trusted))).reason


def test_a_generation_that_nobody_trusts_may_end() -> None:
    raw = ends(3)
    raw["pki"]["trusted"] = [2]
    (warning,) = warnings_of(load(raw))
    assert "ends on" not in warning
