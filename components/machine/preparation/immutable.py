"""What a member keeps for as long as it has data."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member


def step(member: Member) -> PreparationStep:
    """For every node. The setting `immutable` lists keys of the stack file, each with the setting
    that holds it."""
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
    return PreparationStep(
        "immutable",
        {
            "client_port": str(member.node.client_port),
            "immutable": " ".join(f"{key}={setting}" for key, setting in keys.items()),
        },
    )
