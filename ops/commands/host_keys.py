"""`host-keys`: the public host keys of a stack's machines, as the network shows them.

What the network shows is what a person has to compare: nothing is written anywhere.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass

import asyncssh

from ops.errors import OperationError
from ops.screen.terminal import complain, say
from ops.stack.hosts import Host, hosts_of, left_out

DEADLINE_S = 10.0
# Best first: a connection shows the first that the host has. The stack file takes no RSA key, but a
# host that has no other is to be named, not to hang up.
KINDS = (
    *("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    *("rsa-sha2-512", "rsa-sha2-256"),
)
COMPARE = """\
Compare each fingerprint with what the host says of itself on its console, then paste the lines:
  ssh-keygen -lf /etc/ssh/ssh_host_{kind}_key.pub"""


@dataclass(frozen=True)
class Shown:
    """The key that a host shows, `type base64`, and its fingerprint; or why there is none."""

    host: Host
    key: str = ""
    fingerprint: str = ""
    reason: str = ""


def host_keys(cluster: object, names: Sequence[str], refused: str = "") -> bool:
    """Print the keys of these nodes, of all where none is named; True if every host has shown one.

    `cluster` as the stack file has it, `refused` the report of its mistakes. Raises OperationError
    where there is nobody to ask, with that report: a mistake may be why. It also follows the keys
    where a mistake has left a node out.
    """
    found = asyncio.run(_ask_all(_chosen(hosts_of(cluster), names, refused)))
    for shown in found:
        if shown.reason:
            complain(f"{shown.host.title}: {shown.reason}")
        else:
            say(text(shown))
    for kind in dict.fromkeys(_kind(shown.key) for shown in found if shown.key):
        say(COMPARE.format(kind=kind))
    missing = [node for node in left_out(cluster) if not names or node in names]
    if missing:
        complain(f"not asked, as the stack file has mistakes: {', '.join(missing)}\n{refused}")
    return not missing and not any(shown.reason for shown in found)


def _chosen(hosts: Sequence[Host], names: Sequence[str], refused: str) -> list[Host]:
    nodes = dict.fromkeys(node for host in hosts for node in host.nodes)
    if not nodes:
        raise OperationError(refused or "no node of this stack is reached over ssh")
    if unknown := [name for name in names if name not in nodes]:
        reason = f"{unknown[0]} is no node over ssh; these are: {', '.join(nodes)}"
        raise OperationError(f"{reason}\n{refused}" if refused else reason)
    return [host for host in hosts if not names or set(host.nodes) & set(names)]


async def _ask_all(hosts: Sequence[Host]) -> list[Shown]:
    return list(await asyncio.gather(*map(_ask, hosts)))


async def _ask(host: Host) -> Shown:
    if host.behind:
        command = f"ssh-keyscan -t ed25519 -p {host.port} {host.address}"
        return Shown(host, reason=f"lies behind {host.behind}; there, run `{command}`")
    try:
        key = await asyncio.wait_for(_fetch(host), DEADLINE_S)
    except TimeoutError:
        return Shown(host, reason=f"no answer within {DEADLINE_S:.0f} s")
    except (OSError, ValueError) as error:
        return Shown(host, reason=_plainly(host, error))
    except asyncssh.Error as error:
        return Shown(host, reason=error.reason)
    if key is None or key.get_algorithm() == "ssh-rsa":
        reason = "has neither an ed25519 nor an ECDSA key; `ssh-keygen -A` there makes them"
        return Shown(host, reason=reason)
    line = " ".join(key.export_public_key().decode().split()[:2])
    return Shown(host, line, key.get_fingerprint())


async def _fetch(host: Host) -> asyncssh.SSHKey | None:
    # `config=None`: a person's own ~/.ssh/config must not decide who is asked.
    return await asyncssh.get_server_host_key(
        host.address, host.port, server_host_key_algs=KINDS, config=None
    )


def _plainly(host: Host, error: OSError | ValueError) -> str:
    """`Connection refused`, where asyncio says which call has failed."""
    if isinstance(error, ValueError):
        return f"{host.address} cannot be looked up: {error}"
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error)


def text(shown: Shown) -> str:
    """What to paste and what to compare."""
    pinned = " ".join(shown.host.pinned.split()[:2])
    known = ""
    if pinned:
        known = "  as pinned" if pinned == shown.key else "  NOT the one that is pinned"
    return f"{shown.host.title}{known}\n  host_key: {shown.key}\n  {shown.fingerprint}\n"


def _kind(key: str) -> str:
    """As sshd names its files: ed25519, ecdsa."""
    return key.removeprefix("ssh-").split("-")[0].split()[0]
