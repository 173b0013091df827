"""Clusters of pods: what a good stack file gives, and every mistake that only they can have."""

from __future__ import annotations

from typing import Any

import pytest

from components.spec import Cluster, load, warnings_of
from components.spec.models.kubernetes import Kubernetes
from tests.spec.machines import REMOTE, host_key, remote
from tests.spec.pods import FULL_PODS, KUBECONFIG, PODS, pods
from tests.spec.stack_files import assert_named, changed, problems_of, take_example, the_problem

SUFFIXES = ("", ".etcd", ".etcd.svc", ".etcd.svc.cluster.local")


def place_of(*changes: tuple[str, Any]) -> Kubernetes:
    found = load(pods(*changes)).kubernetes
    assert found
    return found


def test_defaults_of_a_cluster_of_pods() -> None:
    spec = load(PODS)
    assert spec.in_kubernetes
    assert warnings_of(spec) == ()
    place = place_of()
    assert (place.service, place.client_service) == ("etcd", "etcd-client")
    assert (place.cluster_domain, place.image) == ("cluster.local", "gcr.io/etcd-development/etcd")
    assert (place.kubeconfig, place.context, place.priority_class) == (None, None, None)
    assert (place.storage.storage_class, place.storage.size) == (None, "8Gi")
    assert (place.resources.cpu, place.resources.memory) == ("500m", "2Gi")
    assert (place.spread, place.start_timeout_s) == ("required", 300)
    for access in (place.clients, place.metrics):
        assert (access.namespaces, access.networks) == ((), ())


def test_defaults_of_a_member_in_a_pod() -> None:
    node = load(PODS).node("etcd1")
    assert (node.transport, node.runtime) == ("kubernetes", "pod")
    assert node.address == "etcd1-0.etcd.etcd.svc.cluster.local"
    assert node.client_url == "https://etcd1-0.etcd.etcd.svc.cluster.local:2379"
    assert node.metrics
    assert (node.metrics.scheme, node.metrics.port) == ("http", 2381)
    assert load(pods(("nodes.etcd1", {"metrics": {"port": 9000}}))).node("etcd1").metrics_url == (
        "http://etcd1-0.etcd.etcd.svc.cluster.local:9000"
    )


def test_a_machine_has_no_names_of_services_and_no_place() -> None:
    for raw in (REMOTE, changed()):
        spec = load(raw)
        assert (spec.in_kubernetes, spec.kubernetes) == (False, None)
        assert spec.node("etcd1").service_names == ()
        assert spec.node("etcd1").metrics is None


def test_a_pod_needs_no_settings_of_its_own() -> None:
    assert load(pods(("nodes.etcd1", None))) == load(PODS)


def test_every_setting_at_once() -> None:
    assert warnings_of(load(FULL_PODS)) == ()


def test_names_of_a_member_are_those_of_document_000() -> None:
    """Its pod, the service, any pod of it so that scaling out needs no new certificate, and the
    service of clients; each short, with the namespace, and in full."""
    hosts = ("etcd0-0.etcd", "etcd", "*.etcd", "etcd-client")
    assert place_of().names_of("etcd0") == tuple(f"{h}{s}" for h in hosts for s in SUFFIXES)


