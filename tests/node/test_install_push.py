"""A node that is sent its archive, and the controller that fetches it."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from components.machine.installs import fetch as fetching
from components.machine.installs.fetch import FetchError, fetch
from lab import releases
from lab.releases import serving
from tests.node.machine import VERSION
from tests.support.answers import answering
from tests.support.commands import shell_with
from tests.support.preparation import INSTALLED, run_step

pytestmark = pytest.mark.slow

WRONG = "0" * 64


@pytest.fixture
def release(tmp_path):
    programs = releases.fake_programs(tmp_path / "programs", VERSION)
    return releases.pack(programs, VERSION, "amd64", tmp_path / "site")


@pytest.fixture
def sent(release, tmp_path):
    """The archive on the node, as the controller leaves it there."""
    path = tmp_path / "var-tmp" / f"etcd-cluster-{release.sha256}.tar.gz"
    path.parent.mkdir()
    path.write_bytes(release.path.read_bytes())
    (tmp_path / "node" / "state").mkdir(parents=True)
    return path


@pytest.fixture
def run(shell, release, sent, tmp_path):
    """Runs the step on a machine that says it is amd64."""
    shell = shell_with(shell, tmp_path / "path", {"uname": "echo x86_64"})
    settings = {
        "architecture": "amd64",
        "tools_dir": "",
        "sha256": release.sha256,
        "sent": str(sent),
    }

    def run(action, **changed):
        return run_step(shell, "install_push", action, {**settings, **changed}, folder=tmp_path)

    return run


@pytest.fixture
def installed(tmp_path) -> Path:
    return tmp_path / "node" / "bin" / VERSION


def state(tmp_path):
    return list((tmp_path / "node" / "state").iterdir())


def test_what_was_sent_is_installed_and_taken_away(run, sent, installed, tmp_path):
    run("check").ok()
    done = run("make").ok()
    assert done.output == f"etcd1: etcd {VERSION} installed from the archive that was sent\n"
    assert sorted(p.name for p in installed.iterdir()) == [*INSTALLED]
    assert not sent.exists()
    assert state(tmp_path) == []


def test_a_second_run_needs_no_archive(run, installed):
    run("make").ok()
    before = installed.stat().st_ctime_ns
    run("check").ok()
    assert run("make").ok().output == ""
    assert installed.stat().st_ctime_ns == before


def test_an_archive_that_is_gone(run, sent):
    sent.unlink()
    run("check").failed(f"the archive {sent}, which had been sent", "pulumi up --replace")


def test_somebody_s_link_in_its_place(run, sent, tmp_path):
    (tmp_path / "secret").write_text("secret")
    sent.unlink()
    sent.symlink_to(tmp_path / "secret")
    run("check").failed("is gone")


def test_something_else_in_its_place(run, sent, installed, tmp_path):
    sent.write_bytes(b"made by another user")
    arrived = hashlib.sha256(b"made by another user").hexdigest()
    run("make").failed(f"{sent} is not what was sent: its sha256 is {arrived}", "--replace")
    assert not installed.exists()
    assert not sent.exists()
    assert state(tmp_path) == []


def test_another_architecture(run):
    run("check", architecture="arm64").failed(
        "this machine is amd64, the stack file takes it for arm64; set architecture: amd64"
    )


def test_fetched_once(release, tmp_path):
    target = tmp_path / "cache" / "etcd.tar.gz"
    with serving(tmp_path / "site") as server:
        url = f"{server.url}/{release.path.name}"
        fetch(url, release.sha256, target)
        fetch(url, release.sha256, target)
        assert server.asked == [(f"/{release.path.name}", None)]
    assert target.read_bytes() == release.path.read_bytes()


def test_fetched_by_two_at_once_is_fetched_once(release, tmp_path):
    target = tmp_path / "cache" / "etcd.tar.gz"
    with serving(tmp_path / "site") as server:
        url = f"{server.url}/{release.path.name}"
        both = [
            threading.Thread(target=fetch, args=(url, release.sha256, target)) for _ in range(2)
        ]
        for each in both:
            each.start()
        for each in both:
            each.join()
        assert len(server.asked) == 1


def test_a_file_url(release, tmp_path):
    fetch(release.path.as_uri(), release.sha256, tmp_path / "etcd.tar.gz")
    assert (tmp_path / "etcd.tar.gz").read_bytes() == release.path.read_bytes()


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(fetching, "PAUSES_S", (0.0, 0.0, 0.0))


def test_a_broken_transfer_is_continued(release, tmp_path, at_once):
    half = release.path.stat().st_size // 2
    with serving(tmp_path / "site") as server:
        server.breaks = 1
        fetch(f"{server.url}/{release.path.name}", release.sha256, tmp_path / "etcd.tar.gz")
        assert [begin for _, begin in server.asked] == [None, f"bytes={half}-"]


def test_an_earlier_call_s_beginning_is_continued(release, tmp_path, at_once):
    target = tmp_path / "etcd.tar.gz"
    with serving(tmp_path / "site") as server:
        server.breaks = 3
        url = f"{server.url}/{release.path.name}"
        with pytest.raises(FetchError, match="the connection broke after"):
            fetch(url, release.sha256, target)
        assert not target.exists()
        before = len(server.asked)
        fetch(url, release.sha256, target)
        assert server.asked[before][1] is not None
    assert target.read_bytes() == release.path.read_bytes()


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("left", [b"rubbish", b"r" * 10_000_000])
def test_a_beginning_of_something_else_is_given_up(release, tmp_path, at_once, ranges, left):
    target = tmp_path / "etcd.tar.gz"
    target.with_name("etcd.tar.gz.part").write_bytes(left)
    with serving(tmp_path / "site") as server:
        server.ranges = ranges
        fetch(f"{server.url}/{release.path.name}", release.sha256, target)
    assert target.read_bytes() == release.path.read_bytes()


def test_another_file_than_the_pinned_one(release, tmp_path, at_once):
    target = tmp_path / "cache" / "etcd.tar.gz"
    with serving(tmp_path / "site") as server:
        url = f"{server.url}/{release.path.name}"
        with pytest.raises(FetchError) as caught:
            fetch(url, WRONG, target)
        assert str(caught.value) == f"{url}: its sha256 is {release.sha256}, wanted is {WRONG}"
        assert len(server.asked) == 1
    assert [path.name for path in target.parent.iterdir()] == ["etcd.tar.gz.lock"]


def test_a_file_that_is_not_there(tmp_path, at_once):
    with (
        serving(tmp_path) as server,
        pytest.raises(FetchError, match=r"/none: HTTP Error 404: Not Found"),
    ):
        fetch(f"{server.url}/none", WRONG, tmp_path / "etcd.tar.gz")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "Remote end closed connection"),
        (b"HELLO\r\n\r\n", "its answer is no HTTP: 'HELLO'"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc", "many"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "IncompleteRead"),
    ],
)
def test_an_answer_that_is_no_file(answer, reason, tmp_path, at_once):
    with answering(answer) as url, pytest.raises(FetchError) as caught:
        fetch(url, WRONG, tmp_path / "etcd.tar.gz")
    assert f"{url}: " in str(caught.value)
    assert reason in str(caught.value)


def test_a_server_that_is_not_there(tmp_path, at_once):
    with pytest.raises(FetchError, match=r"http://127\.0\.0\.1:9/x: Connection refused"):
        fetch("http://127.0.0.1:9/x", WRONG, tmp_path / "etcd.tar.gz")
