"""Which plugins the program needs: those that its installed packages name."""

from __future__ import annotations

import json
import sysconfig
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pulumi.runtime.proto import plugin_pb2


def required_packages() -> Iterator[plugin_pb2.PackageDependency]:
    """Every provider SDK carries its plugin's name and version, in `pulumi-plugin.json`."""
    for description in sorted(Path(sysconfig.get_path("purelib")).glob("*/pulumi-plugin.json")):
        plugin = json.loads(description.read_text())
        if plugin.get("resource"):
            yield plugin_pb2.PackageDependency(
                kind="resource",
                name=plugin["name"],
                version=plugin["version"],
                server=plugin.get("server", ""),
            )


def sdk_version() -> str:
    """The version of the SDK that programs run on."""
    return version("pulumi")
