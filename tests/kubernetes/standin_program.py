"""A Pulumi program that makes what `objects.json` beside it says.

`{"kubeconfig": path, "provider": {...}, "objects": {name: {"type", "inputs", "seconds"}}}`: each
object depends on the one before it; `seconds` is how long to wait for it. A text that begins with
`secret:` is one.

Objects are made by their type's name, not by the SDK's class of it: importing those takes two
seconds.
"""

import json
from pathlib import Path
from typing import Any

import pulumi
from pulumi_kubernetes import Provider


def with_secrets(value: Any) -> Any:
    """The value with its secrets as such."""
    if isinstance(value, dict):
        return {name: with_secrets(part) for name, part in value.items()}
    if isinstance(value, list):
        return [with_secrets(part) for part in value]
    if isinstance(value, str) and value.startswith("secret:"):
        return pulumi.Output.secret(value.removeprefix("secret:"))
    return value


told = json.loads(Path("objects.json").read_text())
kubeconfig = pulumi.Output.secret(Path(told["kubeconfig"]).read_text())
provider = Provider("cluster", kubeconfig=kubeconfig, **told["provider"])
before: list[pulumi.Resource] = []
for name, made in told["objects"].items():
    limit = f"{made['seconds']}s" if "seconds" in made else None
    options = pulumi.ResourceOptions(
        provider=provider,
        depends_on=before,
        custom_timeouts=pulumi.CustomTimeouts(create=limit, update=limit) if limit else None,
    )
    before = [pulumi.CustomResource(made["type"], name, with_secrets(made["inputs"]), options)]
