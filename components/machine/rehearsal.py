"""A start beside the member that runs: with all that it would start with, on sockets and an empty
folder."""

from __future__ import annotations

from dataclasses import replace

from components.machine.config import CONFIG_FORMATS
from components.machine.runtimes import RUNTIMES
from components.member.credentials import Credentials, credential_files
from components.member.files import File, text_file
from components.member.flags import cluster_of_one, etcd_flags, log_outputs_with_stderr
from components.member.layout import Layout
from components.member.member import BootstrapRecord, Member

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
    member: Member, record: BootstrapRecord, credentials: Credentials
) -> tuple[File, ...]:
    """What belongs into its configuration folder."""
    beside = replace(member, layout=rehearsal_layout(member.layout))
    config_format = CONFIG_FORMATS[member.cluster.config_format]
    metrics = _METRICS_SOCKET if member.node.metrics_url is not None else None
    own = etcd_flags(beside, record, "new")
    flags = {
        **own,
        **log_outputs_with_stderr(own),
        **cluster_of_one(CLIENT_SOCKET, _PEER_SOCKET, metrics),
        "initial-cluster": f"{member.name}={_PEER_SOCKET}",
    }
    return (
        *credential_files(credentials),
        *RUNTIMES[member.node.runtime].service_files(beside),
        text_file(config_format.file, config_format.render(flags)),
    )