def test_the_host_of_a_member_is_among_its_names() -> None:
    place = place_of(
        ("kubernetes", {"namespace": "a", "service": "kv", "cluster_domain": "k8s.example.org"})
    )
    assert place.host_of("etcd2") == "etcd2-0.kv.a.svc.k8s.example.org"
    names = place.names_of("etcd2")
    assert place.host_of("etcd2") in names
    assert {"kv.a.svc.k8s.example.org", "*.kv.a.svc.k8s.example.org", "kv-client.a"} <= set(names)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *(
            ("kubernetes.image", name)
            for name in (
                *("etcd", "a/b/c", "localhost:5000/etcd", "registry.example.org:5000/x/etcd"),
                *("gcr.io/etcd-development/etcd", "10.0.0.1:5000/a_b/c__d/e--f.g"),
            )
        ),
        *(("kubernetes.service", name) for name in ("a", "a" * 56, "etcd-0")),
        *(("kubernetes.cluster_domain", name) for name in ("local", "k8s", "1.k8s.example.org")),
        *(
            ("kubernetes.storage", {"size": size})
            for size in ("4096Mi", "5G", "0.5Ti", "4294967296")
        ),
        *(("kubernetes.resources", {"cpu": cpu}) for cpu in ("1", "0.5", "1500m")),
        *(("kubernetes.resources", {"memory": size}) for size in ("512Mi", "2Gi", "1.5G")),
        ("kubernetes.storage", {"storage_class": "rook-ceph.block"}),
        ("kubernetes.priority_class", "system-cluster-critical"),
        ("kubernetes.kubeconfig", KUBECONFIG),
        ("kubernetes.kubeconfig", "clusters:\n- name: a\n"),
        (f"nodes.{'a' * 52}", {}),
        ("maintenance", {}),
        ("runtime", "pod"),
    ],
)
def test_what_is_taken(path: str, value: object) -> None:
    assert problems_of(pods((path, value))) == ()


def test_networks_take_one_form() -> None:
    access = place_of(
        ("kubernetes.clients", {"networks": ["192.168.1.7", "2001:DB8::/32"]})
    ).clients
    assert access.networks == ("192.168.1.7/32", "2001:db8::/32")


_DEEP = ".".join(["a" * 60] * 4)

