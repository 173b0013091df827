"""A node that fetches the release archive itself, from a server on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab import releases
from lab.releases import Release, ReleaseServer, serving
from tests.node.machine import VERSION, Shell
from tests.support.commands import shell_with
from tests.support.preparation import INSTALLED, StepRun, run_step
from tests.support.usual import mostly_in_soak

pytestmark = pytest.mark.slow

NO_SUMS = {f"sha256_{name}": "" for name in ("amd64", "arm64", "ppc64le", "s390x")}
WRONG = "0" * 64


@dataclass
class Node:
    """A node of one test, and where its etcd comes from."""

    folder: Path
    shell: Shell
    server: ReleaseServer
    release: Release
    settings: dict[str, str]

    def run(self, action: str, **settings: str) -> StepRun:
        merged = {**self.settings, **settings}
        return run_step(self.shell, "install_release", action, merged, folder=self.folder)

    @property
    def installed(self) -> Path:
        return self.folder / "node" / "bin" / VERSION

    @property
    def partial(self) -> Path:
        return self.folder / "node" / "state" / f"etcd-{self.release.sha256}.tar.gz"

    def files(self) -> list[str]:
        root = self.folder / "node"
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


WHOLE = [f"bin/{VERSION}/{name}" for name in INSTALLED]


@pytest.fixture
def fetcher(shell: Shell) -> str:
    """What there is to fetch with."""
    return "curl" if shell.name == "dash" else "wget"


# wget is GNU's under dash and busybox's under busybox.
each_fetcher = pytest.mark.parametrize("fetcher", mostly_in_soak(["curl", "wget"], ["curl"]))


@pytest.fixture
def node(fetcher: str, shell: Shell, tmp_path: Path) -> Iterator[Node]:
    """Nothing is on it yet."""
    # Where there are both, curl it is.
    absent = ["curl"] if fetcher == "wget" and shell.name == "dash" else []
    fakes = {"uname": "echo x86_64"}
    if fetcher == "curl":
        fakes["curl"] = f'exec {shutil.which("curl")} "$@"'
    programs = releases.fake_programs(tmp_path / "programs", VERSION)
    release = releases.pack(programs, VERSION, "amd64", tmp_path / "site")
    (tmp_path / "node" / "state").mkdir(parents=True)
    with serving(tmp_path / "site") as server:
        settings = {
            "architecture": "",
            "tools_dir": "",
            "archive_url": server.template.replace("{version}", VERSION),
            **NO_SUMS,
            "sha256_amd64": release.sha256,
        }
        on_path = shell_with(shell, tmp_path / "path", fakes, without=absent)
        yield Node(tmp_path, on_path, server, release, settings)


def on_machine(node: Node, machine: str) -> Node:
    """The same node where `uname -m` says `machine`."""
    folder = node.folder / f"path-{machine}"
    node.shell = shell_with(node.shell, folder, {"uname": f"echo {machine}"})
    return node


@each_fetcher
def test_a_fresh_node(node):
    node.run("check").ok()
    assert node.files() == []
    done = node.run("make").ok()
    url = f"{node.server.url}/etcd-v{VERSION}-linux-amd64.tar.gz"
    assert done.output == f"etcd1: etcd {VERSION} installed from {url}\n"
    assert node.files() == WHOLE
    assert (node.installed / "origin").read_text() == f"{node.release.sha256}\n"
    for path in (node.installed, *(node.installed / name for name in ("etcd", "etcdctl"))):
        assert path.stat().st_mode & 0o777 == 0o755
        assert path.stat().st_uid != releases.PUBLISHER_UID


def test_a_second_run_does_nothing(node):
    node.run("make").ok()
    before = {path: path.stat().st_ctime_ns for path in node.installed.iterdir()}
    node.server.asked.clear()
    node.run("check").ok()
    assert node.run("make").ok().output == ""
    assert {path: path.stat().st_ctime_ns for path in before} == before
    assert node.server.asked == []


@each_fetcher
def test_a_beginning_that_an_earlier_run_left_is_continued(node):
    whole = node.release.path.read_bytes()
    node.partial.write_bytes(whole[:1000])
    node.run("make").ok()
    assert [wanted for _, wanted in node.server.asked] == ["bytes=1000-"]
    assert node.files() == WHOLE


@each_fetcher
def test_a_transfer_that_breaks_is_continued(node):
    node.server.breaks = 1
    node.run("make").ok()
    begins = [wanted for _, wanted in node.server.asked]
    half = len(node.release.path.read_bytes()) // 2
    assert begins[-1] == f"bytes={half}-"
    assert node.files() == WHOLE


@each_fetcher
def test_an_archive_that_arrived_is_not_fetched_again(node):
    node.partial.write_bytes(node.release.path.read_bytes())
    node.run("make").ok()
    assert node.server.asked == []
    assert node.files() == WHOLE


@each_fetcher
@pytest.mark.parametrize("left", [b"rubbish", b"r" * 10_000_000])
def test_a_beginning_of_something_else_is_given_up(node, left):
    node.partial.write_bytes(left)
    node.run("make").ok()
    assert node.files() == WHOLE


@each_fetcher
def test_a_server_that_cannot_continue(node):
    node.server.ranges = False
    node.partial.write_bytes(node.release.path.read_bytes()[:1000])
    node.run("make").ok()
    assert node.files() == WHOLE


@each_fetcher
def test_another_file_than_the_pinned_one(node):
    done = node.run("make", sha256_amd64=WRONG)
    url = f"{node.server.url}/etcd-v{VERSION}-linux-amd64.tar.gz"
    done.failed(
        f"error: etcd1: {url} is not the pinned file: its sha256 is {node.release.sha256}, "
        f"wanted is {WRONG}"
    )
    assert len(node.server.asked) == 1
    assert node.files() == []


@each_fetcher
@pytest.mark.slow
def test_a_file_that_is_not_there(node):
    node.release.path.unlink()
    done = node.run("make")
    done.failed("linux-amd64.tar.gz could not be fetched: ", "404")
    assert node.files() in ([], [f"state/{node.partial.name}"])
    assert not node.partial.exists() or node.partial.stat().st_size == 0


@each_fetcher
@pytest.mark.slow
def test_a_server_that_is_not_there(node):
    done = node.run("make", archive_url="http://127.0.0.1:9/{architecture}")
    done.failed("error: etcd1: http://127.0.0.1:9/amd64 could not be fetched: ", "onnect")


def test_the_architecture_is_the_node_s(node):
    programs = node.folder / "programs"
    arm = releases.pack(programs, VERSION, "arm64", node.folder / "site")
    on_machine(node, "aarch64").run("make", sha256_arm64=arm.sha256).ok()
    assert node.server.asked == [(f"/etcd-v{VERSION}-linux-arm64.tar.gz", None)]
    assert node.files() == WHOLE


@pytest.mark.parametrize("machine", ["armv7l", "i686", "riscv64"])
def test_an_unsupported_architecture(node, machine):
    done = on_machine(node, machine).run("check")
    done.failed(f"error: etcd1: unsupported architecture {machine}: etcd runs on amd64, arm64,")
    assert done.status == 1
    assert node.server.asked == []


def test_another_architecture_than_the_stack_file_s(node):
    node.run("check", architecture="arm64").failed(
        "this machine is amd64, the stack file takes it for arm64; set architecture: amd64"
    )


def test_no_checksum_for_this_architecture(node):
    on_machine(node, "s390x").run("check").failed(
        f"no sha256 of etcd {VERSION} for s390x is known; set install.sha256.s390x"
    )


def test_neither_curl_nor_wget(node):
    folder = node.folder / "none"
    node.shell = shell_with(node.shell, folder, {}, without=["curl", "wget"])
    node.run("check").failed("curl or wget is needed to fetch etcd; install one of them, or use")


def test_programs_of_another_version(node):
    programs = releases.fake_programs(node.folder / "others", "3.6.1")
    release = releases.pack(programs, VERSION, "amd64", node.folder / "site")
    done = node.run("make", sha256_amd64=release.sha256)
    done.failed(f"what was to be installed is etcd 3.6.1, the stack file asks for {VERSION}")
    assert not node.installed.parent.exists() or list(node.installed.parent.iterdir()) == []


def test_programs_that_do_not_run_here(node):
    programs = releases.fake_programs(node.folder / "others", VERSION)
    (programs / "etcd").write_bytes(b"\x7fELF for another machine")
    release = releases.pack(programs, VERSION, "amd64", node.folder / "site")
    done = node.run("make", sha256_amd64=release.sha256)
    done.failed("the etcd that was to be installed does not run on this machine (x86_64)")
    assert list(node.installed.parent.iterdir()) == []


def test_a_folder_of_somebody_else_stays(node):
    node.installed.mkdir(parents=True)
    (node.installed / "etcd").write_text("theirs")
    node.run("check").failed(
        f"{node.installed} was not made by this project; move it away, or use it"
    )


def test_a_half_made_folder_is_made_anew(node):
    half = node.installed.with_name(f"{VERSION}.new")
    half.mkdir(parents=True)
    (half / "etcd").write_text("half")
    node.run("make").ok()
    assert node.files() == WHOLE


def test_a_damaged_version_is_made_anew(node):
    node.run("make").ok()
    (node.installed / "etcd").write_text("")
    node.run("make").ok()
    assert (node.installed / "etcd").read_text() != ""
    assert node.files() == WHOLE


def test_removal_leaves_nothing(node):
    node.run("make").ok()
    node.partial.write_bytes(b"begun")
    node.run("remove").ok()
    assert node.files() == []
    assert not node.installed.parent.exists()
