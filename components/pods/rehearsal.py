"""A pod beside the member's own: from the member's new template, on an empty folder, reached by
nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from components.member.credentials import Credentials
from components.member.files import File
from components.member.flags import (
    FlagValue,
    cluster_of_one,
    etcd_flags,
    flag_text,
    log_outputs_with_stderr,
)
from components.member.member import BootstrapRecord, Member
from components.pods.layout import VOLUME
from components.pods.manifests.names import PREFIX, VOLUME_CLAIM
from components.pods.manifests.pod import pod_spec
from components.pods.manifests.secrets import pki_data
from components.spec.models.kubernetes import Kubernetes

_CLIENT_URL, _PEER_URL = "https://127.0.0.1:2379", "https://127.0.0.1:2380"
_METRICS_URL = "http://127.0.0.1:2381"
# They keep members apart: there may be no further node.
_SPREAD = ("affinity", "topologySpreadConstraints")
# A script asks instead of the kubelet, nobody else reaches it, and `env` stands for `envFrom`.
_NOT_ALONE = ("startupProbe", "livenessProbe", "readinessProbe", "ports", "envFrom")


def rehearsal_name(member: Member) -> str:
    """Of the pod and of its Secret."""
    return f"{member.name}-rehearsal"


def rehearsal_settings(member: Member) -> dict[str, str]:
    """What a script has to know of it."""
    return {"rehearsal": rehearsal_name(member), "rehearsal_url": _CLIENT_URL}


def rehearsal_objects(
    member: Member, record: BootstrapRecord, pods: Kubernetes, credentials: Credentials
) -> File:
    """The manifests, which carry keys."""
    secret = {"kind": "Secret", "type": "Opaque", "data": pki_data(credentials)}
    outputs = log_outputs_with_stderr(etcd_flags(member, record, "existing"))
    pod = {"kind": "Pod", "spec": _spec(member, pod_spec(member, record, pods), pods, outputs)}
    meta = {
        "name": rehearsal_name(member),
        "namespace": pods.namespace,
        # No Service, budget or policy of the cluster selects it.
        "labels": {f"{PREFIX}/rehearsal": member.name},
    }
    items = [{"apiVersion": "v1", "metadata": meta, **each} for each in (secret, pod)]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    return File("rehearsal.json", text.encode(), 0o600)


def _spec(
    member: Member, spec: Mapping[str, Any], pods: Kubernetes, outputs: Mapping[str, FlagValue]
) -> dict[str, Any]:
    kept = {name: value for name, value in spec.items() if name not in _SPREAD}
    (container,) = spec["containers"]
    return {
        **kept,
        "restartPolicy": "Never",
        "activeDeadlineSeconds": 2 * pods.start_timeout_s,
        "terminationGracePeriodSeconds": 0,
        "containers": [_container(member, container, outputs)],
        "volumes": [
            {
                "name": "pki",
                "secret": {**spec["volumes"][0]["secret"], "secretName": rehearsal_name(member)},
            },
            {"name": VOLUME_CLAIM, "emptyDir": {}},
        ],
    }


def _container(
    member: Member, container: Mapping[str, Any], outputs: Mapping[str, FlagValue]
) -> dict[str, Any]:
    data = {
        "ETCD_DATA_DIR": str(VOLUME / "rehearsal"),
        "ETCD_INITIAL_CLUSTER": f"{member.name}={_PEER_URL}",
        "ETCD_INITIAL_CLUSTER_STATE": "new",
    }
    # Behind those of the member: of a flag that is given twice, the last one counts.
    flags = {**cluster_of_one(_CLIENT_URL, _PEER_URL, _METRICS_URL), **outputs}
    alone = [f"--{name}={flag_text(value)}" for name, value in flags.items()]
    return {
        **{name: value for name, value in container.items() if name not in _NOT_ALONE},
        "command": [*container["command"], *alone],
        "env": [{"name": name, "value": value} for name, value in data.items()],
    }
