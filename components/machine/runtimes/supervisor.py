"""etcd under supervisord, one supervisord a node, for this machine and without rights."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from components.machine.script_path import SCRIPT_PATH
from components.member.files import File, script, text_file
from components.member.member import Member

CONF = """\
[supervisord]
logfile={log}/supervisord.log
logfile_maxbytes=1MB
logfile_backups=1
pidfile={state}/supervisord.pid
childlogdir={log}
umask=077

[program:etcd]
command=/bin/sh "{config}/current/run-etcd.sh" "{config}" "{state}/etcd.pid"
directory={root}
autorestart=unexpected
exitcodes=0
startsecs=1
startretries=1000000
stopwaitsecs=40
redirect_stderr=true
stdout_logfile={log}/etcd.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=2
"""


def service_files(member: Member) -> tuple[File, ...]:
    """supervisord's configuration and the script that it runs."""
    layout = member.layout
    conf = CONF.format(root=layout.root, config=layout.config, state=layout.state, log=layout.log)
    return (
        text_file("supervisord.conf", conf, cold=True),
        File("run-etcd.sh", script("run-etcd.sh", SCRIPT_PATH), cold=True),
    )


def facts() -> Mapping[str, str]:
    """Nothing starts supervisord at boot, so a boot of this machine is a change to be applied."""
    return {"boot": boot_id()}


def boot_id() -> str:
    """Changes with every boot of the machine, and with every start of a container."""
    parts = []
    for source in ("/proc/sys/kernel/random/boot_id", "/proc/1/stat"):
        try:
            parts.append(Path(source).read_text(encoding="ascii", errors="replace"))
        except OSError:
            parts.append("")
    # Field 22 is the start of the first process; the name in parentheses may hold spaces.
    started = parts[1].rpartition(")")[2].split()[19:20]
    return hashlib.sha256(f"{parts[0]}{started}".encode()).hexdigest()[:12]
