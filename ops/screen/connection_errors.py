"""Why a machine could not be worked on, or not to the end, in plain words: what SSH, SFTP, `sudo`
and `doas` say is about themselves, and names neither the cause nor what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ops.screen.words import OPS


@dataclass(frozen=True)
class _Meaning:
    """`words`: what a program of the login says, as a regular expression. `remedy` may name {keys},
    the command that prints the machine's host key."""

    words: str
    found: str
    remedy: str


_MEANINGS = (
    _Meaning(
        r"ssh: host key mismatch",
        "it shows another host key than the one that is pinned: the machine was installed anew, "
        "or another one answers in its place",
        "`{keys}` prints the key that it shows; compare it with what the machine says of itself "
        "on its console, and only then pin it as host_key",
    ),
    _Meaning(
        r"ssh: unable to authenticate",
        "it refuses the login: there is no such user, or this key is not in the user's "
        "authorized_keys",
        "correct ssh.user and ssh.private_key (or what the agent holds), or let the key in there",
    ),
    _Meaning(
        r"dial tcp .*(i/o timeout|no route to host|network is unreachable)",
        "nobody answers there: the machine is off, the address is another one, or a firewall "
        "drops SSH",
        "look whether it is on and whether its address is the one below; ssh.host says where to "
        "dial if not at the node's address",
    ),
    _Meaning(
        r"dial tcp .*connection refused",
        "the machine is there, but no SSH server listens at that port",
        "start sshd on it, or set ssh.port",
    ),
    _Meaning(
        r"dial tcp: lookup .*no such host",
        "its name is not known here",
        "correct ssh.host, or set it to an IP address",
    ),
    _Meaning(
        r"^sudo: a password is required|is not in the sudoers file",
        "the user who logs in may not become root by sudo without a password",
        "on the machine, put `USER ALL=(ALL) NOPASSWD: ALL` into a file below /etc/sudoers.d, "
        "or set ssh.user to one who may",
    ),
    _Meaning(
        r"^doas: (Operation not permitted|Authentication required)",
        "the user who logs in may not become root by doas without a password",
        "on the machine, put `permit nopass USER` into /etc/doas.conf, or set ssh.user to one "
        "who may",
    ),
    _Meaning(
        r"\b(sudo|doas): (command )?not found",
        "the command that is to give the rights of root is not on the machine",
        "install it there, set the other one of ssh.sudo and ssh.doas, or log in as root",
    ),
    _Meaning(
        r"^wait: remote command exited without exit status",
        "the connection ended before the script did: the machine lost power, was rebooted, or its "
        "network failed",
        "see that it is up, then run `up` again",
    ),
    _Meaning(
        r"^failed to copy to remote path",
        "the file could not be written there, for a reason that SFTP does not tell",
        "look whether that disk is full, and whether the user who logs in may write to that folder",
    ),
)
# The command provider's mark of a login with a jump host; it does not say which of the two it was.
_PROXY = "proxy: "


def in_plain_words(reason: str, node: str | None, stack: str) -> str:
    """What was found and what to do, above the words of `reason`; `reason` alone where it is about
    something else. `node`: None where only the failed resource's name tells it."""
    for meaning in _MEANINGS:
        if re.search(meaning.words, reason, re.MULTILINE):
            keys = " ".join([OPS, "host-keys", *filter(None, [node]), "--stack", stack])
            remedy = meaning.remedy.replace("{keys}", keys)
            where = "the jump host, or the node behind it: " if reason.startswith(_PROXY) else ""
            return f"{where}{meaning.found}\nto do: {remedy}\nin its own words: {reason}"
    return reason
