"""A start beside the member that runs: with all that it would start with, on sockets and an empty
folder."""

from __future__ import annotations

from dataclasses import replace

from components.node.config import CONFIG_FORMATS
from components.node.credentials import Credentials, credential_files
from components.node.files import File, text_file
from components.node.flags import FlagValue, etcd_flags
from components.node.layout import Layout
from components.node.member import Founding, Member
from components.node.runtimes import RUNTIMES

# etcd takes a name and no path, so these files come into the folder that it starts in. `localhost`
# is in every server certificate.
CLIENT_SOCKET = "unixs://localhost:1"
_PEER_SOCKET = "unixs://localhost:2"
_METRICS_SOCKET = "unix://localhost:3"


def rehearsal_layout(layout: Layout) -> Layout:
    """Its files lie where etcd finds the member's, its data beside the member's: that disk has
    room."""
    config = layout.config / "rehearsal"
    data = layout.data.with_name(f"{layout.data.name}.rehearsal")
    return replace(layout, root=data, config=config, data=data, state=data)


def rehearsal_files(
    member: Member, founding: Founding, credentials: Credentials
) -> tuple[File, ...]:
    """What belongs into its configuration folder."""
    beside = replace(member, layout=rehearsal_layout(member.layout))
    config_format = CONFIG_FORMATS[member.cluster.config_format]
    flags = {**etcd_flags(beside, founding, "new"), **_on_sockets(member)}
    return (
        *credential_files(credentials),
        *RUNTIMES[member.node.runtime].service_files(beside),
        text_file(config_format.file, config_format.render(flags)),
    )


def _on_sockets(member: Member) -> dict[str, FlagValue]:
    """A cluster of its own that nobody else reaches."""
    flags: dict[str, FlagValue] = {
        "listen-client-urls": (CLIENT_SOCKET,),
        "advertise-client-urls": (CLIENT_SOCKET,),
        "listen-peer-urls": (_PEER_SOCKET,),
        "initial-advertise-peer-urls": (_PEER_SOCKET,),
        "initial-cluster": f"{member.name}={_PEER_SOCKET}",
    }
    if member.node.metrics_url is not None:
        flags["listen-metrics-urls"] = (_METRICS_SOCKET,)
    return flags
