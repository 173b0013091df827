"""Puts files on this machine. On another one: the same texts in a `remote.Command`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from payload import pack
from pulumi import Input, Output
from pulumi_command import local

_SCRIPT = (Path(__file__).parent / "place.sh").read_text()


def place(
    name: str, root: str, files: Input[Mapping[str, str]], manifests: Mapping[str, Input[Any]]
) -> local.Command:
    """Below `root`: `files` (path to text), then `manifests` (path to object), each as its owner's
    alone. Those of the last run that are wanted no more go, and all of them at `destroy`.
    """
    payload = Output.all(files=files, manifests=manifests).apply(
        lambda given: pack({**_in_order(given["files"]), **_as_yaml(given["manifests"])})
    )
    # The keys are in there, and what stands in a command's text is shown.
    secret: Output[str] = Output.secret(payload)
    write = _text("write", root, name)
    return local.Command(
        name,
        create=write,
        update=write,
        delete=_text("remove", root, name),
        stdin=secret,
        interpreter=["/bin/sh", "-c"],
        logging=local.Logging.STDERR,
        add_previous_output_in_env=False,
    )


def _text(action: str, root: str, name: str) -> str:
    """The script with its arguments set in front of it."""
    return f"set -- {shlex.join([action, root.rstrip('/'), name])}\n{_SCRIPT}"


def _in_order(files: Mapping[str, str]) -> dict[str, str]:
    """The engine passes an output's keys in another order each time."""
    return dict(sorted(files.items()))


def _as_yaml(manifests: Mapping[str, Any]) -> dict[str, str]:
    return {path: yaml.safe_dump(each, sort_keys=False) for path, each in manifests.items()}
