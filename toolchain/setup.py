"""The whole set-up: each part in turn, or nothing at all when nothing has changed."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

from toolchain import dev_stack, engine, env_file, etcd, plugins, python_env, staging, versions
from toolchain.engine import LANGUAGE_HOST
from toolchain.layout import ETCD_PROGRAMS, Layout, is_program
from toolchain.versions import DEV_ETCD

LINKS_TO_VENV = ("supervisord", "supervisorctl")
OPERATIONS = "etcd-cluster"
LAUNCHER = """\
#!/bin/sh
# Made by the toolchain: the command line of this project, from any folder.
exec {python} -P -c {program} {project} "$@"
"""
PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from ops.cli import main; main()"


def setup(layout: Layout, *, again: bool = False) -> None:
    """Make the toolchain complete; `again` tries once more to get what is official. Raises
    ToolchainError with what to do where it cannot be."""
    pins = versions.read(layout.project)
    again = again and plugins.has_stand_ins(layout, pins)
    if _up_to_date(layout) and not again:
        return
    with staging.exclusive(layout):
        python_env.ensure(layout)
        chosen = engine.ensure(layout, pins)
        stand_ins = plugins.ensure(layout, pins, chosen, again=again)
        etcd.ensure(layout, DEV_ETCD)
        _link_programs(layout, chosen.command)
        env_file.write(layout, stand_ins=stand_ins)
        dev_stack.ensure(layout)
        staging.write(layout.stamp, _fingerprint(layout))


def _link_programs(layout: Layout, pulumi: Path) -> None:
    staging.link(layout.bin / "pulumi", pulumi)
    for name in ETCD_PROGRAMS:
        staging.link(layout.bin / name, layout.etcd(DEV_ETCD) / name)
    for name in LINKS_TO_VENV:
        staging.link(layout.bin / name, layout.venv / "bin" / name)
    words = {"python": layout.python, "program": PROGRAM, "project": layout.project}
    text = LAUNCHER.format(**{name: shlex.quote(str(word)) for name, word in words.items()})
    staging.write(layout.bin / OPERATIONS, text, mode=0o755)


def _up_to_date(layout: Layout) -> bool:
    """Whether the last complete set-up was made from the same things, and is still there."""
    programs = ("pulumi", LANGUAGE_HOST, OPERATIONS, *ETCD_PROGRAMS, *LINKS_TO_VENV)
    return (
        all(is_program(layout.bin / name) for name in programs)
        and layout.env.is_file()
        and dev_stack.exists(layout)
        and layout.stamp.is_file()
        and layout.stamp.read_text() == _fingerprint(layout)
    )


def _fingerprint(layout: Layout) -> str:
    """Everything that set-up decides by; no program is started to find out."""
    own = engine.find_own(layout)
    stat = own.stat() if own else None
    hosts = engine.Engine(own, "", official=True).language_programs if own else []
    facts = {
        "python": python_env.fingerprint(layout.project),
        "engine": versions.read(layout.project).engine,
        "pulumi_range": versions.read(layout.project).pulumi_range,
        "pulumi_on_path": [str(own), stat.st_mtime, stat.st_size] if stat else None,
        "language_host_beside_it": [str(program) for program in hosts],
        "etcd": DEV_ETCD,
        "etcd_given": os.environ.get(etcd.GIVEN_FOLDER),
        "toolchain": _own_code(layout.project),
    }
    return json.dumps(facts, indent=1)


def _own_code(project: Path) -> str:
    """Changes with what the generated files are made from."""
    return f"{env_file.TEXT}{env_file.NO_ACQUISITION}{plugins.LAUNCHER}{LAUNCHER}{PROGRAM}{project}"
