"""etcd's published release archives: where they lie, and the checksums that are known of them.

`data/etcd-releases.json` holds version, system (as in the archive's name) and SHA-256, out of the
SHA256SUMS file beside each release. The toolchain reads the same file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_RELEASE = "https://github.com/etcd-io/etcd/releases/download/v{version}"
URL = f"{_RELEASE}/etcd-v{{version}}-linux-{{architecture}}.tar.gz"
SUMS_URL = f"{_RELEASE}/SHA256SUMS"


def published_sha256(version: str) -> Mapping[Any, str]:
    """SHA-256 of a version's Linux archives by architecture; empty for an unknown version."""
    sums = _table().get(version, {})
    return {system.removeprefix("linux-"): sha256 for system, sha256 in sums.items()}


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    text = (files("components.spec") / "data" / "etcd-releases.json").read_text()
    table: dict[str, dict[str, str]] = json.loads(text)
    return table
