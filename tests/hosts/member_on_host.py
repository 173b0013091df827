"""A member of its own on a host: real certificates, and the scripts as a transport runs them."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.machine.desired import desired_state
from components.machine.payload import node_scripts
from components.machine.rehearsal import rehearsal_files
from components.machine.script_path import SCRIPT_PATH
from components.machine.settings import apply_settings, prepare_settings, rehearse_settings
from components.member.command_text import Mode, command_text
from components.member.credentials import Credentials, Pair
from components.member.member import BootstrapRecord, Member, members_of
from components.member.payload import pack
from components.pki.roles import NODE_ROLES
from components.spec import load
from lab.hosts.host import Host
from lab.hosts.machine import Result, until
from tests.support.issued import issue
from toolchain.layout import Layout

REPOSITORY = Path(__file__).resolve().parents[2]
VERSION = "3.6.16"
# Where Alpine's userland, as these hosts have it, keeps Debian's tools for users.
PATH = "PATH=$PATH:/usr/lib/shadow"


class MemberOnHost:
    """`runtime` is what keeps it running. `settings` are those of a stack file, on top."""

    def __init__(self, host: Host, runtime: str, **settings: Any) -> None:
        self.host = host
        self._stack: dict[str, Any] = {
            "name": "test",
            "version": VERSION,
            "transport": "ssh",
            "runtime": runtime,
            "ssh": {"agent": True},
            "install": {"method": "preinstalled", "directory": "/usr/local/etcd"},
            "nodes": {"etcd1": {"address": host.address, "host_key": host.host_key}},
            **settings,
        }
        self._credentials = self._issue()

    def prepare(self) -> None:
        """User, folders, binaries and scripts, where they are missing."""
        member = self._member()
        layout = member.layout
        state = self.host.files() / str(layout.state).lstrip("/")
        state.mkdir(parents=True, exist_ok=True)
        with tarfile.open(state / "scripts.tar.gz", "w:gz") as archive:
            for path in node_scripts(member):
                root = next(root for root in SCRIPT_PATH if (root / path).exists())
                archive.add(root / path, f"scripts/{path}")
        binaries = self.host.files() / str(layout.binaries / VERSION).lstrip("/")
        if not binaries.exists():
            shutil.copytree(Layout(REPOSITORY).home / "etcd" / VERSION, binaries)
        self.host.inside(
            f"{PATH}; id etcd >/dev/null 2>&1 || useradd -r -d /var/lib/etcd -s /bin/false etcd;"
            f" mkdir -p {layout.config} {layout.data} {layout.log} &&"
            f" rm -f {layout.state}/retired && chmod 700 {layout.data} {layout.log} &&"
            f" chown etcd:etcd {layout.data} {layout.log}"
        ).ok()

    def look(self) -> Result:
        """A preparation, as an `up` begins."""
        member = self._member()
        settings = prepare_settings(member, _record(member, {}))
        sent = _with_scripts(member, settings)
        return self.host.ssh(command_text(member, "prepare", "create", {}), stdin=sent)

    def apply(
        self, mode: Mode = "update", *, founders: tuple[str, ...] = (), **settings: Any
    ) -> Result:
        """An `up` with these settings; `founders` are peer URLs of others beside it."""
        member = self._member(**settings)
        peers = {f"other{number}": url for number, url in enumerate(founders)}
        record = _record(member, peers)
        desired = desired_state(member, record, self._credentials)
        settings = apply_settings(member, _record(member, {}), desired)
        sent = pack(settings, desired.files)
        return self.host.ssh(command_text(member, "apply", mode, {}), stdin=sent)

    def rehearse(self, **settings: Any) -> Result:
        """A start beside the member, as every `up` with these settings begins."""
        member = self._member(**settings)
        record = _record(member, {})
        files = rehearsal_files(member, record, self._credentials)
        desired = desired_state(member, record, self._credentials)
        sent = pack(rehearse_settings(member, desired), files)
        return self.host.ssh(command_text(member, "rehearse", "update", {}), stdin=sent)

    def retire(self, **changes: Any) -> Result:
        """A `destroy`."""
        member = self._member(**changes)
        settings = prepare_settings(member, _record(member, {}))
        sent = _with_scripts(member, settings)
        return self.host.ssh(command_text(member, "retire", "delete", {}), stdin=sent)

    def pid(self) -> int:
        """etcd's number on the host; 0 if there is none."""
        return int(self.host.inside("pidof etcd").stdout or 0)

    def is_healthy(self) -> bool:
        """Whether it answers a read."""
        pki = "/etc/etcd/pki"
        etcdctl = f"/etc/etcd/bin/etcdctl --endpoints https://{self.host.address}:2379"
        identity = f"--cacert {pki}/ca.pem --cert {pki}/maintenance.pem --key {pki}/maintenance.key"
        return self.host.inside(f"{etcdctl} {identity} endpoint health").status == 0

    def wait_healthy(self, *, not_as: int = 0) -> int:
        """Its pid, which is another one than `not_as`, once it answers a read."""
        until(
            lambda: self.pid() not in (0, not_as) and self.is_healthy(),
            30,
            lambda: f"not healthy\n{self.host.journal()[-3000:]}",
        )
        return self.pid()

    def _member(self, **settings: Any) -> Member:
        return members_of(load({**self._stack, **settings}), Path("/"))[0]

    def _issue(self) -> Credentials:
        made = issue(**self._stack)
        pairs = {role.name: made.leaves[role.name] for role in NODE_ROLES}
        return Credentials(
            made.bundle, {name: Pair(pair.certificate, pair.key) for name, pair in pairs.items()}
        )


def _record(member: Member, others: dict[str, str]) -> BootstrapRecord:
    return BootstrapRecord("etcd-cluster-t", {member.name: member.node.peer_url, **others})


def _with_scripts(member: Member, settings: Mapping[str, str]) -> str:
    """The payload of `prepare` and of its deletion."""
    return pack(settings, scripts=node_scripts(member), script_path=SCRIPT_PATH)
