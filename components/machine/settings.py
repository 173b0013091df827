"""What the scripts on a node need to know: name=value lines, read as data."""

from __future__ import annotations

import sys
from pathlib import Path

from components.machine.desired import Desired
from components.machine.preparation import steps_of
from components.machine.preparation.ports import listen_sockets
from components.machine.rehearsal import CLIENT_SOCKET, rehearsal_layout
from components.machine.sockets import socket_forms
from components.member.member import BootstrapRecord, Member
from components.member.settings import membership_settings, whole_settings
from components.member.timeouts import TIMEOUTS


def node_settings(member: Member) -> dict[str, str]:
    """For every action."""
    layout = member.layout
    return {
        "name": member.name,
        "version": member.cluster.version,
        "preparation_steps": "",
        **_owner(member),
        "on_destroy": member.cluster.on_destroy,
        "root": str(layout.root),
        "config_dir": str(layout.config),
        "data_dir": str(layout.data),
        "bin_dir": str(layout.binaries),
        "state_dir": str(layout.state),
        "log_dir": str(layout.log),
        **_rehearsal_place(member),
        **_programs_place(member),
    }


def _programs_place(member: Member) -> dict[str, str]:
    """Where this program's Python packages have put theirs, for a member on this machine."""
    if member.node.runtime != "supervisor":
        return {}
    return {"supervisor_dir": str(Path(sys.prefix, "bin"))}


def prepare_settings(member: Member, record: BootstrapRecord) -> dict[str, str]:
    """For prepare and retire."""
    settings = {**node_settings(member), "authority": record.authority}
    for step in steps_of(member):
        settings |= step.settings
        settings["preparation_steps"] += f" {step.name}"
    return settings


def cluster_settings(member: Member) -> dict[str, str]:
    """For whoever asks the cluster something from this node."""
    return {
        **node_settings(member),
        **membership_settings(member),
        "client_socket": socket_forms(member.node.address, member.node.client_port),
    }


def apply_settings(member: Member, record: BootstrapRecord, desired: Desired) -> dict[str, str]:
    """For apply."""
    timeouts = TIMEOUTS[member.node.transport]
    return {
        **cluster_settings(member),
        "peer_socket": socket_forms(member.node.address, member.node.peer_port),
        "listen_sockets": listen_sockets(member),
        "bootstrap_timeout_ms": str(timeouts.bootstrap_ms),
        "refusal_timeout_ms": str(timeouts.refusal_ms),
        "neighbour_sockets": _neighbour_sockets(member),
        "authority": record.authority,
        "founder": "yes" if member.name in record.peer_urls else "",
        "bootstrap_differs": record.differs_from(member.cluster),
        "bootstrap_urn": record.urn,
        "transfer_candidates": " ".join(member.transfer_candidates),
        "snapshot_timeout_ms": str(timeouts.snapshot_ms),
        "quorum": str(member.quorum),
        "join_timeout_s": str(timeouts.join_s),
        "trust": desired.trust,
        "defragment": member.cluster.maintenance.defragment,
        "defragment_timeout_s": str(timeouts.defragment_s),
        "valid_from": str(desired.valid_from),
        "generation": desired.generation,
        "cold": desired.cold,
    }


def rehearse_settings(member: Member, desired: Desired) -> dict[str, str]:
    """For a start beside the member that runs."""
    return {
        **node_settings(member),
        "rehearsal_socket": CLIENT_SOCKET,
        "ask_timeout_ms": str(TIMEOUTS[member.node.transport].ask_ms),
        "valid_from": str(desired.valid_from),
        "cold": desired.cold,
    }


def health_settings(member: Member) -> dict[str, str]:
    """For the final look at the whole cluster, from this node."""
    return {**cluster_settings(member), **whole_settings(member)}


def leave_settings(member: Member, record: BootstrapRecord) -> dict[str, str]:
    """For the way out of the cluster."""
    return {**cluster_settings(member), "authority": record.authority}


def _rehearsal_place(member: Member) -> dict[str, str]:
    layout = rehearsal_layout(member.layout)
    return {
        "rehearsal_config": str(layout.config),
        "rehearsal_data": str(layout.data),
        "rehearsal_timeout_s": str(TIMEOUTS[member.node.transport].start_s),
    }


def _neighbour_sockets(member: Member) -> str:
    """The other members' client sockets, if all of them are on this machine; empty otherwise."""
    if any(not node.on_this_machine for node in (member.node, *member.others)):
        return ""
    return "/".join(socket_forms(node.address, node.client_port) for node in member.others)


def _owner(member: Member) -> dict[str, str]:
    """Who etcd runs as; on this machine that is whoever runs Pulumi, who owns every file."""
    if not member.node.own_machine:
        return {"user": "", "group": "", "owner": "", "key_access": "owner"}
    user = member.node.user
    return {
        "user": user.name,
        "group": user.group,
        "owner": f"{user.name}:{user.group}",
        "key_access": member.node.key_access,
    }
