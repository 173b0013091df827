"""etcd as a service of OpenRC, as on Alpine: a fixed init script, and its values in conf.d."""

from __future__ import annotations

from collections.abc import Mapping

from components.machine.script_path import SCRIPT_PATH
from components.member.files import File, script, text_file
from components.member.member import Member

LOGROTATE = """\
{log} {{
    su {user} {group}
    size 10M
    rotate 2
    copytruncate
    missingok
    notifempty
}}
"""


def service_files(member: Member) -> tuple[File, ...]:
    """Init script, its values, the scripts that it runs, and how its log is rotated."""
    layout, user = member.layout, member.node.user
    log = layout.log / "etcd.log"
    values = {
        "etcd_user": f"{user.name}:{user.group}",
        "etcd_config": layout.config,
        "etcd_data": layout.data,
        "etcd_log": log,
    }
    conf = "".join(f"{name}={value}\n" for name, value in values.items())
    logrotate = LOGROTATE.format(log=log, user=user.name, group=user.group)
    return (
        text_file("etcd.confd", conf, cold=True),
        File("etcd.initd", script("openrc/etcd.initd", SCRIPT_PATH), cold=True),
        File("run-etcd.sh", script("run-etcd.sh", SCRIPT_PATH), cold=True),
        File("keep-identity.sh", script("keep-identity.sh", SCRIPT_PATH), cold=True),
        text_file("etcd.logrotate", logrotate, cold=True),
    )


def facts() -> Mapping[str, str]:
    """None: OpenRC starts etcd at boot."""
    return {}
