"""Host keys are fetched from a real sshd, shown for review, and written nowhere."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from components.spec.values.host_key import check_host_key
from lab import sshd
from lab.needs import needs
from lab.sshd import Server, running_sshd
from ops.cli import app
from ops.commands import host_keys
from ops.errors import OperationError
from ops.stack.hosts import hosts_of

pytestmark = needs("sshd")
HOST = "127.0.0.1"


@pytest.fixture(autouse=True)
def _an_event_loop_stays() -> Iterator[None]:
    """`asyncio.run` takes this thread's away, and pulumi's mocks in later tests want one."""
    yield
    asyncio.set_event_loop(asyncio.new_event_loop())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_sshd(tmp_path_factory.mktemp("sshd")) as running:
        yield running


def cluster(port: int, **node: Any) -> dict[str, Any]:
    """A stack whose only node is reached on this machine."""
    return {"ssh": {"port": port}, "nodes": {"etcd1": {"address": HOST, **node}}}


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, content: object, *names: str) -> Result:
    """`python -m ops host-keys` in a project with this stack; its folder stays as it was."""
    (folder / "Pulumi.yaml").write_text("name: etcd-cluster\n")
    stack = {"config": {"etcd-cluster:cluster": content}}
    (folder / "Pulumi.t.yaml").write_text(yaml.safe_dump(stack))
    before = {path: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr("ops.commands.project.FOLDER", folder)
    result = CliRunner().invoke(app, ["host-keys", *names, "--stack", "t"])
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    return result


def test_the_key_that_sshd_has(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(tmp_path, monkeypatch, cluster(server.port))
    assert result.exit_code == 0, result.output
    line = " ".join(server.key("host-ed25519.pub").split()[:2])
    assert f"etcd1 (127.0.0.1 port {server.port})\n  host_key: {line}\n" in result.output
    keygen = subprocess.run(
        ["ssh-keygen", "-lf", server.folder / "host-ed25519.pub"],
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    assert keygen.stdout.split()[1] in result.output
    assert "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" in result.output
    assert check_host_key(line) == line


@pytest.mark.parametrize(("kind", "verdict"), [("ed25519", "as pinned"), ("rsa", "NOT the one")])
def test_a_pinned_key_is_compared(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, verdict: str
) -> None:
    pinned = server.key(f"host-{kind}.pub")
    result = run(tmp_path, monkeypatch, cluster(server.port, host_key=pinned))
    assert result.exit_code == 0
    assert verdict in result.output


def test_only_the_named_nodes_are_asked(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = cluster(server.port)
    content["nodes"]["etcd2"] = {"address": "127.0.0.2"}
    result = run(tmp_path, monkeypatch, content, "etcd1")
    assert result.exit_code == 0
    assert "etcd2" not in result.output


def test_an_unreachable_host_is_named_and_the_others_are_shown(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = cluster(server.port)
    content["nodes"]["etcd2"] = {"address": "127.0.0.2"}
    content["nodes"]["etcd3"] = {"address": HOST, "ssh": {"host": "no-such-host.invalid"}}
    result = run(tmp_path, monkeypatch, content)
    assert result.exit_code == 1
    assert f"etcd1 (127.0.0.1 port {server.port})\n  host_key: ssh-ed25519 " in result.output
    assert f"etcd2 (127.0.0.2 port {server.port}): " in result.output
    assert "refused" in result.output
    assert f"etcd3 (no-such-host.invalid port {server.port}): " in result.output


def test_a_name_that_cannot_be_looked_up_is_named(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = cluster(server.port)
    content["nodes"]["etcd2"] = {"address": "10.0.0.12", "ssh": {"host": "a..b"}}
    result = run(tmp_path, monkeypatch, content)
    assert "host_key: ssh-ed25519 " in result.output
    assert "a..b cannot be looked up: " in result.output


def test_a_silent_host_is_waited_for_until_the_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_keys, "DEADLINE_S", 0.3)
    with socket.create_server((HOST, 0)) as silent:
        result = run(tmp_path, monkeypatch, cluster(silent.getsockname()[1]))
    assert result.exit_code == 1
    assert "no answer within" in result.output


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_a_host_without_an_ed25519_key(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project").mkdir()
    sshd.make_key(tmp_path / "host-ecdsa", kind="ecdsa")
    config = sshd.CONFIG.replace("HostKey {folder}/host-ed25519\n", "")
    monkeypatch.setattr(sshd, "CONFIG", config.replace("/host-rsa", f"/host-{kind}"))
    with running_sshd(tmp_path) as server:
        result = run(tmp_path / "project", monkeypatch, cluster(server.port))
    if kind == "ecdsa":
        assert result.exit_code == 0
        assert f"host_key: {' '.join(server.key('host-ecdsa.pub').split()[:2])}" in result.output
        assert "ssh_host_ecdsa_key.pub" in result.output
    else:
        assert result.exit_code == 1
        assert "has neither an ed25519 nor an ECDSA key" in result.output


def test_a_node_behind_a_jump_host_is_asked_from_there(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = cluster(2222)
    content["ssh"]["jump"] = {"host": HOST, "port": server.port}
    result = run(tmp_path, monkeypatch, content)
    assert result.exit_code == 1
    assert f"jump host 127.0.0.1 (127.0.0.1 port {server.port})\n  host_key: " in result.output
    assert "there, run `ssh-keyscan -t ed25519 -p 2222 127.0.0.1`" in result.output


@pytest.mark.parametrize(
    ("content", "names", "reason"),
    [
        (
            {"transport": "local", "nodes": {"etcd1": {"address": HOST}}},
            [],
            "no node of this stack",
        ),
        (None, [], "no node of this stack"),
        (cluster(22), ["etcd9"], "etcd9 is no node over ssh; these are: etcd1"),
    ],
)
def test_nobody_to_ask(content: object, names: list[str], reason: str) -> None:
    with pytest.raises(OperationError, match=reason):
        host_keys.host_keys(content, names)


def test_a_mistake_that_leaves_nobody_to_ask_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(tmp_path, monkeypatch, {"transport": "shh", "nodes": {"etcd1": {"address": HOST}}})
    assert isinstance(result.exception, OperationError)
    assert 'cluster.transport: "shh"' in str(result.exception)


def test_an_unknown_stack_is_said() -> None:
    result = CliRunner().invoke(app, ["host-keys", "--stack", "nowhere"])
    assert isinstance(result.exception, OperationError)
    assert "no stack nowhere" in str(result.exception)


def test_machines_are_found_in_a_file_with_mistakes() -> None:
    jump = {"host": "jump", "host_key": "k"}
    found = hosts_of(
        {
            "version": "latest",
            "ssh": {"jump": jump},
            "nodes": {
                "etcd1": {"address": "10.0.0.11", "host_key": "pinned"},
                "etcd2": {"address": "10.0.0.12", "ssh": {"port": 2222}},
                "etcd3": {"address": "10.0.0.13", "transport": "local"},
                "etcd4": None,
            },
        }
    )
    assert [(host.address, host.port, host.behind, host.pinned) for host in found] == [
        ("jump", 22, "", "k"),
        ("10.0.0.11", 22, "jump", "pinned"),
        ("10.0.0.12", 2222, "jump", ""),
    ]
    assert found[0].nodes == ("etcd1", "etcd2")


@pytest.mark.parametrize(
    "mistaken",
    [
        {"adress": HOST},
        {"address": [HOST]},
        {"address": HOST, "ssh": {"port": "22"}},
        {"address": HOST, "ssh": {"port": True}},
        {"address": HOST, "ssh": {"jump": {"host": "j", "port": "many"}}},
        {"address": HOST, "transport": "SSH"},
        {"address": HOST, "transport": ["ssh"]},
        {"address": HOST, "ssh": {"port": 70000}},
        {"address": HOST, "ssh": {"jump": "bastion.example.org"}},
        {"address": HOST, "ssh": {"jump": {"hst": "b"}}},
        {"address": HOST, "ssh": "x"},
        {"address": HOST, "ssh": {"host": "a\0b"}},
        None,
    ],
)
def test_a_node_that_a_mistake_leaves_out_is_named(
    mistaken: object, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = cluster(server.port)
    content["nodes"]["etcd2"] = mistaken
    result = run(tmp_path, monkeypatch, content)
    assert result.exit_code == 1
    assert "host_key: ssh-ed25519 " in result.output
    assert "not asked, as the stack file has mistakes: etcd2\n" in result.output
    assert "cluster.nodes.etcd2" in result.output
