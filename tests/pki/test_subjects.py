"""Who a certificate says it is."""

from __future__ import annotations

import pytest

from components.pki.roles import MAINTENANCE, PEER, SERVER
from components.pki.subjects import (
    Subject,
    authority_subject,
    consumer_subject,
    intermediate_subject,
    node_subject,
)
from components.spec import load
from tests.support.issued import stack_file

DOCUMENT = {"country": "CN", "province": "Shanghai", "locality": "Shanghai"}


def spec(**settings):
    return load(stack_file(**settings))


def test_modern_names_the_holder():
    pki = spec(pki={"subject": {"organization": "Example Ltd"}}).pki
    for role in (SERVER, PEER, MAINTENANCE):
        assert node_subject(pki, role, "etcd1") == Subject("etcd1", organization="Example Ltd")


@pytest.mark.parametrize(
    ("role", "common_name", "organization"),
    [
        (SERVER, "etcd-server", "k8s"),
        (PEER, "etcd-peer", "k8s"),
        (MAINTENANCE, "etcd-client", "system:masters"),
    ],
)
def test_classic_has_the_names_of_document_001(role, common_name, organization):
    pki = spec(pki={"profile": "classic"}).pki
    expected = Subject(common_name, organization=organization, **DOCUMENT)
    assert node_subject(pki, role, "etcd1") == expected


@pytest.mark.parametrize(
    ("profile", "described", "common_name", "organization"),
    [
        ("modern", {}, "apiserver", None),
        ("modern", {"common_name": "kube", "organization": "team"}, "kube", "team"),
        ("classic", {}, "apiserver", "system:masters"),
        ("classic", {"organization": "team"}, "apiserver", "team"),
    ],
)
def test_a_consumer_has_its_own_names(profile, described, common_name, organization):
    cluster = spec(pki={"profile": profile}, consumers={"apiserver": described})
    subject = consumer_subject(cluster.pki, cluster.consumers["apiserver"])
    assert (subject.common_name, subject.organization) == (common_name, organization)


@pytest.mark.parametrize(
    ("profile", "name", "generation", "common_name"),
    [
        ("modern", "prod", 1, "prod-etcd-ca"),
        ("modern", "prod", 2, "prod-etcd-ca-2"),
        ("modern", "a" * 63, 9999, "a" * 51 + "-etcd-ca-9999"),
        ("classic", "prod", 1, "etcd-ca"),
        ("classic", "prod", 2, "etcd-ca-2"),
    ],
)
def test_an_authority_shows_its_cluster_and_generation(profile, name, generation, common_name):
    pki = spec(pki={"profile": profile}).pki
    assert authority_subject(pki, name, generation).common_name == common_name


def test_an_intermediate_is_not_named_like_its_root():
    pki = spec().pki
    root, below = authority_subject(pki, "prod", 1), intermediate_subject(pki, 1)
    assert root.common_name != below.common_name
