"""The toolchain's command line."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from toolchain import etcd, kubernetes, staging
from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.outdated import outdated
from toolchain.setup import setup

INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="toolchain", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    whole = commands.add_parser(
        "setup", help="get the Python environment, the engine, plugins and etcd"
    )
    whole.add_argument(
        "--again", action="store_true", help="try to get official plugins in the place of stand-ins"
    )
    other = commands.add_parser("etcd", help="get one more version of etcd, for tests")
    other.add_argument("version", help="as in 3.5.35")
    other.add_argument(
        "--architecture", choices=etcd.ARCHITECTURES, help="for Linux machines of that kind"
    )
    commands.add_parser("kubernetes", help="build Kubernetes for the tests' lab: minutes, once")
    commands.add_parser("outdated", help="ask the registries what has a newer release")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no child outlives us
    layout = Layout(Path(__file__).resolve().parents[1])
    try:
        if options.command == "setup":
            setup(layout, again=options.again)
        elif options.command == "outdated":
            print("\n".join(map(str, outdated(layout))) or "everything is at its newest release")
        else:
            with staging.exclusive(layout):
                _more(layout, options)
    except ToolchainError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: interrupted; the same command goes on where it stopped", file=sys.stderr)
        return INTERRUPTED
    return 0


def _more(layout: Layout, options: argparse.Namespace) -> None:
    if options.command == "kubernetes":
        kubernetes.ensure(layout)
    else:
        _etcd(layout, options.version, options.architecture)


def _etcd(layout: Layout, version: str, architecture: str | None) -> None:
    if architecture is None:
        etcd.ensure(layout, version)
    else:
        etcd.ensure_for(layout, version, architecture)
