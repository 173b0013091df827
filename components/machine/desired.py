"""The desired state of a member: its files, and what a change of them costs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from components.machine.config import CONFIG_FORMATS
from components.machine.runtimes import RUNTIMES
from components.machine.shell_profile import shell_profile_files
from components.member.credentials import Credentials, credential_files
from components.member.files import File, text_file
from components.member.flags import FlagValue, InitialState, cold_flags, etcd_flags, flag_texts
from components.member.member import BootstrapRecord, Member, trust_of
from components.spec import OPERATOR

STATES: tuple[InitialState, ...] = ("new", "joining", "existing")


@dataclass(frozen=True)
class Desired:
    """`generation` names the files as a whole, `cold` what costs a running member a restart,
    `trust` which authorities sign and are trusted. Before `valid_from` (Unix time in seconds)
    nobody would believe the certificates."""

    files: tuple[File, ...]
    generation: str
    cold: str
    trust: str
    valid_from: int


def desired_state(member: Member, record: BootstrapRecord, credentials: Credentials) -> Desired:
    """Everything that `member` should have on its disk."""
    files = (
        *credential_files(credentials),
        *_for_people(member, credentials),
        *RUNTIMES[member.node.runtime].service_files(member),
        *(_configuration(member, state, etcd_flags(member, record, state)) for state in STATES),
    )
    cold = _cold_digest(member, files)
    trust = " ".join(f"{what}={which}" for what, which in trust_of(member.cluster).items())
    return Desired(files, _generation(files, cold), cold, trust, credentials.valid_from)


def _for_people(member: Member, credentials: Credentials) -> tuple[File, ...]:
    operator = credentials.pairs.get(OPERATOR)
    if operator is None:
        return ()
    endpoints = [node.client_url for node in member.cluster.resolved_nodes()]
    return shell_profile_files(member, operator, endpoints)


def _configuration(member: Member, state: InitialState, flags: dict[str, FlagValue]) -> File:
    config_format = CONFIG_FORMATS[member.cluster.config_format]
    # Not cold as a file: what matters of it is in the flags, and `initial-*` does not.
    return text_file(f"{state}/{config_format.file}", config_format.render(flags))


def _cold_digest(member: Member, files: Iterable[File]) -> str:
    parts = {
        "version": member.cluster.version,
        "format": member.cluster.config_format,
        "flags": flag_texts(cold_flags(member)),
        "files": {file.path: _sha256(file.content) for file in files if file.cold},
    }
    return _sha256(json.dumps(parts, sort_keys=True).encode())[:16]


def _generation(files: Iterable[File], cold: str) -> str:
    parts = [(file.path, file.mode, file.group, _sha256(file.content)) for file in files]
    return _sha256(json.dumps([cold, parts]).encode())[:16]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