# (changes, path below cluster, part of the reason, part of the remedy)
Case = tuple[list[tuple[str, Any]], str, str, str]
CASES: list[Case] = [
    # a place, and whether there should be one
    ([("kubernetes", ...)], "kubernetes", "is missing", '{"namespace": "etcd"}'),
    ([("kubernetes", None)], "kubernetes", "nothing after", '{"namespace": "etcd"}'),
    ([("kubernetes", "etcd")], "kubernetes", "no mapping", '{"namespace": "etcd"}'),
    ([("kubernetes", {})], "kubernetes.namespace", "is missing", "etcd"),
    ([("transport", ...)], "kubernetes", "is for clusters of pods", "`transport: kubernetes`"),
    ([("transport", "local")], "kubernetes", "is for clusters of pods", "`transport: kubernetes`"),
    ([("nodes.etcd1.transport", "local")], "nodes.etcd1.transport", "or with none", "the same"),
    ([("nodes.etcd1.transport", "ssh")], "nodes.etcd1.transport", "or with none", "the same"),
    (
        [("transport", ...), ("nodes.etcd1.transport", "kubernetes")],
        "nodes.etcd1.transport",
        "with all its members, or with none",
        "the same transport for all nodes",
    ),
    # names
    ([("kubernetes.namespace", "Etcd")], "kubernetes.namespace", "no DNS label", "etcd"),
    ([("kubernetes.namespace", "a.b")], "kubernetes.namespace", "no DNS label", "a-b"),
    ([("kubernetes.namespace", 7)], "kubernetes.namespace", "a number is no text", "etcd"),
    ([("kubernetes.namespac", "x")], "kubernetes.namespac", "no known key", "`namespace`"),
    ([("kubernetes.service", "9etcd")], "kubernetes.service", "a letter first", "etcd"),
    ([("kubernetes.service", "etcd.kv")], "kubernetes.service", "no name of a service", "etcd"),
    ([("kubernetes.service", "a" * 57)], "kubernetes.service", "at most 56", "etcd"),
    ([("kubernetes.service", "")], "kubernetes.service", "no name of a service", "etcd"),
    ([("kubernetes.context", "")], "kubernetes.context", "is empty", "prod"),
    ([("kubernetes.context", "a\nb")], "kubernetes.context", "line break", "one plain line"),
    (
        [("kubernetes.priority_class", "High")],
        "kubernetes.priority_class",
        "no name of an object",
        "etcd",
    ),
    ([("kubernetes.spread", "no")], "kubernetes.spread", "'required' or 'preferred'", "required"),
    (
        [(f"nodes.{'a' * 53}", {})],
        f"nodes.{'a' * 53}",
        "the 52 characters that a StatefulSet's name may have",
        "such as etcd0",
    ),
    # domains
    *(
        (
            [("kubernetes.cluster_domain", value)],
            "kubernetes.cluster_domain",
            "no DNS domain in lower case",
            "cluster.local",
        )
        for value in ("cluster.local.", "Cluster.local", "", "a_b", "a" * 64)
    ),
    (
        [("kubernetes.cluster_domain", "10.96.0.10")],
        "kubernetes.cluster_domain",
        "is an address",
        "cluster.local",
    ),
    (
        [("kubernetes.cluster_domain", _DEEP)],
        "kubernetes.cluster_domain",
        "gives etcd0 names of 265 characters; 253",
        "cluster.local",
    ),
    # images
    (
        [("kubernetes.image", "gcr.io/x/etcd:v3.6.16")],
        "kubernetes.image",
        "the tag is made of `version`",
        "gcr.io/x/etcd",
    ),
    (
        [("kubernetes.image", "r.example.org:5000/etcd@sha256:0")],
        "kubernetes.image",
        "has a tag or a digest",
        "r.example.org:5000/etcd",
    ),
    ([("kubernetes.image", "Etcd:1")], "kubernetes.image", "has a tag", "gcr.io/etcd-development"),
    *(
        ([("kubernetes.image", value)], "kubernetes.image", "no name of an image", "gcr.io/")
        for value in ("", "etcd/", "/etcd", "https://gcr.io/etcd", "gcr.io:/etcd", "a//b", "a b")
    ),
    # quantities
    *(
        (
            [("kubernetes.storage", {"size": value})],
            "kubernetes.storage.size",
            "no size in bytes",
            "8Gi",
        )
        for value in ("8 GB", "8gi", "", "-8Gi", "1e9")
    ),
    ([("kubernetes.storage", {"size": "0Gi"})], "kubernetes.storage.size", "is nothing", "8Gi"),
    ([("kubernetes.resources", {"cpu": "0m"})], "kubernetes.resources.cpu", "is nothing", "500m"),
    (
        [("kubernetes.storage", {"size": 8})],
        "kubernetes.storage.size",
        "a number is no text",
        "8Gi",
    ),
    (
        [("kubernetes.storage", {"size": "4095Mi"})],
        "kubernetes.storage.size",
        "has no room for a database of 2048 MiB (etcd0's quota_mib) and a snapshot",
        "4096Mi",
    ),
    ([("quota_mib", 8192)], "kubernetes.storage.size", "8192 MiB (etcd0's", "16384Mi"),
    (
        [("nodes.etcd1.quota_mib", 5000)],
        "kubernetes.storage.size",
        "5000 MiB (etcd1's",
        "10000Mi",
    ),
    (
        [("kubernetes.storage", {"storage_class": ""})],
        "kubernetes.storage.storage_class",
        "no name of an object",
        "local-path",
    ),
    (
        [("kubernetes.resources", {"memory": "512m"})],
        "kubernetes.resources.memory",
        "thousandths of a byte",
        "512Mi",
    ),
    (
        [("kubernetes.resources", {"memory": "2 GiB"})],
        "kubernetes.resources.memory",
        "no size in bytes",
        "2Gi",
    ),
    *(
        (
            [("kubernetes.resources", {"cpu": value})],
            "kubernetes.resources.cpu",
            "no number of processors",
            "500m",
        )
        for value in ("two", "1Gi", "")
    ),
    ([("kubernetes.start_timeout_s", 5)], "kubernetes.start_timeout_s", "less than 10", "300"),
    ([("kubernetes.start_timeout_s", 9999)], "kubernetes.start_timeout_s", "more than", "300"),
    ([("kubernetes.start_timeout_s", "5m")], "kubernetes.start_timeout_s", "no whole", "300"),
    # access
    (
        [("kubernetes.clients", {"namespaces": "apps"})],
        "kubernetes.clients.namespaces",
        "single value",
        '["apps"]',
    ),
    (
        [("kubernetes.clients", {"namespaces": ["Apps"]})],
        "kubernetes.clients.namespaces[0]",
        "no DNS label",
        "apps",
    ),
    (
        [("kubernetes.metrics", {"networks": ["10.0.0.1/8"]})],
        "kubernetes.metrics.networks[0]",
        "an address inside a network",
        "10.0.0.0/8",
    ),
    (
        [("kubernetes.clients", {"namespace": ["apps"]})],
        "kubernetes.clients.namespace",
        "no known key",
        "`namespaces`",
    ),
    # the way there
    (
        [("kubernetes.kubeconfig", "~/.kube/config")],
        "kubernetes.kubeconfig",
        "the name of a file",
        "pulumi config set --secret --path etcd-cluster:cluster.kubernetes.kubeconfig",
    ),
    *(
        ([("kubernetes.kubeconfig", text)], "kubernetes.kubeconfig", "no kubeconfig", "--flatten")
        for text in (
            "[" * 5000,
            "clusters: 2026-02-30",
            "",
            "prod",
            "a: [",
            "clusters: []",
            "2001-99-99",
        )
    ),
    # what Kubernetes asks, and what it has itself
    (
        [("metrics", {"scheme": "https"})],
        "metrics.scheme",
        "cannot be asked by Kubernetes' probes",
        "http",
    ),
    (
        [("nodes.etcd1.metrics", {"scheme": "https"})],
        "nodes.etcd1.metrics.scheme",
        "which have no certificate",
        "http",
    ),
    ([("metrics", {"port": 2379})], "metrics.port", "another listener of etcd0", "2381"),
    ([("client_port", 2381)], "metrics.port", "another listener of etcd0", "2379"),
    ([("runtime", "systemd")], "runtime", "transport kubernetes; pod does", "pod"),
    ([("nodes.etcd1.runtime", "supervisor")], "nodes.etcd1.runtime", "pod does", "pod"),
]


