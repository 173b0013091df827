"""Listeners as the kernel lists them, against the kernel."""

from __future__ import annotations

import socket
import subprocess

import pytest

from components.machine.sockets import socket_forms
from tests.support.scripts import SCRIPTS
from tests.support.shells import SHELLS

LISTENING = f'. {SCRIPTS}/lib/sockets.sh; listening "$1"'


def listening(shell: str, address: str, port: int) -> bool:
    command = [*shell.split(), "-c", LISTENING, "sh", socket_forms(address, port)]
    return subprocess.run(command, check=False).returncode == 0


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("family", "bound", "asked", "holds"),
    [
        (socket.AF_INET, "127.50.1.2", "127.50.1.2", True),
        (socket.AF_INET, "0.0.0.0", "127.50.1.2", True),
        (socket.AF_INET, "127.50.1.3", "127.50.1.2", False),
        (socket.AF_INET6, "::1", "::1", True),
        (socket.AF_INET6, "::", "::1", True),
        (socket.AF_INET6, "::", "127.50.1.2", True),
    ],
)
def test_a_listener_is_seen(shell, family, bound, asked, holds):
    with socket.socket(family) as listener:
        try:
            listener.bind((bound, 0))
        except OSError as error:
            pytest.skip(f"this machine cannot listen on {bound}: {error}")
        port = listener.getsockname()[1]
        assert not listening(shell, asked, port), "bound is not yet listening"
        listener.listen()
        assert listening(shell, asked, port) is holds
        assert not listening(shell, asked, port ^ 1)


def test_both_byte_orders_and_listeners_on_all_addresses():
    assert socket_forms("10.0.0.1", 2379).split("/") == [
        "00000000000000000000000000000000:094B",
        "00000000:094B",
        "0100000A:094B",
        "0A000001:094B",
    ]
    assert "B80D0120000000000000000001000000:094B" in socket_forms("2001:db8::1", 2379)
