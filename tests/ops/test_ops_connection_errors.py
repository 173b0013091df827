"""What SSH, sudo and doas say is told in plain words, above their own."""

from __future__ import annotations

import pytest

from ops.screen.connection_errors import in_plain_words

DIALS = "after 2 failed attempts: "
CUT_OFF = "wait: remote command exited without exit status or exit signal"


@pytest.mark.parametrize(
    ("reason", "found", "to_do"),
    [
        (f"{DIALS}ssh: handshake failed: ssh: host key mismatch", "another host key", "pin it"),
        (
            f"{DIALS}ssh: handshake failed: ssh: unable to authenticate, attempted methods [none]",
            "refuses the login",
            "ssh.user",
        ),
        (f"{DIALS}dial tcp 10.0.0.11:22: i/o timeout", "nobody answers there", "whether it is on"),
        (f"{DIALS}dial tcp 10.0.0.11:22: connect: no route to host", "nobody answers", "ssh.host"),
        (f"{DIALS}dial tcp 10.0.0.11:22: connect: connection refused", "no SSH server", "ssh.port"),
        (f"{DIALS}dial tcp: lookup etcd1: no such host", "name is not known", "an IP address"),
        ("sudo: a password is required", "root by sudo", "/etc/sudoers.d"),
        ("ops is not in the sudoers file.", "root by sudo", "/etc/sudoers.d"),
        ("doas: Operation not permitted", "root by doas", "/etc/doas.conf"),
        ("doas: Authentication required", "root by doas", "/etc/doas.conf"),
        (CUT_OFF, "connection ended before the script did", "run `up` again"),
        (f"{CUT_OFF}; the last that it said: etcd1: restarted", "lost power", "that it is up"),
        ("failed to copy to remote path /var/tmp/a: Failure", "not be written", "disk is full"),
        ("bash: line 1: exec: sudo: not found", "is not on the machine", "install it"),
        ("bash: line 3: doas: command not found", "is not on the machine", "install it"),
    ],
)
def test_what_was_found_what_to_do_and_the_words_themselves(reason, found, to_do):
    lines = in_plain_words(reason, "etcd1", "prod").splitlines()
    assert len(lines) == 3
    assert found in lines[0]
    assert lines[1].startswith("to do: ")
    assert to_do in lines[1]
    assert lines[2] == f"in its own words: {reason}"


def test_the_command_that_prints_the_keys_is_whole():
    mismatch = "ssh: handshake failed: ssh: host key mismatch"
    named = in_plain_words(mismatch, "etcd1", "prod")
    assert "`.toolchain/bin/etcd-cluster host-keys etcd1 --stack prod`" in named
    unnamed = in_plain_words(mismatch, None, "prod")
    assert "`.toolchain/bin/etcd-cluster host-keys --stack prod`" in unnamed


def test_a_jump_host_is_thought_of():
    reason = "proxy: after 2 failed attempts: ssh: handshake failed: ssh: host key mismatch"
    assert in_plain_words(reason, "etcd1", "prod").startswith("the jump host, or the node behind")


def test_a_scripts_own_reason_stays_as_it_is():
    reason = "etcd1: not restarted: etcd2 must be healthy first\nsudo is mentioned"
    assert in_plain_words(reason, "etcd1", "prod") == reason
