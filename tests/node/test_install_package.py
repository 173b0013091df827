"""The distribution's package, by stand-ins of the package managers that this machine has not. What
apt-get does is in tests/hosts."""

from __future__ import annotations

import pytest

from lab import releases
from tests.node.machine import VERSION
from tests.support.commands import shell_with
from tests.support.preparation import INSTALLED, run_step

pytestmark = pytest.mark.slow

# Each lists versions as the real one prints them; what it is called with is noted.
LISTS = {
    "dnf": "Available Packages\netcd.x86_64  3.5.16-1.fc41  fedora\netcd.x86_64  {}-2.fc41  fedora",
    "yum": "Available Packages\netcd.x86_64   3.5.16-1.el9   epel\netcd.x86_64  {}-2.el9  epel",
    "apk": "etcd policy:\n  3.5.16-r0:\n    lib/apk/db/installed\n  {}-r1:\n    @edge http://x",
}
INSTALLS = {
    "dnf": f"install etcd-{VERSION}-2.fc41",
    "yum": f"install etcd-{VERSION}-2.el9",
    "apk": f"add etcd={VERSION}-r1 etcd-ctl={VERSION}-r1",
}
FAKE = """\
echo "{name} $*" >>{log}
case " $* " in
  *" list "* | *" policy "*) printf '%s\\n' '{listed}' ;;
  *" install "* | *" add "*) mkdir -p {target} && cp {packed}/* {target} ;;
esac"""


@pytest.fixture
def log(tmp_path):
    return tmp_path / "called"


@pytest.fixture
def start(shell, tmp_path, log):
    """Runs the step on a machine with that package manager and no other."""

    def start(manager, *, offered=VERSION, packed=VERSION):
        releases.fake_programs(tmp_path / "packed", packed)
        body = FAKE.format(
            name=manager,
            log=log,
            listed=LISTS.get(manager, "").format(offered),
            packed=tmp_path / "packed",
            target=tmp_path / "usr-bin",
        )
        fakes = {"uname": "echo x86_64", **({manager: body} if manager else {})}
        without = {"apt-get", "dnf", "yum", "apk"} - {manager}
        on_path = shell_with(shell, tmp_path / "path", fakes, without=without)
        settings = {
            "architecture": "",
            "tools_dir": "",
            "packaged_dir": str(tmp_path / "usr-bin"),
        }
        return lambda action: run_step(
            on_path, "install_package", action, settings, folder=tmp_path
        )

    return start


@pytest.mark.parametrize("manager", ["dnf", "yum", "apk"])
def test_the_version_of_the_stack_file_is_installed(start, log, tmp_path, manager):
    run = start(manager)
    run("check").ok()
    assert not log.exists(), "a check touches nothing"
    assert run("make").ok().output == f"etcd1: etcd {VERSION} installed from its package\n"
    assert log.read_text().splitlines()[-1].endswith(INSTALLS[manager])
    installed = tmp_path / "node" / "bin" / VERSION
    assert sorted(p.name for p in installed.iterdir()) == [*INSTALLED]
    assert not (installed / "etcd").samefile(tmp_path / "usr-bin" / "etcd")


@pytest.mark.parametrize("manager", ["dnf", "yum"])
def test_rpm_scripts_which_could_restart_etcd_are_left_out(start, log, manager):
    start(manager)("make").ok()
    assert "--setopt=tsflags=noscripts install" in log.read_text()


def test_a_second_run_asks_nobody(start, log):
    run = start("apk")
    run("make").ok()
    log.unlink()
    run("check").ok()
    assert run("make").ok().output == ""
    assert not log.exists()


def test_an_installed_package_is_enough(start, log, tmp_path):
    releases.fake_programs(tmp_path / "usr-bin", VERSION)
    run = start("")
    run("check").ok()
    run("make").ok()
    assert (tmp_path / "node" / "bin" / VERSION / "etcdctl").exists()


def test_a_package_without_etcdutl(start, tmp_path):
    releases.fake_programs(tmp_path / "usr-bin", VERSION)
    (tmp_path / "usr-bin" / "etcdutl").unlink()
    start("")("make").ok()
    assert not (tmp_path / "node" / "bin" / VERSION / "etcdutl").exists()


@pytest.mark.parametrize("manager", ["dnf", "yum", "apk"])
def test_another_version_is_not_installed(start, log, tmp_path, manager):
    start(manager, offered="3.6.160")("make").failed(
        "the package repositories of this machine have etcd 3.5.16-",
        "3.6.160-",
        f"the stack file asks for {VERSION}; set version to one of these, or use install.method",
    )
    assert not (tmp_path / "usr-bin").exists()


def test_repositories_without_etcd(start, log):
    releases_of = start("apk", offered="")
    log.parent.joinpath("path", "apk").write_text("#!/bin/sh\n")
    releases_of("make").failed("no package repository of this machine has etcd; use install.method")


def test_no_package_manager(start):
    start("")("check").failed("none of apt-get, dnf, yum and apk is on this machine; use install")


def test_a_package_that_holds_another_version(start, tmp_path):
    start("apk", packed="3.6.1")("make").failed(
        f"what was to be installed is etcd 3.6.1, the stack file asks for {VERSION}"
    )
    assert list((tmp_path / "node" / "bin").iterdir()) == []
