"""kube-apiserver as a static pod: what a kubelet runs without asking anybody. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import commonpath, dirname
from typing import Any

MANIFEST = "/etc/kubernetes/manifests/kube-apiserver.yaml"
PORT = 6443
_PROBE_TIMEOUT_S = 15


def static_pod(
    image: str, flags: Sequence[str], files: Mapping[str, str], digest: str, root: str
) -> dict[str, Any]:
    """The pod's manifest. `files` (path to text) lie below `root` on the machine, and where the
    flags name them in the pod.

    A kubelet starts the pod anew when any of this changes; `digest` changes with what
    kube-apiserver would not notice otherwise.
    """
    # The whole folder: a mounted file would stay the old one when another takes its name.
    folder = commonpath(dirname(path) for path in files)
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "kube-apiserver",
            "namespace": "kube-system",
            "labels": {"component": "kube-apiserver", "tier": "control-plane"},
            "annotations": {"etcd-cluster/restart-digest": digest},
        },
        "spec": {
            "hostNetwork": True,
            "priorityClassName": "system-node-critical",
            "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [_container(image, flags, folder)],
            "volumes": [
                {
                    "name": "pki",
                    "hostPath": {"path": root.rstrip("/") + folder, "type": "Directory"},
                }
            ],
        },
    }


def _container(image: str, flags: Sequence[str], folder: str) -> dict[str, Any]:
    return {
        "name": "kube-apiserver",
        "image": image,
        "command": ["kube-apiserver", f"--secure-port={PORT}", *flags],
        "resources": {"requests": {"cpu": "250m", "memory": "512Mi"}},
        "startupProbe": _probe("/livez", failures=24),
        "readinessProbe": _probe("/readyz", failures=3),
        "livenessProbe": _probe("/livez", failures=8),
        "volumeMounts": [{"name": "pki", "mountPath": folder, "readOnly": True}],
    }


def _probe(path: str, failures: int) -> dict[str, Any]:
    return {
        "httpGet": {"path": path, "port": PORT, "scheme": "HTTPS"},
        "periodSeconds": 10,
        "timeoutSeconds": _PROBE_TIMEOUT_S,
        "failureThreshold": failures,
    }