@pytest.mark.parametrize(("changes", "path", "reason", "remedy"), CASES)
def test_a_mistake_is_named(
    changes: list[tuple[str, Any]], path: str, reason: str, remedy: str
) -> None:
    assert_named(pods(*changes), path, reason, remedy)


@pytest.mark.parametrize("changes", [case[0] for case in CASES])
def test_a_remedy_that_is_a_value_is_accepted(changes: list[tuple[str, Any]]) -> None:
    raw = pods(*changes)
    problem = the_problem(raw)
    if problem.example is None:
        return
    take_example(raw, problem)
    again = {each.path: each.reason for each in problems_of(raw)}
    # A size that is one by now may still be too small.
    assert "no room" in again.get(problem.path, "no room")


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("address", "10.0.0.11", "a pod is known by its name"),
        ("host_key", host_key(1), "reached over ssh"),
        ("reachable", False, "Kubernetes moves a pod"),
        ("reachable", True, "Kubernetes moves a pod"),
        ("ssh", {"agent": True}, "reached over ssh"),
        ("ssh", {"private_key_password": "x"}, "reached over ssh"),
        ("user", {"uid": 1501}, "reached over ssh"),
        ("key_access", "acl", "reached over ssh"),
        ("paths", {"data": "/srv/etcd"}, "reached over ssh"),
        ("firewall", "nftables", "reached over ssh"),
        ("firewall", {"clients": ["10.0.0.0/8"]}, "reached over ssh"),
        ("shell_profile", {"group": "ops"}, "reached over ssh"),
        ("install", {"method": "release"}, "runs kubernetes.image"),
        ("install", {"method": "preinstalled", "directory": "/srv/x"}, "runs kubernetes.image"),
        ("install", {"url": "https://example.org/{version}"}, "runs kubernetes.image"),
        ("install", {"sha256": {"arm64": "0" * 64}}, "runs kubernetes.image"),
        ("architecture", "arm64", "an image has its own"),
        ("root", ".dev/nodes", "for local nodes"),
    ],
)
def test_a_pod_has_no_use_for_a_machines_settings(path: str, value: object, reason: str) -> None:
    its_own = path in {"address", "host_key", "reachable"}
    for place in (f"nodes.etcd1.{path}", *(() if its_own else (path,))):
        (problem,) = problems_of(pods((place, value)))
        assert problem.path == f"cluster.{place}"
        assert reason in problem.reason
        assert problem.remedy == "remove it"


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("config_format", "env", "a pod has arguments"),
        ("config_format", "yaml", "a pod has arguments"),
        ("maintenance.defragment", "2026-11-26", "`etcdctl defrag`, followers first"),
    ],
)
def test_nor_has_a_cluster_of_them(path: str, value: object, reason: str) -> None:
    (problem,) = problems_of(pods((path, value)))
    assert problem.path == f"cluster.{path}"
    assert reason in problem.reason
    assert problem.remedy == "remove it"


