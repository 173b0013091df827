"""External authorities: accepted when everything fits, refused with the reason when not."""

from __future__ import annotations

from typing import Any

import pytest

from components.spec import load
from tests.spec.authorities import DAY, Made, make
from tests.spec.stack_files import changed, problems_of

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
        (stack(SIGNER, chain=ROOT.pem + MIDDLE.pem), "chain", "certificate 1 of it did not sign"),
        (stack(SIGNER, chain=MIDDLE.pem + OTHER.pem), "chain", "certificate 2 of it did not sign"),
        (stack(make("x", LEAF), chain=LEAF.pem + ROOT.pem), "chain", "certificate 1 of it"),
        (stack(MIDDLE, chain="none"), "chain", "holds no certificate"),
        (stack(MIDDLE, chain=MIDDLE.key), "chain", "holds no certificate"),
        (stack(Made(OTHER.certificate, ROOT.private)), "key", "public keys differ"),
    ],
)
def test_what_does_not_fit_is_refused(raw: dict[str, Any], field: str, reason: str) -> None:
    (problem,) = problems_of(raw)
    assert problem.path == f"cluster.pki.generations.2.{field}"
    assert reason in problem.reason


@pytest.mark.parametrize("pem", ["", "c", "-----BEGIN CERTIFICATE-----\nAAAA\n", ROOT.key])
def test_a_certificate_that_is_none(pem: str) -> None:
    raw = stack(ROOT)
    raw["pki"]["generations"]["2"]["certificate"] = pem
    (problem,) = problems_of(raw)
    assert problem.path == "cluster.pki.generations.2.certificate"
    assert problem.reason == "is no certificate in PEM"
    assert "PRIVATE" not in str(problem)


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
    assert any("before the leaves" in warning for warning in load(short).warnings())
    assert load(stack(ROOT)).warnings() == ()
    longer = stack(ROOT)
    longer["pki"]["lifetimes"] = {"server": {"validity": "3900d"}}
    assert problems_of(longer) == (), "our own CA's lifetime does not bind an external one"
