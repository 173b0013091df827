"""The command stand-in runs commands on a host: a real sshd on the loopback address."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import asyncssh
import pytest

from lab.hosts.machine import until
from lab.needs import needs
from lab.sshd import Server, make_key, running_sshd
from tests.support.command_call import call
from toolchain.standins.command import background, remote
from toolchain.standins.command.errors import PluginError
from toolchain.standins.command.output import Output

# The event loop, and what asyncio keeps for what would block it: a few, whatever the load.
SHARED_THREADS = 1 + min(32, (os.cpu_count() or 1) + 4)
LIMIT_S = 20

pytestmark = [pytest.mark.slow, needs("sshd")]


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(autouse=True)
def _no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


def run(command, connection, request=None, **inputs):
    return remote.run(command, {"connection": connection, **inputs}, Output(), request or call())


def refusal(connection) -> str:
    with pytest.raises(PluginError) as caught:
        run("echo in", connection)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["host-ed25519", "host-rsa"])
def test_a_host_with_keys_of_several_kinds_is_known_by_the_pinned_one(sshd, kind):
    connection = sshd.connection(hostKey=sshd.key(f"{kind}.pub"))
    assert run("echo in", connection).stdout == "in"


def test_a_host_with_another_key_is_refused(sshd):
    connection = sshd.connection(hostKey=sshd.key("login.pub"))
    assert refusal(connection).endswith("ssh: handshake failed: ssh: host key mismatch")


def test_standard_input_is_in_no_argument_and_no_environment_of_the_host(sshd):
    looking = "cat /proc/$$/cmdline /proc/$$/environ"
    shown = run(f"{looking}; cat", sshd.connection(), stdin="a-canary").stdout
    assert shown.count("a-canary") == 1, "cat's own"


def test_a_command_need_not_read_its_standard_input(sshd):
    assert run("echo done", sshd.connection(), stdin="x" * 3_000_000).stdout == "done"


def test_an_empty_command_does_not_make_its_standard_input_one(sshd, tmp_path):
    assert run("", sshd.connection(), stdin=f"touch {tmp_path}/ran\n") == Output()
    assert list(tmp_path.iterdir()) == []


def test_lines_are_shown_while_the_command_runs(sshd, tmp_path):
    request = call()
    with ThreadPoolExecutor(1) as pool:
        command = f"echo early; until [ -e {tmp_path}/go ]; do sleep 0.05; done; echo late"
        running = pool.submit(run, command, sshd.connection(), request)
        try:
            until(lambda: request.log.lines, LIMIT_S, lambda: "no line is shown")
        finally:
            (tmp_path / "go").touch()
        running.result()
    assert request.log.lines == ["early", "late"]


def test_an_encrypted_key_needs_its_password(sshd, tmp_path):
    subprocess.run(["cp", sshd.folder / "login", tmp_path / "key"], check=True)
    change = ["ssh-keygen", "-q", "-p", "-P", "", "-N", "open sesame", "-f", tmp_path / "key"]
    subprocess.run(change, check=True, stdout=subprocess.DEVNULL)
    key = (tmp_path / "key").read_text()
    opened = sshd.connection(privateKey=key, privateKeyPassword="open sesame")
    assert run("echo in", opened).stdout == "in"
    wrong = sshd.connection(privateKey=key, privateKeyPassword="barley")
    assert refusal(wrong) == "x509: decryption password incorrect"
    assert "passphrase protected" in refusal(sshd.connection(privateKey=key))


@contextmanager
def agent(folder: Path, key: Path) -> Iterator[str]:
    path = str(folder / "agent")
    with subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL) as process:
        try:
            wait_until_it_answers(path)
            add = ["ssh-add", "-q", str(key)]
            subprocess.run(add, env={**os.environ, "SSH_AUTH_SOCK": path}, check=True)
            yield path
        finally:
            process.terminate()


def wait_until_it_answers(path: str) -> None:
    """A socket's file is there once it is bound, and refuses until somebody listens on it."""
    deadline = time.monotonic() + 10
    while True:
        with socket.socket(socket.AF_UNIX) as dialled:
            if dialled.connect_ex(path) == 0:
                return
        assert time.monotonic() < deadline, f"nobody listens on {path}"
        time.sleep(0.01)


