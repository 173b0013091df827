"""The command stand-in sends files and folders to a host: a real sshd on the loopback address."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.needs import needs
from lab.sshd import Server, running_sshd
from tests.support.command_call import call
from tests.support.command_plugin import COPY, Plugin, running_plugin
from toolchain.standins.command import sending
from toolchain.standins.command.errors import PluginError
from toolchain.standins.command.resources import RESOURCES
from toolchain.standins.wire import Archive, Asset, Secret

pytestmark = [pytest.mark.slow, needs("sshd")]

NOBODY = "127.0.0.1:1"
BIG_MIB = 96


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(autouse=True)
def _no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with a file, a folder in it, and a link to the file."""
    folder = tmp_path / "source"
    (folder / "sub").mkdir(parents=True)
    (folder / "file").write_text("content\n")
    (folder / "sub" / "inner").write_text("inside\n")
    (folder / "link").symlink_to("file")
    return folder


@pytest.fixture
def host(tmp_path: Path) -> Path:
    folder = tmp_path / "host"
    folder.mkdir()
    return folder


def send(sshd: Server, source: Asset | Archive, target: Path | str) -> None:
    inputs = {"connection": sshd.connection(), "source": source, "remotePath": str(target)}
    sending.send(inputs, call())


def asset(path: Path) -> Asset:
    return Asset({"path": str(path)})


def content(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text() for path in files}


WHOLE = {"file": "content\n", "link": "content\n", "sub/inner": "inside\n"}


def test_a_file_goes_to_the_path_over_what_was_there(sshd, source, host):
    (host / "target").write_text("something longer than the new content\n")
    send(sshd, asset(source / "file"), host / "target")
    assert content(host) == {"target": "content\n"}


def test_a_file_goes_into_a_folder_that_is_there(sshd, source, host):
    send(sshd, asset(source / "file"), host)
    assert content(host) == {"file": "content\n"}


def test_a_folder_goes_into_the_path_under_its_name_whether_or_not_that_is_there(
    sshd, source, host
):
    for _ in range(2):
        send(sshd, Archive({"path": str(source)}), host / "new")
    assert content(host / "new") == {f"source/{name}": text for name, text in WHOLE.items()}
    assert not (host / "new/source/link").is_symlink()


def test_the_content_of_a_folder_goes_into_the_path_when_its_name_ends_with_a_slash(
    sshd, source, host
):
    send(sshd, Archive({"path": f"{source}/"}), host)
    assert content(host) == WHOLE


def test_a_folder_does_not_replace_a_file(sshd, source, host):
    (host / "target").write_text("kept")
    with pytest.raises(PluginError, match="exists but is not a directory"):
        send(sshd, Archive({"path": str(source)}), host / "target")
    assert content(host) == {"target": "kept"}


def test_a_text_becomes_a_file(sshd, host):
    send(sshd, Asset({"text": "grüezi\n"}), host / "target")
    assert content(host) == {"target": "grüezi\n"}
    with pytest.raises(PluginError, match="remotePath must be a file path"):
        send(sshd, Asset({"text": "x"}), host)


def test_what_cannot_be_read_or_written_is_named(sshd, source, host):
    with pytest.raises(PluginError, match=re.escape(str(source / "missing"))):
        send(sshd, asset(source / "missing"), host)
    with pytest.raises(PluginError, match="failed to copy to remote path /proc/none/x"):
        send(sshd, asset(source / "file"), "/proc/none/x")


def test_only_another_content_or_place_is_sent_again(monkeypatch):
    sent = []
    monkeypatch.setattr(sending, "send", lambda inputs, _: sent.append(inputs["remotePath"]))
    state = {
        "source": Asset({"path": "a", "hash": "1"}),
        "remotePath": "/x",
        "connection": Secret({"host": "a"}),
    }
    copy = RESOURCES[COPY]
    copy.update(state, {**state, "connection": Secret({"host": "b"}), "triggers": [1]}, call())
    copy.update(state, {**state, "source": Asset({"path": "b", "hash": "1"})}, call())
    assert sent == []
    copy.update(state, {**state, "source": Asset({"path": "a", "hash": "2"})}, call())
    copy.update(state, {**state, "remotePath": "/y"}, call())
    copy.delete(state, call())
    assert sent == ["/x", "/y"]


def peak_mib(plugin: Plugin) -> float:
    [kib] = re.findall(r"VmHWM:\s+(\d+) kB", plugin.of_process("status"))
    return int(kib) / 1024


def test_a_big_file_is_never_whole_in_memory(sshd, tmp_path, host):
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(BIG_MIB << 20)
    with running_plugin(tmp_path, NOBODY) as plugin:
        place = {"connection": sshd.connection(), "remotePath": str(host / "big")}
        plugin.create(COPY, source=Asset({"text": "", "hash": "0"}), **place)
        before = peak_mib(plugin)
        plugin.create(COPY, source=Asset({"path": str(big), "hash": "1"}), **place)
        grown = peak_mib(plugin) - before
    assert (host / "big").stat().st_size == BIG_MIB << 20
    assert grown < BIG_MIB / 3
