"""One step of a node's preparation, run as `prepare` runs it, under one of the nodes' shells."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from components.member.settings import render_settings
from tests.node.machine import Said, Shell
from tests.support.scripts import SCRIPTS

TIMEOUT_S = 60
# What a version's folder holds when it is installed.
INSTALLED = ("digest", "etcd", "etcdctl", "etcdutl", "origin")
Action = Literal["tools", "check", "make", "remove"]

# As scripts/main.sh and scripts/prepare.sh begin; then one function of one step. Who removes the
# steps forgets the node's notes with them.
FRAME = """\
set -eu
umask 077
scripts=$1 step=$2 action=$3 runtime=$5
export payload=$4
problems=0
for shared in "$scripts"/lib/*.sh; do . "$shared"; done
. "$scripts/runtimes/$runtime.sh"
problem() {
  problems=$((problems + 1))
  echo "error: $(setting name): $*" >&2
}
runtime_running() {
  [ -e "$payload/running" ]
}
. "$scripts/preparation/$step.sh"
"${step}_$action"
[ "$action" != remove ] || { mkdir -p "$(setting state_dir)" && forget_node; }
exit "$problems"
"""


class StepRun(Said):
    """`status` is the number of problems that a check found, or how the run failed."""


def run_step(
    shell: Shell,
    step: str,
    action: Action,
    settings: Mapping[str, str],
    *,
    folder: Path,
    running: bool = False,
    runtime: str = "supervisor",
    before: tuple[str, ...] = (),
) -> StepRun:
    """Runs `<step>_<action>` with a shell and its commands (the fixture `shell`).

    `folder` is an empty folder of the test's for the payload; `settings` come on top of
    `base_settings(folder)`. `running`: etcd runs on the node. `before`: words in front of the
    shell, such as `("ip", "netns", "exec", name)`.
    """
    payload = folder / "payload"
    payload.mkdir(parents=True, exist_ok=True)
    merged = {**base_settings(folder), **settings}
    (payload / "settings").write_text(render_settings(merged))
    (payload / "modes").touch()
    (payload / "running").unlink(missing_ok=True)
    if running:
        (payload / "running").touch()
    done = subprocess.run(
        [*before, shell.sh, "-c", FRAME, "step", str(SCRIPTS), step, action, str(payload), runtime],
        env={"PATH": shell.path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return StepRun(done.returncode, done.stdout, done.stderr)


def base_settings(folder: Path) -> dict[str, str]:
    """What every action has, for a node all of whose folders are below `folder`."""
    return {
        "name": "etcd1",
        "version": "3.6.16",
        "preparation_steps": "",
        "user": "",
        "group": "",
        "owner": "",
        "key_access": "owner",
        "on_destroy": "keep",
        "root": str(folder / "node"),
        "config_dir": str(folder / "node" / "etc"),
        "data_dir": str(folder / "node" / "data"),
        "bin_dir": str(folder / "node" / "bin"),
        "state_dir": str(folder / "node" / "state"),
        "log_dir": str(folder / "node" / "log"),
    }