def test_each_node_that_says_another_transport_is_blamed() -> None:
    raw = pods(("nodes.etcd0.transport", "kubernetes"), ("nodes.etcd1.transport", "local"))
    assert [problem.path for problem in problems_of(raw)] == [
        "cluster.nodes.etcd0.transport",
        "cluster.nodes.etcd1.transport",
    ]


def test_the_section_beside_machines_is_too_much_and_hides_nothing_of_them() -> None:
    raw = remote(("kubernetes", {"namespace": "etcd"}), ("nodes.etcd2.host_key", ...))
    assert [problem.path for problem in problems_of(raw)] == [
        "cluster.nodes.etcd2.host_key",
        "cluster.kubernetes",
    ]


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        # nothing is asked of a transport that is refused
        ([("transport", "pods")], ["transport"]),
        ([("nodes.etcd1.transport", "pods")], ["nodes.etcd1.transport"]),
        # no volume is too small whose size, or whose quota, is none
        ([("kubernetes.storage", {"size": "1"}), ("quota_mib", "2GiB")], ["quota_mib"]),
        # nor a name too long that is none
        ([("kubernetes.cluster_domain", _DEEP), ("kubernetes.namespace", "A")],
         ["kubernetes.namespace"]),
        # but one mistake hides no other
        ([("kubernetes.image", "a:1"), ("kubernetes.spread", "no"), ("metrics.scheme", "https"),
          ("nodes.etcd1.address", "10.0.0.1")],
         ["kubernetes.image", "kubernetes.spread", "metrics.scheme", "nodes.etcd1.address"]),
    ],
)  # fmt: skip
def test_a_mistake_does_not_cause_another(
    changes: list[tuple[str, object]], paths: list[str]
) -> None:
    found = sorted(problem.path for problem in problems_of(pods(*changes)))
    assert found == sorted(f"cluster.{path}" for path in paths)


SECRET = "hunter2-0123456789"


@pytest.mark.parametrize("text", [SECRET, f"~/{SECRET}", f"a: [{SECRET}", f"users: [{SECRET}]"])
def test_a_kubeconfig_is_never_shown(text: str) -> None:
    (problem,) = problems_of(pods(("kubernetes.kubeconfig", text)))
    assert "[secret]" in str(problem)
    assert SECRET not in str(problem)
    raw = pods(("kubernetes.kubeconfig", KUBECONFIG))
    assert KUBECONFIG not in Cluster.model_validate(raw).model_dump_json()
