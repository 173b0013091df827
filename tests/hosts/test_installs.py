"""etcd gets onto real machines: fetched from a server, sent over SSH, out of apt's packages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lab.debs import make_repository
from lab.hosts.host import Host, Result
from lab.hosts.hosts import Hosts
from lab.releases import Release, ReleaseServer, real_release, serving
from tests.hosts.step_on_host import put_scripts, run_step_on_host
from toolchain.layout import Layout

pytestmark = pytest.mark.slow

VERSION = "3.6.16"
BINARIES = Path(f"/opt/etcd/{VERSION}")
SETTINGS = {
    "name": "etcd1",
    "version": VERSION,
    "architecture": "",
    "config_dir": "/etc/etcd",
    "bin_dir": "/opt/etcd",
    "state_dir": "/var/lib/etcd-cluster",
    "tools_dir": "/usr/local/bin",
    "packaged_dir": "/usr/bin",
}


@pytest.fixture(scope="module")
def machines(hosts: Hosts) -> dict[str, Host]:
    """Debian with systemd, and OpenRC with nothing but busybox; the scripts are on both."""
    made = {
        "debian": hosts.start("i-debian")[0],
        "busybox": hosts.start("i-busybox", image="openrc", userland="busybox")[0],
    }
    for host in made.values():
        put_scripts(host)
    return made


@pytest.fixture(params=["debian", "busybox"])
def host(request: pytest.FixtureRequest, machines: dict[str, Host]) -> Host:
    """One of each kind, without any etcd."""
    return without_etcd(machines[request.param])


@pytest.fixture
def debian(machines: dict[str, Host]) -> Host:
    """The one with apt, without any etcd."""
    return without_etcd(machines["debian"])


def without_etcd(host: Host) -> Host:
    host.inside("rm -rf /opt/etcd /usr/local/bin/etcd* /var/lib/etcd-cluster").ok()
    host.inside("mkdir -p -m 700 /var/lib/etcd-cluster").ok()
    return host


def run(host: Host, step: str, action: str, settings: Mapping[str, str]) -> Result:
    return run_step_on_host(host, step, action, {**SETTINGS, **settings})


@pytest.fixture(scope="module")
def release() -> Release:
    return real_release(VERSION)


@pytest.fixture
def server(hosts: Hosts, release: Release) -> Iterator[ReleaseServer]:
    """This machine, as the hosts see it."""
    with serving(release.path.parent, hosts.network.controller) as served:
        yield served


def archive(server: ReleaseServer, release: Release) -> dict[str, str]:
    sums = {f"sha256_{name}": "" for name in ("arm64", "ppc64le", "s390x")}
    url = server.template.replace("{version}", VERSION)
    return {"archive_url": url, **sums, "sha256_amd64": release.sha256}


@pytest.mark.soak
def test_a_release_over_the_network(host: Host, server: ReleaseServer, release: Release) -> None:
    settings = archive(server, release)
    run(host, "install_release", "check", settings).ok()
    server.breaks = 1
    run(host, "install_release", "make", settings).ok()
    assert server.asked[-1][1] is not None, "the broken transfer was not continued"
    assert f"etcd Version: {VERSION}\n" in host.inside(f"{BINARIES}/etcd --version").ok().stdout
    listed = host.inside(f"stat -c '%U %a %n' {BINARIES} {BINARIES}/etcd*").ok().stdout
    assert [line.split()[:2] for line in listed.splitlines()] == [["root", "755"]] * 4
    assert host.inside("readlink /usr/local/bin/etcdctl").ok().stdout == "/etc/etcd/bin/etcdctl\n"
    assert host.inside("ls -A /var/lib/etcd-cluster").ok().stdout == ""
    server.asked.clear()
    run(host, "install_release", "check", settings).ok()
    assert run(host, "install_release", "make", settings).ok().stdout == ""
    assert server.asked == []


@pytest.mark.soak
def test_a_full_disk_takes_no_half_version(
    host: Host, server: ReleaseServer, release: Release
) -> None:
    host.fill("/opt/etcd")
    try:
        done = run(host, "install_release", "make", archive(server, release))
        assert "error: etcd1: " in done.stderr, done
        assert done.status != 0
        assert host.inside("ls /opt/etcd").ok().stdout == "full\n"
    finally:
        host.drain("/opt/etcd")
    server.asked.clear()
    run(host, "install_release", "make", archive(server, release)).ok()
    assert server.asked == [], "the archive was there already"


@pytest.mark.soak
def test_an_archive_that_a_plain_user_sends(host: Host, release: Release) -> None:
    sent = f"/var/tmp/etcd-cluster-{release.sha256}.tar.gz"
    settings = {"architecture": "amd64", "sha256": release.sha256, "sent": sent}
    assert "is gone" in run(host, "install_push", "check", settings).stderr
    host.ssh(f"cat >{sent}", user="plain", stdin=release.path.read_bytes()).ok()
    run(host, "install_push", "check", settings).ok()
    run(host, "install_push", "make", settings).ok()
    assert f"etcd Version: {VERSION}\n" in host.inside(f"{BINARIES}/etcd --version").ok().stdout
    assert host.inside(f"ls {sent}").status != 0
    assert host.inside("ls -A /var/lib/etcd-cluster").ok().stdout == ""
    run(host, "install_push", "check", settings).ok()


@pytest.fixture
def apt(debian: Host, tmp_path: Path) -> Host:
    """The Debian host, whose apt knows one repository with two versions."""
    layout = Layout(Path(__file__).resolve().parents[2])
    versions = {
        "3.5.35-1": layout.etcd("3.5.35"),
        f"{VERSION}-1": layout.etcd(VERSION),
    }
    make_repository(tmp_path / "repository", versions)
    shutil.copytree(tmp_path / "repository", debian.files() / "srv/repository", dirs_exist_ok=True)
    sources = debian.files() / "etc/apt/sources.list"
    sources.write_text("deb [trusted=yes] file:/srv/repository ./\n")
    return debian


@pytest.mark.soak
def test_a_package_whose_service_stays_off(apt: Host) -> None:
    run(apt, "install_package", "check", {}).ok()
    refused = run(apt, "install_package", "make", {"version": "3.6.10"})
    assert "have etcd 3.6.16-1, 3.5.35-1, the stack file asks for 3.6.10;" in refused.stderr
    assert apt.inside("dpkg -s etcd-server").status != 0
    run(apt, "install_package", "make", {"version": "3.5.35"}).ok()
    assert apt.inside("ls /var/lib/etcd-server.installed").ok(), "its postinst did not run"
    assert apt.inside("systemctl is-active etcd").stdout == "inactive\n"
    assert apt.inside("systemctl is-enabled etcd").stdout == "disabled\n"
    assert apt.inside("journalctl -q -u etcd -o cat").stdout == ""
    assert apt.inside("ls /usr/sbin/policy-rc.d").status != 0


@pytest.mark.soak
def test_another_version_of_a_package_leaves_the_running_member_alone(apt: Host) -> None:
    run(apt, "install_package", "make", {"version": "3.5.35"}).ok()
    running = "mkdir -p /etc/etcd/current && ln -s /opt/etcd/3.5.35 /etc/etcd/current/bin"
    apt.inside(f"{running} && systemctl start etcd").ok()
    pid = apt.inside("systemctl show -p MainPID --value etcd").ok().stdout
    try:
        run(apt, "install_package", "make", {}).ok()
        assert apt.inside("systemctl show -p MainPID --value etcd").ok().stdout == pid != "0\n"
        for version in ("3.5.35", VERSION):
            told = apt.inside(f"/opt/etcd/{version}/etcd --version").ok().stdout
            assert f"etcd Version: {version}\n" in told
    finally:
        apt.inside("systemctl stop etcd; rm -rf /etc/etcd")
