"""A machine with an etcd's ports in a network namespace, and those who would like to reach it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from tests.node.firewall_dialling import DIAL, LISTEN, NODE, OUTSIDE, PORTS
from tests.node.machine import Shell
from tests.support.preparation import Action, StepRun, run_step

SYSTEMCTL = """#!/bin/sh
case $1/$2 in
  --quiet/is-*) [ -e "{units}/${{2#is-}}-$3" ] ;;
  --quiet/enable) : >"{units}/enabled-$3" ;;
  --quiet/disable) rm "{units}/enabled-$3" ;;
  *) exit 2 ;;
esac
"""


class Lab:
    """A machine with systemd and a network of its own. So is its /etc; what it changes there lies
    below `etc`."""

    def __init__(self, folder: Path, shell: Shell) -> None:
        self._folder = folder
        self._inside = f"fw{os.getpid()}i"
        self.etc, self._work, self._units = folder / "etc", folder / "work", folder / "units"
        commands = folder / "commands"
        for made in (self.etc, self._work, self._units, commands, folder / "node" / "state"):
            made.mkdir(parents=True)
        for tool in ("nft", "iptables", "ip6tables"):
            for name in (tool, f"{tool}-restore"):
                if (found := Path("/usr/sbin") / name).exists():
                    (commands / name).symlink_to(found)
        self.command("systemctl", SYSTEMCTL.format(units=self._units))
        self._shell = Shell(shell.name, f"{commands}:{shell.path}", shell.sh)

    def command(self, name: str, text: str) -> None:
        """Puts a command of the test's own on the machine's PATH."""
        path = self._folder / "commands" / name
        path.write_text(text)
        path.chmod(0o755)

    def service(self, name: str, *states: str) -> None:
        """`enabled`, `active`, both, or by default neither."""
        for state in ("enabled", "active"):
            (self._units / f"{state}-{name}").unlink(missing_ok=True)
        for state in states:
            (self._units / f"{state}-{name}").touch()

    def enabled(self, name: str) -> bool:
        return (self._units / f"enabled-{name}").exists()

    def __enter__(self) -> Lab:
        with ExitStack() as made:
            self._make(made)
            self._made = made.pop_all()
        return self

    def _make(self, made: ExitStack) -> None:
        add_network(self._inside, made)

    def __exit__(self, *_: object) -> None:
        self._made.close()

    def root(self, *command: str, stdin: str = "") -> str:
        """Runs it on the machine, with all of this one's programs; returns what it prints."""
        return _run(*self._entering(), *command, stdin=stdin)

    def step(self, step: str, action: Action, settings: Mapping[str, str]) -> StepRun:
        """Runs a step's action on the machine, by the shell under test."""
        return run_step(
            self._shell, step, action, settings, folder=self._folder, before=self._entering()
        )

    def _entering(self) -> tuple[str, ...]:
        mount = f"lowerdir=/etc,upperdir={self.etc},workdir={self._work}"
        return (
            *("/usr/bin/nsenter", f"--net=/run/netns/{self._inside}"),
            *("/usr/bin/unshare", "--mount", "/bin/sh", "-c"),
            f"/usr/bin/mount -t overlay overlay -o {mount} /etc && "
            "/usr/bin/mount -t tmpfs tmpfs /run && /usr/bin/mkdir -p /run/systemd/system && "
            'exec "$@"',
            "machine",
        )


class ConnectedLab(Lab):
    """Whose ports others can reach."""

    def __init__(self, folder: Path, shell: Shell) -> None:
        super().__init__(folder, shell)
        self._outside = f"fw{os.getpid()}o"

    def _make(self, made: ExitStack) -> None:
        super()._make(made)
        add_network(self._outside, made)
        self._connect()
        self._listen(made)
        deadline = time.monotonic() + 10
        # Neighbours of IPv6 take a moment to find each other.
        while any(found != set(OUTSIDE) for found in self.reached().values()):
            assert time.monotonic() < deadline, self.reached()

    def _connect(self) -> None:
        _run(
            *("ip", "link", "add", "eth0", "netns", self._inside, "type", "veth"),
            *("peer", "name", "eth0", "netns", self._outside),
        )
        for name, addresses in ((self._inside, NODE), (self._outside, OUTSIDE)):
            for address in addresses:
                bits = ("32", "nodad") if ":" in address else ("16",)
                _run(
                    *("ip", "-n", name, "address", "add", f"{address}/{bits[0]}"),
                    *("dev", "eth0", *bits[1:]),
                )
            _run("ip", "-n", name, "link", "set", "eth0", "up")

    def _listen(self, made: ExitStack) -> None:
        ports = map(str, PORTS)
        listener = subprocess.Popen(
            ["ip", "netns", "exec", self._inside, sys.executable, "-c", LISTEN, *ports],
            stdout=subprocess.PIPE,
            text=True,
        )
        made.callback(listener.wait)
        made.callback(listener.kill)
        assert listener.stdout is not None
        assert listener.stdout.readline() == "ready\n"

    def reached(self) -> dict[int, set[str]]:
        """Who gets a connection, by port."""
        pairs = [(address, port) for port in PORTS for address in OUTSIDE]
        attempts = [(address, NODE[":" in address], port) for address, port in pairs]
        told = _run(
            *("ip", "netns", "exec", self._outside, sys.executable, "-c", DIAL),
            stdin=json.dumps(attempts),
        )
        found: dict[int, set[str]] = {port: set() for port in PORTS}
        for (address, port), got in zip(pairs, json.loads(told), strict=True):
            if got:
                found[port].add(address)
        return found

    def reaches_itself(self) -> bool:
        """The machine itself, by its own addresses and by loopback's."""
        addresses = (*NODE, "127.0.0.1", "::1")
        attempts = [(address, address, port) for port in PORTS for address in addresses]
        return all(json.loads(self.root(sys.executable, "-c", DIAL, stdin=json.dumps(attempts))))


def add_network(name: str, made: ExitStack) -> None:
    """A network namespace, until `made` ends."""
    _run("ip", "netns", "add", name)
    made.callback(_run, "ip", "netns", "delete", name)
    _run("ip", "-n", name, "link", "set", "lo", "up")


def _run(*command: str, stdin: str = "") -> str:
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout
