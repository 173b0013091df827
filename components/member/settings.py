"""What the scripts need to know of a member wherever it runs: name=value lines, read as data."""

from __future__ import annotations

from collections.abc import Mapping

from components.member.flags import KIB, MIB
from components.member.member import Member
from components.member.timeouts import TIMEOUTS
from components.pki.roles import MAINTENANCE
from components.pki.subjects import node_subject
from components.spec import NodeSettings


def render_settings(settings: Mapping[str, str]) -> str:
    """The lines; ValueError for a value that does not fit on one."""
    for name, value in settings.items():
        if "\n" in value:
            message = f"{name} must be one line: {value!r}"
            raise ValueError(message)
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def membership_settings(member: Member) -> dict[str, str]:
    """Who the members are and where, and how long they may take; of machines and pods alike."""
    timeouts = TIMEOUTS[member.node.transport]
    nodes = member.cluster.resolved_nodes()
    return {
        "etcd_user": node_subject(member.cluster.pki, MAINTENANCE, member.name).common_name,
        "client_url": member.node.client_url,
        "endpoints": ",".join(node.client_url for node in nodes),
        "other_client_urls": ",".join(node.client_url for node in member.others),
        "peer_url": member.node.peer_url,
        "named": " ".join(node.name for node in nodes),
        "unreachable": " ".join(member.unreachable),
        "ask_timeout_ms": str(timeouts.ask_ms),
        "gate_timeout_s": str(timeouts.gate_s),
        "start_timeout_s": str(timeouts.start_s),
    }


def whole_settings(member: Member) -> dict[str, str]:
    """Whom a whole cluster has, and when their databases are full; of machines and pods alike."""
    nodes = [node for node in member.cluster.resolved_nodes() if node.reachable]
    return {
        "member_names": " ".join(node.name for node in nodes),
        "member_urls": ",".join(f"{node.name}={node.client_url}" for node in nodes),
        "member_peer_urls": ",".join(f"{node.name}={node.peer_url}" for node in nodes),
        "full_from_bytes": ",".join(f"{node.name}={_full_from_bytes(node)}" for node in nodes),
    }


def _full_from_bytes(node: NodeSettings) -> int:
    """The size of a database in which the largest request has no room."""
    return node.quota_mib * MIB - node.max_request_kib * KIB