@pytest.mark.parametrize("how", ["named", "environment"])
def test_an_agent_holds_the_key(sshd, tmp_path, monkeypatch, how):
    connection = sshd.connection(privateKey=None)
    assert "attempted methods [none]" in refusal(connection)
    with agent(tmp_path, sshd.folder / "login") as path:
        if how == "named":
            connection["agentSocketPath"] = path
        else:
            monkeypatch.setenv("SSH_AUTH_SOCK", path)
        assert run("echo in", connection).stdout == "in"
    if how == "named":
        assert refusal(connection).startswith(f"dial unix {path}: connect: ")


def test_a_host_is_reached_through_a_proxy(sshd):
    connection = sshd.connection(proxy=sshd.connection())
    client = run("echo $SSH_CONNECTION", connection).stdout
    assert client.startswith("127.0.0.1 ")
    bad_proxy = sshd.connection(hostKey=sshd.key("login.pub"))
    text = refusal(sshd.connection(proxy=bad_proxy))
    assert text.startswith("proxy: after 0 failed attempts: ")
    assert "host key mismatch" in text


def test_a_connection_that_breaks_leaves_the_outcome_unknown(sshd):
    with pytest.raises(PluginError) as caught:
        run("echo before; kill -9 $PPID; sleep 5", sshd.connection())
    assert str(caught.value).startswith(
        "wait: remote command exited without exit status or exit signal: running "
    )


def test_a_failed_attempt_is_shown_and_an_interrupt_ends_the_attempts(sshd):
    request = call()
    closed = sshd.connection(port=1, dialErrorLimit=-1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run, "true", closed, request)
        until(lambda: len(request.log.lines) > 1, LIMIT_S, lambda: "no attempt is shown")
        request.interrupt.fire("context canceled")
        with pytest.raises(PluginError, match=r"^context canceled$"):
            running.result(LIMIT_S)
    assert request.log.lines[:2] == [f"Dial {n}/inf failed: retrying" for n in (1, 2)]


def test_an_interrupt_does_not_end_a_running_command(sshd, tmp_path):
    request = call()
    command = f"echo begun; until [ -e {tmp_path}/go ]; do sleep 0.05; done; echo finished"
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run, command, sshd.connection(), request)
        try:
            until(lambda: request.log.lines, LIMIT_S, lambda: "the command does not begin")
            request.interrupt.fire("context canceled")
        finally:
            (tmp_path / "go").touch()
        assert running.result().stdout == "begun\nfinished"


def test_thirty_hosts_at_once_take_few_threads(sshd):
    before = set(threading.enumerate())
    with ThreadPoolExecutor(30, thread_name_prefix="caller") as pool:
        command = "sleep 1; cat"
        running = [
            pool.submit(run, command, sshd.connection(), stdin=str(number)) for number in range(30)
        ]
        time.sleep(0.8)
        added = [t.name for t in threading.enumerate() if t not in before]
        assert [each.result().stdout for each in running] == [str(n) for n in range(30)]
    # Other tests of this process may add a pool of theirs, but nobody one thread a host.
    assert len([name for name in added if not name.startswith("caller")]) <= 2 * SHARED_THREADS


def test_a_name_that_nobody_has(sshd):
    text = refusal(sshd.connection(host="no-such-host.invalid"))
    assert text == "after 0 failed attempts: dial tcp: lookup no-such-host.invalid: no such host"


class PasswordServer(asyncssh.SSHServer):
    """Lets in whoever knows the password."""

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("pi", "raspberry")


def test_a_password_logs_in(tmp_path):
    make_key(tmp_path / "host")

    async def answer(process: asyncssh.SSHServerProcess) -> None:
        process.stdout.write(f"ran {process.command}\n")
        process.exit(0)

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=PasswordServer,
            server_host_keys=[tmp_path / "host"],
            process_factory=answer,
        )

    server = background.run(lambda _: listen())
    connection = {
        "host": "127.0.0.1",
        "port": server.get_port(),
        "user": "pi",
        "password": "raspberry",
        "hostKey": (tmp_path / "host.pub").read_text(),
        "dialErrorLimit": 0,
        "perDialTimeout": 10,
    }
    assert run("something", connection).stdout == "ran something"
    text = refusal({**connection, "password": "wrong"})
    assert "attempted methods [none password], no supported methods remain" in text
    assert "wrong" not in text
    background.loop().call_soon_threadsafe(server.close)
