"""The authority as the engine sees it: resources, names, options, and what the certificates say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pulumi
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from components.pki.authority import Authority
from components.spec import load
from tests.support.issued import issue, issued, stack_file
from tests.support.tls_mocks import MockStack, Up

CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
THREE = {f"etcd{number}": {"address": f"10.0.0.1{number}"} for number in (1, 2, 3)}
KEY_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)


def up(stack: MockStack | None = None, **settings) -> Up:
    spec = load(stack_file(**settings))
    return (stack or MockStack()).up(lambda: Authority("test", spec).bundle)


def certificate(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def test_names_come_from_the_component_and_the_stable_names_of_nodes_and_consumers():
    done = up(nodes=THREE, consumers=["apiserver"])
    leaves = {
        *(
            f"test-node-{node}-{role}"
            for node in THREE
            for role in ("server", "peer", "maintenance")
        ),
        "test-consumer-apiserver",
        "test-consumer-operator",
    }
    assert set(done.of_type("pki:Leaf")) == leaves
    assert set(done.of_type("CertRequest")) == leaves
    assert set(done.of_type("LocallySignedCert")) == leaves
    assert set(done.of_type("PrivateKey")) == leaves | {"test-ca-1"}
    assert set(done.of_type("SelfSignedCert")) == {"test-ca-1"}


def test_every_resource_belongs_to_its_component():
    done = up()
    for resource in done.resources:
        if resource.type.endswith("pki:Leaf") or resource.name == "test-ca-1":
            assert resource.parent == "test"
        elif resource.type.startswith("tls:"):
            assert resource.parent == resource.name


def test_two_ups_change_nothing():
    stack = MockStack()
    assert issue(stack) == issue(stack)


def test_another_node_touches_no_certificate_of_the_others():
    stack = MockStack()
    before = issue(stack)
    after = issue(stack, nodes={**THREE, **stack_file()["nodes"]}, consumers=["apiserver"])
    assert (after.bundle, after.leaves) == (before.bundle, before.leaves)


@pytest.mark.parametrize(("throwaway", "protected"), [(False, {"test-ca-1"}), (True, set())])
def test_what_signs_is_protected_unless_the_stack_is_throw_away(throwaway, protected):
    done = up(throwaway=throwaway)
    assert {resource.name for resource in done.resources if resource.protect} == protected
    by_type = {resource.type for resource in done.resources if resource.protect}
    assert len(by_type) == 2 * len(protected), "key and certificate"


def test_a_generation_that_no_longer_signs_may_go():
    done = up(throwaway=False, pki={"signing": 2, "trusted": [1, 2]})
    assert {found.name for found in done.resources if found.protect} == {"test-ca-2"}


@pytest.mark.parametrize(
    "change",
    [
        {"algorithm": "ecdsa-p384"},
        {"subject": {"organization": "Example Ltd"}},
        {"lifetimes": {"ca": {"validity": "1000d"}}},
        {"profile": "classic", "algorithm": "ecdsa-p256"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_living_root_is_never_reissued_by_another_setting(change):
    stack = MockStack()
    assert issue(stack).bundle == issue(stack, pki=change).bundle


def test_a_renewal_keeps_the_key():
    stack = MockStack()
    before = issue(stack).leaves["server"]
    after = issue(stack, pki={"lifetimes": {"server": {"validity": "90d"}}}).leaves["server"]
    assert after.certificate != before.certificate
    assert after.key == before.key


def test_another_address_reissues_what_names_it_and_keeps_every_key():
    stack = MockStack()
    before = issue(stack).leaves
    after = issue(stack, nodes={"etcd1": {"address": "127.77.0.3"}}).leaves
    changed = {name for name in before if after[name].certificate != before[name].certificate}
    assert changed == {"server", "peer"}
    assert {name: pair.key for name, pair in after.items()} == {
        name: pair.key for name, pair in before.items()
    }


def test_lists_are_sorted_since_their_order_would_replace():
    done = up(names=["b.example.org", "a.example.org", "192.0.2.1"])
    for request in done.of_type("CertRequest").values():
        for names in ("dnsNames", "ipAddresses"):
            assert request.inputs.get(names, []) == sorted(request.inputs.get(names, []))
    for leaf in (
        *done.of_type("LocallySignedCert").values(),
        *done.of_type("SelfSignedCert").values(),
    ):
        assert leaf.inputs["allowedUses"] == sorted(leaf.inputs["allowedUses"])


def test_the_curve_is_named():
    for key in up().of_type("PrivateKey").values():
        assert (key.inputs["algorithm"], key.inputs["ecdsaCurve"]) == ("ECDSA", "P256")


def test_lifetimes_are_those_of_the_spec():
    done = up(pki={"lifetimes": {"server": {"validity": "36h", "renew_before": "5h"}}})
    signed = done.of_type("LocallySignedCert")
    hours = {
        name: (leaf.inputs["validityPeriodHours"], leaf.inputs["earlyRenewalHours"])
        for name, leaf in signed.items()
    }
    assert hours["test-node-etcd1-server"] == (36, 5)
    assert hours["test-consumer-operator"] == (365 * 24, 30 * 24)
    assert done.of_type("SelfSignedCert")["test-ca-1"].inputs["validityPeriodHours"] == 3650 * 24


@pytest.mark.parametrize(
    ("profile", "role", "key_usages", "extended"),
    [
        ("modern", "server", {"digital_signature"}, {SERVER}),
        ("modern", "peer", {"digital_signature"}, {CLIENT, SERVER}),
        ("modern", "maintenance", {"digital_signature"}, {CLIENT}),
        ("modern", "operator", {"digital_signature"}, {CLIENT}),
        (
            "classic",
            "server",
            {"content_commitment", "digital_signature", "key_encipherment"},
            {CLIENT, SERVER},
        ),
        ("classic", "peer", {"digital_signature", "key_encipherment"}, {CLIENT, SERVER}),
        ("classic", "maintenance", {"digital_signature", "key_encipherment"}, {CLIENT}),
        ("classic", "operator", {"digital_signature", "key_encipherment"}, {CLIENT}),
    ],
)
def test_a_leaf_has_exactly_its_usages(profile, role, key_usages, extended):
    leaf = certificate(issued(profile, "ecdsa-p256").leaves[role].certificate)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert {name for name in KEY_USAGES if getattr(usage, name)} == key_usages
    assert set(purposes) == extended
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize(
    ("profile", "key_usages", "subject"),
    [
        ("modern", {"key_cert_sign", "crl_sign"}, "CN=test-etcd-ca"),
        (
            "classic",
            {"key_cert_sign", "digital_signature", "key_encipherment"},
            "CN=etcd-ca,O=k8s,L=Shanghai,ST=Shanghai,C=CN",
        ),
    ],
)
def test_a_root_has_exactly_its_usages_and_subject(profile, key_usages, subject):
    root = certificate(issued(profile, "ecdsa-p256").bundle)
    usage = root.extensions.get_extension_for_class(x509.KeyUsage)
    assert {name for name in KEY_USAGES if getattr(usage.value, name)} == key_usages
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (usage.critical, constraints.critical, constraints.value.ca) == (True, True, True)
    assert root.subject.rfc4514_string() == subject


@pytest.mark.slow
def test_classic_has_the_keys_and_the_ten_years_of_document_001():
    made = issued("classic", "rsa-4096")
    for pem in (made.bundle, *(pair.certificate for pair in made.leaves.values())):
        found = certificate(pem)
        assert found.public_key().key_size == 4096
        assert found.not_valid_after_utc - found.not_valid_before_utc == timedelta(days=3650)


def test_keys_are_secret_and_certificates_are_not():
    spec = load(stack_file(pki={"generations": {1: {"intermediate": True}}}))

    def program():
        authority = Authority("test", spec)
        leaf = authority.nodes["etcd1"]["server"]
        values = {
            "key": leaf.key_pem,
            "certificate": leaf.certificate_pem,
            "not_after": leaf.not_after,
            "bundle": authority.bundle,
            "ca key": pulumi.Output.from_input(authority.generations[1].signer.key_pem),
        }
        return {name: value.is_secret() for name, value in values.items()}

    assert MockStack().up(program).value == {
        "key": True,
        "certificate": False,
        "not_after": False,
        "bundle": False,
        "ca key": True,
    }


@pytest.mark.parametrize(("age_days", "warned"), [(0, False), (3650 - 364, True)])
def test_an_authority_near_its_end_is_said(monkeypatch, age_days, warned):
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    issue(now=datetime.now(UTC) - timedelta(days=age_days))
    assert any("authority generation 1 ends at" in text for text in said) is warned
