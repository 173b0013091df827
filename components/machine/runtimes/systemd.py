"""etcd as a service of systemd: 247 or later; an older one passes over what it does not know."""

from __future__ import annotations

from collections.abc import Mapping

from components.machine.script_path import SCRIPT_PATH
from components.member.files import File, script, text_file
from components.member.member import Member

# TimeoutStartSec: etcd is ready when it has found a quorum, and the other founders, or the other
# machines after a power failure, may take any time. Whoever started it has a deadline of its own.
# TimeoutStopSec: longer than etcd takes to hand leadership over and close its store, shorter than
# the wait of whoever stops it.
# Restart: not after an exit without error, which is how a member ends that was removed.
# BindPaths: the folders that etcd may write to, shown to it even where /home is hidden. A start
# fails if that of the data is missing, as when its disk was not mounted. The log's is for
# `log-outputs`.
# RestrictAddressFamilies: AF_UNIX is how etcd tells systemd that it is ready.
UNIT = """\
[Unit]
Description=etcd member {name} of the cluster {cluster}
Documentation=https://etcd.io/docs/
Wants=network-online.target
After=network-online.target time-sync.target
RequiresMountsFor={data} {binaries}
StartLimitIntervalSec=0

[Service]
Type=notify
User={user}
Group={group}
WorkingDirectory={data}
ExecStartPre=/bin/sh {config}/current/keep-identity.sh {config} {data}
{start}
Restart=on-failure
RestartSec=2
TimeoutStartSec=infinity
TimeoutStopSec=40
LimitNOFILE=65536
OOMScoreAdjust=-900
UMask=0077

ProtectSystem=strict
ProtectHome=tmpfs
BindPaths={data} -{log}
PrivateTmp=true
PrivateDevices=true
ProtectClock=true
ProtectControlGroups=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
ProtectProc=invisible
RemoveIPC=true
KeyringMode=private
NoNewPrivileges=true
CapabilityBoundingSet=
AmbientCapabilities=
LockPersonality=true
MemoryDenyWriteExecute=true
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""

START = {
    "env": "EnvironmentFile={config}/etcd.env\nExecStart={config}/bin/etcd",
    "yaml": "ExecStart={config}/bin/etcd --config-file {config}/conf.yml",
}


def service_files(member: Member) -> tuple[File, ...]:
    """The unit, and the script that it asks before a start."""
    layout = member.layout
    unit = UNIT.format(
        name=member.name,
        cluster=member.cluster.name,
        user=member.node.user.name,
        group=member.node.user.group,
        data=layout.data,
        config=layout.config,
        log=layout.log,
        binaries=layout.binaries,
        start=START[member.cluster.config_format].format(config=layout.config),
    )
    return (
        text_file("etcd.service", unit, cold=True),
        File("keep-identity.sh", script("keep-identity.sh", SCRIPT_PATH), cold=True),
    )


def facts() -> Mapping[str, str]:
    """None: systemd starts etcd at boot."""
    return {}
