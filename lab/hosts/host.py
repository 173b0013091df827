"""A host as the tests meet it: an address, a host key, users, and faults on demand."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

from lab.hosts.keeper import Keeper
from lab.hosts.machine import BOOT_LIMIT_S, Machine, Result, until
from lab.hosts.network import Network


class Host(Machine):
    """One host. `host_key` is its public key's line, `login_key` the file that logs in as root,
    admin (may `sudo`), doer (may `doas`) and plain (may neither)."""

    host_key: str

    def __init__(
        self,
        name: str,
        image: str,
        userland: str,
        *,
        number: int,
        keeper: Keeper,
        network: Network,
        login_key: Path,
    ) -> None:
        super().__init__(name, image, userland, number=number, keeper=keeper, network=network)
        self.login_key = login_key
        self.known_hosts = self._folder / "known_hosts"
        self._install()

    @property
    def runtime(self) -> str:
        """What keeps services running: systemd or openrc."""
        return "systemd" if "systemd" in self.image else "openrc"

    def ssh(
        self,
        command: str,
        *,
        user: str = "root",
        stdin: bytes | str | None = None,
        timeout_s: float = 60,
    ) -> Result:
        """Runs it over SSH, sure of who answers."""
        options = [
            *(
                "-F",
                "none",
                "-i",
                str(self.login_key),
                "-o",
                f"UserKnownHostsFile={self.known_hosts}",
            ),
            *("-o", "GlobalKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=yes"),
            *("-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"),
            *("-o", "ConnectTimeout=10", "-o", "LogLevel=ERROR"),
        ]
        done = subprocess.run(
            ["ssh", *options, f"{user}@{self.address}", command],
            input=stdin.encode() if isinstance(stdin, str) else stdin or b"",
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def sessions(self) -> int:
        """How many SSH logins it has accepted since it was made."""
        log = self.files() / "var" / "log" / "sshd.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return len([line for line in lines if line.startswith("Accepted ")])

    def wait_ready(self, timeout_s: float = BOOT_LIMIT_S) -> None:
        """Until its sshd answers and its init has started all it has to. Nobody logs in."""
        until(self.answers, timeout_s, lambda: f"{self.name} gives no answer\n{self.console()}")
        if self.runtime == "systemd":
            state = self.inside("systemctl is-system-running --wait", timeout_s=timeout_s)
            failed = "systemctl --failed; journalctl -b -p warning"
            assert state.stdout.strip() == "running", self.inside(failed).stdout
        else:
            over = "test ! -e /run/openrc/rc.starting && grep -q default /run/openrc/softlevel"
            until(
                lambda: self.inside(over).status == 0,
                timeout_s,
                lambda: f"{self.name} is not up\n{self.console()}",
            )

    def wipe(self) -> None:
        """A new machine under the old name and address: an empty disk, another host key. Off."""
        self._discard()
        self._folder.mkdir()
        self._install()

    def remove(self) -> None:
        """Off, and nothing of it left."""
        self._discard()
        until(self._ungrouped, BOOT_LIMIT_S, lambda: f"groups of {self.name} stay")

    def _ungrouped(self) -> bool:
        """A group whose processes have ended may be busy for a moment yet."""
        for folder, _, _ in os.walk(self._group, topdown=False):
            with suppress(OSError):
                os.rmdir(folder)
        return not self._group.exists()

    def journal(self) -> str:
        """All that its programs logged, sshd's part included."""
        # What was sent last may still be on its way into the journal.
        journal = "journalctl --sync; journalctl --no-pager -o cat"
        logs = self.inside(f"{{ {journal}; }} 2>/dev/null; cat /var/log/messages").stdout
        return logs + (self.files() / "var" / "log" / "sshd.log").read_text()

    def fill(self, path: str) -> None:
        """A disk of its own at that folder, with no byte free."""
        self.inside(
            f"mkdir -p {path} && mount -t tmpfs -o size=64k,mode=755 tmpfs {path}"
            f" && ! cat /dev/zero >{path}/full 2>/dev/null"
        ).ok()

    def drain(self, path: str) -> None:
        """The folder as it was before `fill`."""
        self.inside(f"umount {path}").ok()

    def skew_clock(self, days: int = 1) -> None:
        """Its `date` is that many days off for everybody, also for `sudo date`. Only `date`: the
        clock is the kernel's, which all hosts share with this machine."""
        self.inside(
            f"""
            set -eu
            mkdir -p /usr/lib/skewed
            [ -e /usr/lib/skewed/date ] || cp -L /usr/bin/date /usr/lib/skewed/date
            rm /usr/bin/date
            cat >/usr/bin/date <<EOF
            #!/bin/sh
            export LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1) FAKETIME={days:+}d
            exec /usr/lib/skewed/date "\\$@"
            EOF
            chmod 755 /usr/bin/date
        """.replace("            ", "")
        ).ok()

    def _install(self) -> None:
        """A disk with what tells this host from others of its image."""
        self._mount()
        root = self.files()
        self.host_key = make_key(self._folder / "host_key")
        self.known_hosts.write_text(f"{self.address} {self.host_key}\n")
        _put(root / "etc/ssh/ssh_host_ed25519_key", (self._folder / "host_key").read_text(), 0o600)
        _put(root / "etc/ssh/ssh_host_ed25519_key.pub", self.host_key)
        _put(root / "etc/ssh/login.pub", self.login_key.with_suffix(".pub").read_text())
        _put(root / "etc/hostname", f"{self.name}\n")
        _put(root / "etc/hosts", f"127.0.0.1 localhost\n{self.address} {self.name}\n")
        if self.runtime == "systemd":
            # Sorts before the one that systemd itself has for a container's interface.
            network = f"[Match]\nName=host0\n[Network]\nAddress={self.address}/24\n"
            _put(root / "etc/systemd/network/10-host0.network", network)
        else:
            _put(root / "etc/host0.address", f"{self.address}/24\n")


def make_key(path: Path) -> str:
    """A key pair; returns the public line, without a comment."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path], check=True
    )
    return path.with_suffix(".pub").read_text().strip()


def _put(path: Path, text: str, mode: int = 0o644) -> None:
    path.write_text(text)
    path.chmod(mode)
