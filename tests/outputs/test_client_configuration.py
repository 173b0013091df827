"""How each kind of client is told to connect: pure functions, no Pulumi."""

from __future__ import annotations

import pytest

from components.outputs.clients import ClientPaths
from components.outputs.etcdctl import etcdctl
from components.outputs.kubernetes import apiserver, k3s, kubeadm
from components.outputs.members import endpoints, members
from components.outputs.prometheus import prometheus
from components.spec import load
from tests.support.issued import stack_file

URLS = ["https://10.0.0.11:2379", "https://[fd00::12]:2379"]
PATHS = ClientPaths.in_directory("/pki", "apiserver")


def spec(**settings):
    nodes = {"etcd1": {"address": "10.0.0.11"}, "etcd2": {"address": "fd00::12"}}
    return load(stack_file(**{"name": "prod", "nodes": nodes, **settings}))


def test_a_consumer_keeps_its_files_under_its_own_name():
    assert PATHS.contents("bundle", "certificate", "key") == {
        "/pki/ca.crt": "bundle",
        "/pki/apiserver.crt": "certificate",
        "/pki/apiserver.key": "key",
    }


def test_apiserver_flags():
    assert apiserver(URLS, PATHS)["flags"] == [
        "--etcd-servers=https://10.0.0.11:2379,https://[fd00::12]:2379",
        "--etcd-cafile=/pki/ca.crt",
        "--etcd-certfile=/pki/apiserver.crt",
        "--etcd-keyfile=/pki/apiserver.key",
    ]


def test_k3s_flags():
    assert k3s(URLS, PATHS)["flags"] == [
        "--datastore-endpoint=https://10.0.0.11:2379,https://[fd00::12]:2379",
        "--datastore-cafile=/pki/ca.crt",
        "--datastore-certfile=/pki/apiserver.crt",
        "--datastore-keyfile=/pki/apiserver.key",
    ]


def test_kubeadm_yaml():
    assert kubeadm(URLS, PATHS)["yaml"] == (
        "apiVersion: kubeadm.k8s.io/v1beta4\n"
        "kind: ClusterConfiguration\n"
        "etcd:\n"
        "  external:\n"
        "    endpoints:\n"
        "    - https://10.0.0.11:2379\n"
        "    - https://[fd00::12]:2379\n"
        "    caFile: /pki/ca.crt\n"
        "    certFile: /pki/apiserver.crt\n"
        "    keyFile: /pki/apiserver.key\n"
    )


def test_etcdctl_names_every_endpoint():
    assert etcdctl(URLS, PATHS)["environment"] == {
        "ETCDCTL_ENDPOINTS": "https://10.0.0.11:2379,https://[fd00::12]:2379",
        "ETCDCTL_CACERT": "/pki/ca.crt",
        "ETCDCTL_CERT": "/pki/apiserver.crt",
        "ETCDCTL_KEY": "/pki/apiserver.key",
    }


def test_endpoints_and_members_follow_the_stack_file():
    cluster = spec(peer_port=12380)
    assert endpoints(cluster) == URLS
    assert members(cluster)["etcd2"] == {
        "address": "fd00::12",
        "client_url": "https://[fd00::12]:2379",
        "peer_url": "https://[fd00::12]:12380",
    }
    assert list(members(cluster)) == ["etcd1", "etcd2"]


@pytest.mark.parametrize(
    ("metrics", "scheme", "targets", "tls"),
    [
        ("none", "https", ["10.0.0.11:2379", "[fd00::12]:2379"], True),
        ({"scheme": "https", "port": 2382}, "https", ["10.0.0.11:2382", "[fd00::12]:2382"], True),
        ({"scheme": "http"}, "http", ["10.0.0.11:2381", "[fd00::12]:2381"], False),
    ],
)
def test_prometheus_scrapes_the_metrics_listener_or_the_client_port(metrics, scheme, targets, tls):
    cluster = spec(metrics=metrics)
    (job,) = prometheus("prod", cluster.resolved_nodes(), PATHS)["scrape_configs"]
    assert (job["job_name"], job["scheme"]) == (f"etcd-prod-{scheme}", scheme)
    assert [target for group in job["static_configs"] for target in group["targets"]] == targets
    assert ("tls_config" in job) is tls


def test_prometheus_gets_a_job_per_scheme():
    cluster = spec(
        nodes={
            "etcd1": {"address": "10.0.0.11", "metrics": {"scheme": "http"}},
            "etcd2": {"address": "10.0.0.12"},
            "etcd3": {"address": "10.0.0.13", "metrics": {"scheme": "http"}},
        }
    )
    jobs = prometheus("prod", cluster.resolved_nodes(), PATHS)["scrape_configs"]
    members_of = {
        job["job_name"]: [group["labels"]["member"] for group in job["static_configs"]]
        for job in jobs
    }
    assert members_of == {"etcd-prod-http": ["etcd1", "etcd3"], "etcd-prod-https": ["etcd2"]}
