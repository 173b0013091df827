"""The test hosts hold what other tests take for granted of them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.pool import Pool

# The lab's own tests: who uses it in other tests misses at once what is broken.
pytestmark = [pytest.mark.slow, pytest.mark.soak]


@pytest.fixture(scope="module")
def pair(hosts: Hosts) -> list[Host]:
    """Two systemd hosts."""
    return hosts.start("etcd1", "etcd2")


@pytest.fixture(scope="module")
def openrc(hosts: Hosts) -> Host:
    """An OpenRC host."""
    return hosts.start("etcd3", image="openrc")[0]


@pytest.fixture(scope="module")
def busybox(hosts: Hosts) -> Host:
    """An OpenRC host with nothing but busybox."""
    return hosts.start("etcd4", image="openrc", userland="busybox")[0]


@pytest.fixture(params=["systemd", "openrc", "busybox"])
def any_host(request: pytest.FixtureRequest) -> Host:
    """One of each kind."""
    if request.param == "systemd":
        pair: list[Host] = request.getfixturevalue("pair")
        return pair[0]
    host: Host = request.getfixturevalue(request.param)
    return host


def test_users_have_the_rights_that_tests_rely_on(any_host: Host) -> None:
    assert any_host.ssh("hostname").ok().stdout.strip() == any_host.name
    assert any_host.ssh("sudo -n id -u", user="admin").ok().stdout == "0\n"
    assert any_host.ssh("doas -n id -u", user="doer").ok().stdout == "0\n"
    for user, tool in (("doer", "sudo"), ("admin", "doas"), ("plain", "sudo"), ("plain", "doas")):
        assert any_host.ssh(f"{tool} -n id -u", user=user).status == 1, (user, tool)


def test_another_host_key_is_refused(
    any_host: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(any_host, "known_hosts", tmp_path / "known_hosts")
    other = any_host.login_key.with_suffix(".pub").read_text()
    any_host.known_hosts.write_text(f"{any_host.address} {other}")
    assert "verification failed" in any_host.ssh("true").stderr


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
    any_host.ssh("echo before >/var/before; sleep 300 >/dev/null 2>&1 &").ok()
    any_host.power_off()
    assert not any_host.answers()
    assert (any_host.files() / "var/before").read_text() == "before\n"
    any_host.power_on()
    any_host.wait_ready()
    assert any_host.ssh("cat /var/before").ok().stdout == "before\n"
    assert not [command for command, _ in any_host.processes() if "sleep 300" in command]


def reaches(host: Host, other: Host) -> bool:
    """Whether the other's SSH server speaks to the host."""
    return "SSH-" in host.inside(f"curl -sm 0.5 telnet://{other.address}:22 </dev/null").stdout


def test_a_partition_cuts_pairs_and_heals(hosts: Hosts, pair: list[Host], openrc: Host) -> None:
    one, two = pair
    assert reaches(one, two)
    hosts.partition(one, two)
    assert not reaches(one, two)
    assert not reaches(two, one)
    assert reaches(one, openrc)
    hosts.heal()
    wait_until_reached(one, two)


def test_a_partition_cuts_off_everybody_but_the_controller(
    hosts: Hosts, pair: list[Host], openrc: Host
) -> None:
    one, two = pair
    hosts.partition(one)
    one.power_off()
    one.power_on()
    one.wait_ready()
    assert not reaches(one, openrc)
    assert not reaches(two, one)
    hosts.partition(one, controller=True)
    assert not one.answers()
    hosts.heal()
    wait_until_reached(one, two)
    assert one.answers()


def wait_until_reached(host: Host, other: Host) -> None:
    """A peer that was cut off may be known as absent for a moment."""
    deadline = time.monotonic() + 10
    while not reaches(host, other):
        assert time.monotonic() < deadline, f"{host.name} does not reach {other.name}"


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


def test_busybox_is_all_there_is(busybox: Host) -> None:
    assert "BusyBox" in busybox.ssh("readlink -f /bin/sh; sed --help 2>&1").stdout
    for absent in ("bash", "systemctl", "useradd", "python3", "perl", "dpkg"):
        assert busybox.ssh(f"command -v {absent}").status != 0, absent


def test_busybox_accounts_are_made_as_on_alpine(busybox: Host) -> None:
    busybox.ssh(
        "addgroup -S -g 1501 etcd && adduser -S -D -H -h /var/lib/etcd -s /sbin/nologin -G etcd"
        " -u 1501 etcd"
    ).ok()
    assert busybox.ssh("id etcd").ok().stdout == "uid=1501(etcd) gid=1501(etcd) groups=1501(etcd)\n"


def test_a_filled_folder_takes_no_byte(any_host: Host) -> None:
    any_host.fill("/var/lib/etcd")
    assert "No space left" in any_host.ssh("echo more >/var/lib/etcd/more").stderr
    any_host.drain("/var/lib/etcd")
    any_host.ssh("echo more >/var/lib/etcd/more").ok()


def test_a_skewed_clock_is_off_for_everybody(any_host: Host) -> None:
    any_host.skew_clock(days=-2)
    for user, tool in (("root", ""), ("admin", "sudo"), ("doer", "doas")):
        seconds = int(any_host.ssh(f"{tool} date +%s", user=user).ok().stdout)
        assert abs(time.time() - 2 * 86400 - seconds) < 60
    any_host.skew_clock(days=0)
    assert abs(time.time() - int(any_host.ssh("date +%s").ok().stdout)) < 60


def test_what_runs_and_what_is_logged_is_seen(any_host: Host) -> None:
    any_host.ssh("CANARY=in-environment sleep 123 >/dev/null 2>&1 &").ok()
    deadline = time.monotonic() + 10
    while "sleep 123 " not in (running := dict(any_host.processes())):
        assert time.monotonic() < deadline, running  # the shell may not have become it yet
    assert "CANARY=in-environment" in running["sleep 123 "]
    any_host.ssh("sudo -n echo canary-of-sudo", user="admin").ok()
    assert "canary-of-sudo" in any_host.journal()


def test_a_host_that_powers_itself_off_is_off(any_host: Host) -> None:
    any_host.ssh("poweroff")
    deadline = time.monotonic() + 30
    while any_host.is_on():
        assert time.monotonic() < deadline, any_host.console()
        time.sleep(0.05)
    any_host.power_on()
    any_host.wait_ready()


SERVICE = """#!/sbin/openrc-run
supervisor=supervise-daemon
command=/bin/sleep
command_args=4321
pidfile=/run/nap.pid
"""


@pytest.mark.parametrize("kind", ["openrc", "busybox"])
def test_openrc_brings_a_supervised_service_back(kind: str, request: pytest.FixtureRequest) -> None:
    host: Host = request.getfixturevalue(kind)
    host.ssh("cat >/etc/init.d/nap && chmod 755 /etc/init.d/nap", stdin=SERVICE).ok()
    host.ssh("rc-update add nap boot && rc-service nap start").ok()
    host.reboot()
    assert "started" in host.ssh("rc-service nap status").ok().stdout
    assert any(command == "/bin/sleep 4321 " for command, _ in host.processes())


def test_an_arm64_host_is_one(hosts: Hosts) -> None:
    (host,) = hosts.start("pi1", image="openrc-arm64")
    assert host.ssh("uname -m").ok().stdout == "aarch64\n"


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
