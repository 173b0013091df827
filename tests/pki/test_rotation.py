"""Generations: rotation step by step, an intermediate, an external CA."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from itertools import pairwise, product

import pytest
from pulumi import Output

from components.pki.authority import Authority
from components.pki.pems import split_certificates
from components.spec import load
from tests.support.handshake import shake_hands
from tests.support.issued import ADDRESS, Issued, Pair, issue, stack_file
from tests.support.tls_mocks import MockStack
from toolchain.standins.tls.resources import create

ROTATION = [
    {"signing": 1, "trusted": [1]},
    {"signing": 1, "trusted": [1, 2]},
    {"signing": 2, "trusted": [1, 2]},
    {"signing": 2, "trusted": [2]},
]


def accepts(bundle: str, server: Pair, client: Pair) -> bool:
    try:
        shake_hands(server, client, server_trusts=bundle, client_trusts=bundle, dialled=ADDRESS)
    except ssl.SSLCertVerificationError:
        return False
    return True


@pytest.fixture(scope="module")
def steps() -> list[Issued]:
    stack = MockStack()
    return [issue(stack, pki=pki) for pki in ROTATION]


def test_the_bundle_grows_and_shrinks_by_one_root(steps):
    one, both, still_both, two = (split_certificates(step.bundle) for step in steps)
    assert one + two == both == still_both
    assert len(both) == 2


def test_leaves_change_only_when_the_signer_does_and_keep_their_keys(steps):
    leaves = [step.leaves for step in steps]
    assert leaves[0] == leaves[1]
    assert leaves[2] == leaves[3]
    for name in leaves[0]:
        assert leaves[1][name].certificate != leaves[2][name].certificate
        assert leaves[1][name].key == leaves[2][name].key


def test_every_two_neighbouring_steps_understand_each_other(steps):
    """Members and clients change one after the other, so both steps are live at once."""
    for live in pairwise(steps):
        for bundle, server, client in product(live, live, live):
            assert accepts(bundle.bundle, server.leaves["server"], client.leaves["operator"])


def test_leaves_of_both_generations_verify_against_both_and_not_against_one(steps):
    old, new = steps[1].leaves, steps[2].leaves
    assert accepts(steps[1].bundle, old["server"], new["operator"])
    assert accepts(steps[1].bundle, new["server"], old["operator"])
    assert not accepts(steps[3].bundle, old["server"], new["operator"])
    assert not accepts(steps[3].bundle, new["server"], old["operator"])
    assert not accepts(steps[0].bundle, new["server"], old["operator"])


def test_an_intermediate_signs_and_is_served_with_the_leaf():
    made = issue(pki={"generations": {1: {"intermediate": True}}})
    for pair in made.leaves.values():
        assert len(split_certificates(pair.certificate)) == 2
    assert len(split_certificates(made.bundle)) == 1
    assert made.bundle not in made.leaves["server"].certificate
    assert accepts(made.bundle, made.leaves["server"], made.leaves["operator"])


def test_an_intermediate_comes_under_a_living_root():
    stack = MockStack()
    before = issue(stack)
    after = issue(stack, pki={"generations": {1: {"intermediate": True}}})
    assert after.bundle == before.bundle
    assert accepts(after.bundle, after.leaves["server"], before.leaves["operator"])


@dataclass(frozen=True)
class Company:
    """An external root, and an intermediate below it that signs for etcd."""

    root: str
    root_key: str
    intermediate: str
    intermediate_key: str


@pytest.fixture(scope="module")
def company() -> Company:
    ca = {
        "isCaCertificate": True,
        "allowedUses": ["cert_signing"],
        "validityPeriodHours": 1000,
    }
    root_key, key = (
        create("tls:index/privateKey:PrivateKey", {"algorithm": "RSA", "rsaBits": 2048})
        for _ in range(2)
    )
    root = create(
        "tls:index/selfSignedCert:SelfSignedCert",
        {
            **ca,
            "privateKeyPem": root_key["privateKeyPem"],
            "subject": {"commonName": "Company Root"},
        },
    )
    request = create(
        "tls:index/certRequest:CertRequest",
        {"privateKeyPem": key["privateKeyPem"], "subject": {"commonName": "Company etcd"}},
    )
    intermediate = create(
        "tls:index/locallySignedCert:LocallySignedCert",
        {
            **ca,
            "certRequestPem": request["certRequestPem"],
            "caCertPem": root["certPem"],
            "caPrivateKeyPem": root_key["privateKeyPem"],
        },
    )
    return Company(
        root["certPem"],
        root_key["privateKeyPem"],
        intermediate["certPem"],
        key["privateKeyPem"],
    )


def below(company: Company) -> dict[str, str]:
    """A generation whose certificate is the company's intermediate."""
    return {
        "certificate": company.intermediate,
        "key": company.intermediate_key,
        "chain": company.root,
    }


@pytest.fixture(scope="module")
def external(company) -> Issued:
    return issue(pki={"signing": 7, "generations": {7: below(company)}})


def test_an_external_chain_is_served_and_verifies_from_the_root_alone(company, external):
    assert external.bundle == company.root
    served = split_certificates(external.leaves["server"].certificate)
    assert served[1:] == split_certificates(company.intermediate)
    assert accepts(company.root, external.leaves["server"], external.leaves["operator"])


def test_without_its_intermediate_an_external_leaf_would_not_verify(company, external):
    server = external.leaves["server"]
    alone = Pair(split_certificates(server.certificate)[0] + "\n", server.key)
    assert not accepts(company.root, alone, external.leaves["operator"])


def test_an_external_ca_without_parents_is_the_root_itself(company):
    described = {"certificate": company.root, "key": company.root_key}
    made = issue(pki={"generations": {1: described}})
    assert made.bundle == company.root
    assert len(split_certificates(made.leaves["server"].certificate)) == 1
    assert accepts(made.bundle, made.leaves["server"], made.leaves["operator"])


def test_whoever_an_external_root_signs_for_is_let_in(company, external):
    """What an external CA brings with it (ADR 2)."""
    others = issue(pki={"generations": {1: {"certificate": company.root, "key": company.root_key}}})
    assert accepts(external.bundle, external.leaves["server"], others.leaves["operator"])


def test_rotation_to_an_external_ca_needs_no_other_steps(company):
    stack = MockStack()
    before = issue(stack)
    pki = {"signing": 7, "trusted": [1, 7], "generations": {7: below(company)}}
    after = issue(stack, pki=pki)
    assert accepts(after.bundle, after.leaves["server"], before.leaves["operator"])


def test_a_root_that_two_generations_share_is_trusted_once(company):
    generations = {1: below(company), 2: {"certificate": company.root, "key": company.root_key}}
    made = issue(pki={"signing": 1, "trusted": [1, 2], "generations": generations})
    assert made.bundle == company.root


def test_the_key_of_an_external_ca_is_secret(company):
    spec = load(stack_file(pki={"signing": 7, "generations": {7: below(company)}}))

    def program():
        return Output.from_input(Authority("test", spec).generations[7].signer.key_pem).is_secret()

    assert MockStack().up(program).value is True
