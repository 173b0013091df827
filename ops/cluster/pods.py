"""Asks every member in Kubernetes how it is, with the etcdctl that lies in its pod."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from ops.cluster.probe import Access, Answers, answers_of
from ops.errors import OperationError

# The member's own, in its pod.
_PKI = Path("/etc/etcd/pki")
_ACCESS = Access(_PKI / "ca.pem", _PKI / "maintenance.pem", _PKI / "maintenance.key")
_KUBE_TIMEOUT_S = 30
_READY = (
    '--output=jsonpath={range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")]'
    '.status}{"\\n"}{end}'
)


def ask(outputs: Mapping[str, Any]) -> Answers:
    """All at once. Only who is in the pods' network sees which certificates they show; the end of
    each is what the stack knows."""
    place, members = outputs["pods"], outputs["members"]
    urls = {name: str(member["client_url"]) for name, member in members.items()}
    ends = outputs["expiry"]["nodes"]
    with ThreadPoolExecutor() as pool:
        health = {n: pool.submit(_etcdctl, "health", place, n, url) for n, url in urls.items()}
        status = {n: pool.submit(_etcdctl, "status", place, n, url) for n, url in urls.items()}
        return Answers(
            health={
                found["endpoint"]: found for each in health.values() for found in each.result()
            },
            status={f["Endpoint"]: f["Status"] for each in status.values() for f in each.result()},
            expiry={url: _unix_time(ends[name]["server"]) for name, url in urls.items()},
        )


def not_ready(place: Mapping[str, Any]) -> list[str]:
    """Names of the members whose pods are not ready, or not there."""
    ready = _ready(place)
    return [member for member, pod in place["names"].items() if pod not in ready]


def _ready(place: Mapping[str, Any]) -> set[str]:
    pods = [f"pod/{name}" for name in place["names"].values()]
    # Two names at least, or it would be no list.
    question = (*kubectl(place), "get", *pods, pods[0], "--ignore-not-found", _READY)
    try:
        done = subprocess.run(
            question, capture_output=True, text=True, check=False, timeout=_KUBE_TIMEOUT_S
        )
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise OperationError(f"kubectl does not say which pods are ready: {error}") from None
    if done.returncode != 0:
        raise OperationError(f"kubectl does not say which pods are ready: {done.stderr.strip()}")
    lines = (line.split() for line in done.stdout.splitlines())
    return {words[0] for words in lines if words[1:] == ["True"]}


def kubectl(place: Mapping[str, Any]) -> tuple[str, ...]:
    """The command that leads to the pods, by the kubeconfig of whoever runs it."""
    context = place["context"]
    named = (f"--context={context}",) if context else ()
    return ("kubectl", f"--namespace={place['namespace']}", *named)


def _etcdctl(
    question: str, place: Mapping[str, Any], member: str, url: str
) -> list[dict[str, Any]]:
    inside = ("exec", place["names"][member], "--container=etcd", "--")
    return answers_of([*kubectl(place), *inside, *_ACCESS.etcdctl(question, [url])])


def _unix_time(rfc3339: str) -> float:
    return datetime.fromisoformat(rfc3339).timestamp()
