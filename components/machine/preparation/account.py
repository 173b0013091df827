"""The user that etcd runs as."""

from __future__ import annotations

from components.machine.preparation.step import PreparationStep
from components.member.member import Member


def step(member: Member) -> PreparationStep | None:
    """For machines of their own; on this one etcd runs as whoever runs Pulumi."""
    if not member.node.own_machine:
        return None
    user = member.node.user
    settings = {
        "user_uid": _number(user.uid),
        "user_gid": _number(user.gid),
        "user_home": user.home,
        "user_shell": user.shell,
    }
    facts = {"user": f"{user.name}:{user.group}", "key_access": member.node.key_access}
    return PreparationStep("account", settings, facts | {k: v for k, v in settings.items() if v})


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
