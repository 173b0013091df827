"""One step of a preparation, run on a real host by itself."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from components.member.settings import render_settings
from lab.hosts.host import Host, Result
from tests.support.preparation import FRAME
from tests.support.scripts import SCRIPTS

PAYLOAD = "/root/payload"


def put_scripts(host: Host) -> None:
    """Once, before any step runs there."""
    shutil.copytree(SCRIPTS, host.files() / "root/scripts")


def run_step_on_host(host: Host, step: str, action: str, settings: Mapping[str, str]) -> Result:
    """One function of one step, as `prepare` calls it."""
    payload = host.files() / PAYLOAD.lstrip("/")
    payload.mkdir(exist_ok=True)
    (payload / "settings").write_text(render_settings(settings))
    (payload / "frame").write_text(FRAME)
    words = f"{PAYLOAD}/frame /root/scripts {step} {action} {PAYLOAD} {host.runtime}"
    return host.inside(f"sh {words}")
