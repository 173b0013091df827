"""What a reviewer should see of a member on a machine in a preview, one `name=value` a line."""

from __future__ import annotations

from components.machine.preparation import steps_of
from components.machine.runtimes import RUNTIMES
from components.member.flags import cold_flags, flag_texts
from components.member.member import Member, trust_of
from components.spec import Cluster


def prepare_facts(member: Member) -> dict[str, str]:
    """What a reviewer should see of a node's preparation."""
    facts = {
        "node": member.name,
        "version": member.version,
        "on_destroy": member.cluster.on_destroy,
    }
    for step in steps_of(member):
        facts |= step.facts
    return facts


def rehearse_facts(member: Member) -> dict[str, str]:
    """Whose start is tried; what it starts with is in the facts of `apply`."""
    return {"node": member.name}


def apply_facts(member: Member) -> dict[str, str]:
    """What a reviewer should see of a member: version, trust, every flag that costs a restart."""
    cluster = member.cluster
    return {
        "node": member.name,
        "version": cluster.version,
        "config_format": cluster.config_format,
        **trust_of(cluster),
        **RUNTIMES[member.node.runtime].facts(),
        **_maintenance_facts(cluster),
        **{f"--{name}": value for name, value in sorted(flag_texts(cold_flags(member)).items())},
    }


def _maintenance_facts(cluster: Cluster) -> dict[str, str]:
    label = cluster.maintenance.defragment
    return {"defragment": label} if label else {}


def health_facts(member: Member) -> dict[str, str]:
    """What the final health check is about."""
    away = {"unreachable": " ".join(unreachable)} if (unreachable := member.unreachable) else {}
    return {"members": " ".join(member.cluster.nodes), **away}


def leave_facts(member: Member) -> dict[str, str]:
    """Who leaves when the stack file no longer names it."""
    return {"node": member.name}
