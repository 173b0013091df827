"""A member with a machine of its own, for tests that reach none."""

from __future__ import annotations

import base64
from typing import Any

from components.member.member import Member, members_of
from components.spec import load
from tests.node.stack_files import PROJECT, stack_file

_BLOB = b"\0\0\0\x0bssh-ed25519\0\0\0 " + bytes(range(32))
HOST_KEY = f"ssh-ed25519 {base64.b64encode(_BLOB).decode()}"


def with_checksums(stack: dict[str, Any]) -> dict[str, Any]:
    """That stack file with checksums of etcd's archives, where they are fetched."""
    install = stack.get("install", {})
    if install.get("method", "release") not in {"release", "push"}:
        return stack
    sums = {"amd64": "0" * 64, "arm64": "1" * 64, **install.get("sha256", {})}
    return {**stack, "install": {**install, "sha256": sums}}


def ssh_member(**settings: Any) -> Member:
    """The only one of a cluster; `settings` on top."""
    asked = stack_file(
        nodes=1, transport="ssh", runtime="systemd", ssh={"agent": True}, on_destroy="keep"
    )
    asked["nodes"]["etcd1"]["host_key"] = HOST_KEY
    return members_of(load(with_checksums({**asked, **settings})), PROJECT)[0]
