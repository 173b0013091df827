"""What keeps etcd running on a node. A runtime is a file here, a file of the same name under
`scripts/runtimes/`, and a row of this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from components.machine.runtimes import openrc, supervisor, systemd
from components.member.files import File
from components.member.member import Member


@dataclass(frozen=True)
class Runtime:
    """`service_files`: what the runtime needs in a generation (cold). `facts`: what else decides
    whether its service runs, for the command's text."""

    service_files: Callable[[Member], tuple[File, ...]]
    facts: Callable[[], Mapping[str, str]]


RUNTIMES = {
    "openrc": Runtime(openrc.service_files, openrc.facts),
    "supervisor": Runtime(supervisor.service_files, supervisor.facts),
    "systemd": Runtime(systemd.service_files, systemd.facts),
}
