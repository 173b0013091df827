"""How Prometheus is told to scrape this etcd. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypedDict
from urllib.parse import urlsplit

from components.outputs.clients import ClientPaths
from components.spec import NodeSettings

PROMETHEUS_DIRECTORY = "/etc/prometheus/etcd"


class Scraping(TypedDict):
    """Entries of a Prometheus `scrape_configs` list."""

    scrape_configs: list[dict[str, Any]]


def prometheus(cluster_name: str, nodes: Sequence[NodeSettings], paths: ClientPaths) -> Scraping:
    """A job per scheme, since a job has one: the metrics listener where a node has one, else its
    client port. Job names contain `etcd`, by which etcd's own alert rules find them.
    """
    ordered = sorted(nodes, key=_scheme)
    jobs = [
        _job(cluster_name, scheme, list(group), paths)
        for scheme, group in groupby(ordered, _scheme)
    ]
    return {"scrape_configs": jobs}


def _job(
    cluster_name: str, scheme: str, nodes: list[NodeSettings], paths: ClientPaths
) -> dict[str, Any]:
    job: dict[str, Any] = {
        "job_name": f"etcd-{cluster_name}-{scheme}",
        "scheme": scheme,
        "static_configs": [
            {
                "targets": [urlsplit(_scraped_url(node)).netloc],
                "labels": {"cluster": cluster_name, "member": node.name},
            }
            for node in nodes
        ],
    }
    if scheme == "https":
        job["tls_config"] = {
            "ca_file": paths.ca,
            "cert_file": paths.certificate,
            "key_file": paths.key,
        }
    return job


def _scraped_url(node: NodeSettings) -> str:
    return node.metrics_url or node.client_url


def _scheme(node: NodeSettings) -> str:
    return urlsplit(_scraped_url(node)).scheme
