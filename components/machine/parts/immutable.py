"""What a member keeps for as long as it has data."""

from __future__ import annotations

from components.machine.parts.part import Part
from components.member.member import Member


def part(member: Member) -> Part:
    """For every node. `immutable` are keys of the stack file, each with the setting that holds it."""
    folders = {
        "paths.config": "config_dir",
        "paths.data": "data_dir",
        "paths.state": "state_dir",
        "user.name": "user",
    }
    keys = {
        "client_port": "client_port",
        **(folders if member.node.own_machine else {"root": "data_dir"}),
    }
    return Part(
        "immutable",
        {
            "client_port": str(member.node.client_port),
            "immutable": " ".join(f"{key}={setting}" for key, setting in keys.items()),
        },
    )
