"""The test hosts hold what other tests take for granted of them, and would not miss."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.pool import Pool

pytestmark = [pytest.mark.slow, pytest.mark.soak]


KINDS: dict[str, dict[str, str]] = {
    "systemd": {},
    "openrc": {"image": "openrc"},
    "busybox": {"image": "openrc", "userland": "busybox"},
}


@pytest.fixture(scope="module", params=KINDS)
def any_host(request: pytest.FixtureRequest, hosts: Hosts) -> Host:
    """One of each kind."""
    return hosts.start(request.param, **KINDS[request.param])[0]


def test_logins_are_counted_and_looking_inside_is_none(any_host: Host) -> None:
    before = any_host.sessions()
    assert any_host.ssh("cat", stdin="through").ok().stdout == "through"
    assert any_host.inside("id -u").ok().stdout == "0\n"
    assert any_host.sessions() == before + 1


def test_a_reboot_starts_all_anew_on_the_same_disk(any_host: Host) -> None:
    any_host.ssh("echo kept >/var/kept; echo gone >/run/gone").ok()
    count = any_host.sessions()
    any_host.reboot()
    assert any_host.ssh("cat /var/kept; test ! -e /run/gone").ok().stdout == "kept\n"
    assert any_host.sessions() == count + 1


def test_a_hard_power_off_keeps_the_disk(any_host: Host) -> None:
    any_host.ssh("echo before >/var/before").ok()
    any_host.power_off()
    assert not any_host.answers()
    assert (any_host.files() / "var/before").read_text() == "before\n"
    any_host.power_on()
    any_host.wait_ready()
    assert any_host.ssh("cat /var/before").ok().stdout == "before\n"


def test_a_wiped_host_is_another_machine(hosts: Hosts) -> None:
    (host,) = hosts.start("etcd5")
    key, identity = host.host_key, host.ssh("cat /etc/machine-id").ok().stdout
    host.ssh("echo old >/var/old").ok()
    host.wipe()
    host.power_on()
    host.wait_ready()
    assert host.host_key != key
    assert host.sessions() == 0
    assert host.ssh("test ! -e /var/old; cat /etc/machine-id").ok().stdout != identity
    hosts.give_back(host)
    assert not host.answers()


def test_busybox_is_all_there_is(hosts: Hosts) -> None:
    (busybox,) = hosts.start("bare", **KINDS["busybox"])
    assert "BusyBox" in busybox.ssh("readlink -f /bin/sh; sed --help 2>&1").stdout
    for absent in ("bash", "systemctl", "useradd", "python3", "perl", "dpkg"):
        assert busybox.ssh(f"command -v {absent}").status != 0, absent


def test_nothing_is_left_of_a_run(tmp_path: Path) -> None:
    with Pool(tmp_path) as gone:
        (host,) = Hosts(gone).start("etcd1")
        bridge = Path("/sys/class/net") / gone.network.bridge
        group = host._group
        assert bridge.exists()
        assert group.exists()
    assert not bridge.exists()
    assert not group.exists()
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys, time
from pathlib import Path
from lab.hosts.hosts import Hosts
from lab.hosts.pool import Pool
pool = Pool(Path(sys.argv[1]))
Hosts(pool).start("etcd1")
print(pool.network.bridge, flush=True)
time.sleep(60)
"""


def test_nothing_is_left_of_a_run_that_was_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        bridge = Path("/sys/class/net") / run.stdout.readline().strip()
        assert bridge.exists()
        run.kill()
    deadline = time.monotonic() + 30
    while bridge.exists() or list(tmp_path.iterdir()):
        assert time.monotonic() < deadline, f"{bridge}, {list(tmp_path.iterdir())}"
        time.sleep(0.05)
