"""What the state knows, before an update."""

from __future__ import annotations

import json

from ops.engine.pulumi import Engine, EngineError, says_no_stack


def known_urns(engine: Engine) -> list[str]:
    """Of everything that was made, or begun. Raises EngineError."""
    deployment = _deployment(engine)
    begun = [operation["resource"] for operation in deployment.get("pending_operations") or ()]
    return [resource["urn"] for resource in [*(deployment.get("resources") or ()), *begun]]


def protected_names(engine: Engine) -> set[str]:
    """Names of resources that the engine refuses to delete; none without a stack. Raises
    EngineError."""
    try:
        resources = _deployment(engine).get("resources") or ()
    except EngineError as error:
        if says_no_stack(str(error)):
            return set()
        raise
    protected = (resource["urn"] for resource in resources if resource.get("protect"))
    return {urn.rpartition("::")[2] for urn in protected}


def _deployment(engine: Engine) -> dict[str, list[dict[str, str]]]:
    return dict(json.loads(engine.call("stack", "export"))["deployment"] or {})
