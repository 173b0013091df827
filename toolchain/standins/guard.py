"""Keeps stand-ins away from every stack that does not say that it may be lost.

A stand-in answers as the official plugin does, as far as tests can tell. That is good enough for
a stack of which everything may be lost. `<project>:standins: true` says so, and nothing else: all
protections stay. `throwaway: true` in the cluster object says it too, and lifts them; in a project
that has no such object, so does `<project>:throwaway: true`.

The language host sees the stack's configuration. A provider does not, and `destroy` and `refresh`
run no program at all, so a provider reads the stack file itself: the engine starts it in the
project's folder, and every request names the stack in its URN.
"""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import grpc
import yaml

PROJECT_FILE = "Pulumi.yaml"
Guard = Callable[[str], str | None]
"""Stack name to the reason for refusing it, None if it may be touched."""
_BOOLEAN = "tag:yaml.org,2002:bool"


class _Loader(yaml.BaseLoader):
    """Of plain values only `true` is more than a text, in the three forms that the engine takes.

    To yaml itself `yes`, `on` and `y` are true as well. The engine reads texts there, and so does
    the spec: a stack with one of them is not marked.
    """


_Loader.add_implicit_resolver(_BOOLEAN, re.compile(r"(true|True|TRUE)\Z"), list("tT"))
_Loader.add_constructor(_BOOLEAN, lambda _loader, node: node.value in {"true", "True", "TRUE"})


def refusal(project: str, stack: str, config: Mapping[str, Any]) -> str | None:
    """Why the stack may not be touched, None if it may.

    `config` is the stack's configuration by full key; values may still be the engine's JSON text.
    """
    if _value(config.get(f"{project}:standins")) is True or _throwaway(project, config) is True:
        return None
    return (
        f"stand-in plugins refuse stack {stack}: its file has neither `{project}:standins: true` "
        f"nor `throwaway: true` in {project}:cluster. Set the first if everything that the stack "
        "holds may be lost, else install the official plugins: toolchain/README.md says how"
    )


def _throwaway(project: str, config: Mapping[str, Any]) -> Any:
    """What the cluster object says of it, or else the project."""
    if f"{project}:cluster" not in config:
        return _value(config.get(f"{project}:throwaway"))
    cluster = _value(config[f"{project}:cluster"])
    return cluster.get("throwaway") if isinstance(cluster, dict) else None


def _value(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def guard_for_this_process() -> Guard:
    """The guard of a provider: against the project that it was started in, if any.

    A conformance run starts a plugin outside of any project. There is no stack to protect then.
    Takes the plugin's own configuration, which the engine decrypts, out of the environment, so
    that no child process inherits it.
    """
    os.environ.pop("PULUMI_CONFIG", None)
    project_file = find_project(Path.cwd())
    if project_file is None and "PULUMI_PROJECT" not in os.environ:
        return lambda _stack: None
    return functools.cache(lambda stack: stack_refusal(project_file, stack))


def find_project(folder: Path) -> Path | None:
    """The Pulumi.yaml of the folder or of the nearest one above it."""
    candidates = (above / PROJECT_FILE for above in (folder, *folder.parents))
    return next((file for file in candidates if file.is_file()), None)


def stack_refusal(project_file: Path | None, stack: str) -> str | None:
    """`refusal` for a stack of a project on disk; a stack without a readable file is not marked."""
    if project_file is None:
        return refusal("<project>", stack, {})
    project = _mapping(project_file)
    folder = project_file.parent / str(project.get("stackConfigDir") or "")
    config = _mapping(folder / f"Pulumi.{stack}.yaml").get("config")
    name = str(project.get("name", "<project>"))
    return refusal(name, stack, config if isinstance(config, dict) else {})


def _mapping(path: Path) -> dict[str, Any]:
    """What a file says by name; nothing of one that is not there or cannot be read."""
    try:
        content = yaml.load(path.read_bytes(), _Loader) if path.is_file() else None  # noqa: S506 (of texts and booleans alone)
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def stack_of(urn: str) -> str:
    """The stack's name in `urn:pulumi:<stack>::<project>::<type>::<name>`."""
    return urn.removeprefix("urn:pulumi:").split("::", 1)[0]


class GuardInterceptor(grpc.ServerInterceptor):
    """Puts the guard before every call that names a resource or a provider."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def intercept_service(self, continuation: Any, handler_call_details: Any) -> Any:
        handler = continuation(handler_call_details)
        if handler is None or not handler.unary_unary:
            return handler

        def guarded(request: Any, context: grpc.ServicerContext) -> Any:
            urn = getattr(request, "urn", "")
            reason = self._guard(stack_of(urn)) if urn else None
            if reason:
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, reason)
            return handler.unary_unary(request, context)

        return grpc.unary_unary_rpc_method_handler(
            guarded, handler.request_deserializer, handler.response_serializer
        )
