"""What a node is told about its binaries, and what the engine is asked to send there."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pytest
from pulumi import ResourceOptions
from pulumi.runtime import mocks

from components.machine.installs.push import CACHE, push_copy
from components.machine.preparation.install import step
from components.member.member import Member, members_of
from components.member.transports.ssh import connection
from components.spec import SpecError, load
from lab import releases
from lab.releases import Release, serving
from tests.node.stack_files import first_member

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKUqsR1mU+nwtHDAXLzuSYxWQFrp/GrlCo9DIW9AHLLT"
VERSION = "3.6.16"
A, B = "a" * 64, "b" * 64


def member(project: Path = Path("/srv/project"), version: str = VERSION, **node: object) -> Member:
    """A machine reached over SSH."""
    stack = {
        "name": "t",
        "version": version,
        "ssh": {"agent": True},
        "nodes": {"etcd1": {"address": "10.0.0.1", "host_key": HOST_KEY, **node}},
    }
    return members_of(load(stack), project)[0]


def test_release_is_the_way_over_ssh():
    found = step(member(version="3.6.14"))
    assert found.name == "install_release"
    url = "/etcd-v3.6.14-linux-{architecture}.tar.gz"
    assert found.settings["archive_url"].endswith(url)
    assert found.settings["architecture"] == ""
    assert found.settings["tools_dir"] == "/usr/local/bin"
    assert found.settings["sha256_s390x"] == ""
    assert len(found.settings["sha256_arm64"]) == 64
    assert found.facts["install"] == "release"
    assert found.facts["sha256_amd64"] == found.settings["sha256_amd64"]
    assert "sha256_s390x" not in found.facts


def test_a_mirror_and_a_checksum_of_one_s_own():
    install = {"url": "https://mirror/{version}/{architecture}.tgz", "sha256": {"s390x": A}}
    found = step(member(install=install, architecture="s390x"))
    assert found.settings["archive_url"] == "https://mirror/3.6.16/{architecture}.tgz"
    assert found.settings["sha256_s390x"] == A
    assert found.settings["architecture"] == "s390x"


@pytest.mark.parametrize("method", ["release", "push"])
def test_a_version_without_any_known_checksum_gets_no_further_than_the_spec(method):
    with pytest.raises(SpecError, match=r"etcd-v3\.6\.99-linux-amd64"):
        member(version="3.6.99", install={"method": method})


def test_push_takes_the_node_s_architecture():
    install = {"method": "push", "sha256": {"amd64": A, "arm64": B}}
    assert step(member(install=install)).settings["sha256"] == A
    found = step(member(install=install, architecture="arm64"))
    assert found.settings["sent"] == f"/var/tmp/etcd-cluster-{B}.tar.gz"
    assert found.settings["architecture"] == "arm64"
    assert found.facts["archive"].endswith("linux-arm64.tar.gz")


def test_package_and_preinstalled():
    assert step(member(install={"method": "package"})).settings["packaged_dir"] == "/usr/bin"
    found = step(member(install={"method": "preinstalled", "directory": "/srv/etcd"}))
    assert found.settings["binaries"] == "/srv/etcd/3.6.16"
    local = step(first_member())
    assert local.settings["binaries"] == "/srv/project/.toolchain/etcd/3.6.16"
    assert local.settings["tools_dir"] == ""


class Recorder(mocks.Mocks):
    """Keeps what is asked for."""

    def __init__(self) -> None:
        self.asked: list[mocks.MockResourceArgs] = []

    def new_resource(self, args):
        self.asked.append(args)
        return args.name, args.inputs

    def call(self, args):
        raise AssertionError(args.token)


@pytest.fixture
def release(tmp_path: Path) -> Release:
    programs = releases.fake_programs(tmp_path / "programs", VERSION)
    return releases.pack(programs, VERSION, "amd64", tmp_path / "site")


def copies(*members: Member) -> list[mocks.MockResourceArgs]:
    """What the engine is asked to copy to these members."""
    recorder = Recorder()
    mocks.set_mocks(recorder)

    @pulumi.runtime.test
    def send():
        for each in members:
            push_copy("t-binaries", each, connection(each.node), ResourceOptions())

    send()
    return recorder.asked


def test_an_archive_is_fetched_once_and_copied_to_each(tmp_path, release):
    with serving(tmp_path / "site") as server:
        install = {
            "method": "push",
            "url": server.template,
            "sha256": {"amd64": release.sha256},
        }
        members = (member(tmp_path, install=install, address=f"10.0.0.{n}") for n in (1, 2))
        # The engine is asked for both at once.
        one, two = sorted(copies(*members), key=lambda asked: asked.inputs["triggers"])
        assert len(server.asked) == 1
    assert (one.typ, one.name) == ("command:remote:CopyToRemote", "t-binaries")
    assert one.inputs["remotePath"] == f"/var/tmp/etcd-cluster-{release.sha256}.tar.gz"
    assert one.inputs["triggers"] == ["10.0.0.1", HOST_KEY, release.sha256]
    assert two.inputs["triggers"] == ["10.0.0.2", HOST_KEY, release.sha256]
    source = Path(one.inputs["source"].path)
    assert source.parent == tmp_path / CACHE
    assert source.read_bytes() == release.path.read_bytes()


def test_other_methods_copy_nothing():
    assert copies(member(version="3.6.14"), member(install={"method": "package"})) == []


@pytest.mark.slow
def test_an_archive_that_cannot_be_had_ends_the_run(tmp_path):
    install = {"method": "push", "url": (tmp_path / "none").as_uri(), "sha256": {"amd64": A}}
    with pytest.raises(pulumi.RunError, match=r"archive could not be fetched: file://.*none: "):
        copies(member(tmp_path, install=install))
