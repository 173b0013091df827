"""What the lab's own tests put into the cluster. Pure."""

from __future__ import annotations

import json
from typing import Any

DATA = "/var/lib/etcd"
NOBODY = 65532
CLIENT_PORT = 2379
METRICS_PORT = 2381


def etcd(image: str) -> str:
    """One member without TLS and without root in a StatefulSet, with a volume of the default class;
    its headless service `etcd`, and `etcd-client` with an address of its own."""
    labels = {"app": "etcd"}
    stateful_set = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "etcd"},
        "spec": {
            "serviceName": "etcd",
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": _pod(image)},
            "volumeClaimTemplates": [_claim()],
        },
    }
    headless = {"clusterIP": "None", "publishNotReadyAddresses": True}
    items = [_service("etcd", labels, headless), _service("etcd-client", labels, {}), stateful_set]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


def client(name: str, image: str, secret: str = "") -> str:
    """A pod with a shell that waits; a secret lies in /client."""
    container: dict[str, Any] = {
        "name": "client",
        "image": image,
        "command": ["/bin/sleep", "3600"],
    }
    spec: dict[str, Any] = {"terminationGracePeriodSeconds": 0, "containers": [container]}
    if secret:
        container["volumeMounts"] = [{"name": "client", "mountPath": "/client"}]
        spec["volumes"] = [{"name": "client", "secret": {"secretName": secret}}]
    document = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}
    return json.dumps(document)


def _service(name: str, labels: dict[str, str], more: dict[str, Any]) -> dict[str, Any]:
    ports = [{"name": "client", "port": CLIENT_PORT}]
    spec = {"selector": labels, "ports": ports, **more}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def _pod(image: str) -> dict[str, Any]:
    command = [
        *("/usr/local/bin/etcd", "--name=$(POD)", f"--data-dir={DATA}/data"),
        f"--listen-client-urls=http://0.0.0.0:{CLIENT_PORT}",
        f"--advertise-client-urls=http://$(POD).etcd.default.svc.cluster.local:{CLIENT_PORT}",
        f"--listen-metrics-urls=http://0.0.0.0:{METRICS_PORT}",
    ]
    name = {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    container = {
        "name": "etcd",
        "image": image,
        "command": command,
        "env": [name],
        "volumeMounts": [{"name": "data", "mountPath": DATA}],
        "readinessProbe": {
            "httpGet": {"path": "/readyz", "port": METRICS_PORT},
            "periodSeconds": 1,
        },
    }
    user = {"runAsUser": NOBODY, "runAsGroup": NOBODY, "fsGroup": NOBODY}
    return {"securityContext": user, "containers": [container]}


def _claim() -> dict[str, Any]:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"metadata": {"name": "data"}, "spec": spec}
