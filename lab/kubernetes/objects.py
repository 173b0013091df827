"""What tests put into the cluster. Pure."""

from __future__ import annotations

import json
from typing import Any


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
