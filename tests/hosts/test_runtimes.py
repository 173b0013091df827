"""Members under the init systems of real hosts. Each test takes a running member as it finds it."""

from __future__ import annotations

import re
import shutil
from typing import Any

import pytest

from lab.hosts.hosts import Hosts
from lab.hosts.machine import until
from tests.hosts.member_on_host import REPOSITORY, VERSION, MemberOnHost
from tests.support.usual import mostly_in_soak
from toolchain.layout import Layout

pytestmark = pytest.mark.slow

KINDS: dict[str, dict[str, str]] = {
    "systemd": {"image": "systemd"},
    "openrc": {"image": "openrc"},
    "busybox": {"image": "openrc", "userland": "busybox"},
}
# Where Debian's tools might make another difference than busybox's.
ALL_KINDS = pytest.mark.parametrize(
    "member", mostly_in_soak(KINDS, {"systemd", "busybox"}), indirect=True
)
REFUSED: dict[str, Any] = {
    "flags": {"cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "NOPE"]}
}
ETCDS_WORDS = 'unexpected TLS cipher suite "NOPE"'
REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "a cipher that there is not": (REFUSED, ETCDS_WORDS),
    "ciphers of 1.2 with 1.3 alone": (
        {"flags": {**REFUSED["flags"], "tls-min-version": "TLS1.3"}},
        "cipher suites cannot be configured when only TLS1.3 is enabled",
    ),
    "a list of revoked certificates that there is not": (
        {"flags": {"client-crl-file": "/nonexistent"}},
        "rejected connection on client endpoint: open /nonexistent: no such file or directory",
    ),
    "memory that it may not lock": (
        {"flags": {"memory-mlock": True}},
        "failed to open database: mlock error: ",
    ),
    "a log where etcd may not write": ({"flags": {"log-outputs": ["/srv/own.log"]}}, "open sink"),
}
# systemd 252's own figure for the unit, from 0 (nothing exposed) to 10.
EXPOSURE = 1.3
NOBODY = "https://198.18.255.1:2380"


@pytest.fixture(scope="module")
def made(hosts: Hosts) -> dict[str, MemberOnHost]:
    """The members made so far."""
    return {}


def member_of(kind: str, hosts: Hosts, made: dict[str, MemberOnHost]) -> MemberOnHost:
    """It runs, and is healthy."""
    if kind not in made:
        (host,) = hosts.start(kind, **KINDS[kind])
        made[kind] = MemberOnHost(host, KINDS[kind]["image"])
    member = made[kind]
    member.prepare()
    member.apply("create").ok()
    return member


@pytest.fixture(params=["systemd", "busybox"])
def member(
    request: pytest.FixtureRequest, hosts: Hosts, made: dict[str, MemberOnHost]
) -> MemberOnHost:
    return member_of(request.param, hosts, made)


@pytest.fixture
def systemd(hosts: Hosts, made: dict[str, MemberOnHost]) -> MemberOnHost:
    return member_of("systemd", hosts, made)


@pytest.fixture
def busybox(hosts: Hosts, made: dict[str, MemberOnHost]) -> MemberOnHost:
    return member_of("busybox", hosts, made)


@pytest.mark.soak
@pytest.mark.parametrize("what", REFUSALS)
def test_what_is_refused_beside_it_restarts_nobody(member: MemberOnHost, what: str) -> None:
    before = member.wait_healthy()
    settings, words = REFUSALS[what]
    refused = member.rehearse(**settings)
    assert refused.status == 1
    assert words in refused.stderr
    assert "no member was restarted" in refused.stderr
    assert member.pid() == before
    left = "ls -d /etc/etcd/rehearsal /var/lib/etcd/data.rehearsal /run/systemd/system/etcd-*"
    assert member.host.inside(left).stdout == ""


@pytest.mark.soak
def test_a_log_of_its_own_in_the_logs_folder_is_taken(member: MemberOnHost) -> None:
    member.wait_healthy()
    taken = member.rehearse(flags={"log-outputs": ["/var/log/etcd/own.log"]}).ok()
    assert taken.stdout == "etcd1: etcd starts with the new configuration\n"


@pytest.mark.soak
def test_a_program_that_was_replaced_is_not_started(member: MemberOnHost) -> None:
    before = member.wait_healthy()
    program = f"/opt/etcd/{VERSION}/etcd"
    other = f"printf '#!/bin/sh\\nexit 7\\n' >{program} && chmod 755 {program}"
    member.host.inside(f"mv {program} {program}.away && {other}").ok()
    try:
        refused = member.rehearse(flags={"max-txn-ops": 256})
    finally:
        member.host.inside(f"mv {program}.away {program}").ok()
    assert re.search("ended with exit code 7|exited, code=exited, status=7", refused.stderr)
    assert member.pid() == before


@pytest.mark.soak
def test_it_runs_as_its_user_and_again_changes_nothing(member: MemberOnHost) -> None:
    before = member.wait_healthy()
    assert member.apply().ok().stdout == "etcd1: unchanged\n"
    assert member.pid() == before
    status = member.host.inside(f"cat /proc/{before}/status").ok().stdout
    user = member.host.inside("id -u etcd").ok().stdout.strip()
    assert re.search(rf"^Uid:\s+{user}\s+{user}\s+{user}", status, re.MULTILINE)
    assert re.search(r"^Umask:\s+0077", status, re.MULTILINE)
    assert "ETCD_NAME=etcd1" in member.host.inside(f"cat /proc/{before}/environ").stdout


@pytest.mark.soak
@pytest.mark.promise("refused-start-taken-back", "hosts")
def test_what_etcd_refuses_is_said_in_its_words(member: MemberOnHost) -> None:
    refused = member.apply(**REFUSED)
    assert refused.status != 0
    assert "runs again on its former files: " in refused.stderr
    assert ETCDS_WORDS in refused.stderr
    assert member.is_healthy()


@pytest.mark.soak
def test_a_crash_is_mended_without_us(member: MemberOnHost) -> None:
    before = member.wait_healthy()
    member.host.inside(f"kill -KILL {before}").ok()
    member.wait_healthy(not_as=before)


@pytest.mark.soak
@ALL_KINDS
def test_it_comes_back_with_its_machine(member: MemberOnHost) -> None:
    member.host.reboot()
    member.wait_healthy()
    assert member.apply().ok().stdout == "etcd1: unchanged\n"


@pytest.mark.soak
def test_what_is_stopped_stays_so(member: MemberOnHost) -> None:
    assert "data kept in /var/lib/etcd/data.retired-" in member.retire().ok().stderr
    assert member.pid() == 0
    services = "/etc/systemd/system /etc/init.d /etc/conf.d /etc/runlevels /etc/logrotate.d /run"
    assert member.host.inside(f"find {services} -name '*etcd*' 2>/dev/null").stdout == ""
    member.retire().ok()


@pytest.mark.soak
def test_one_that_keeps_failing_is_thrown_away_at_once(member: MemberOnHost) -> None:
    member.host.inside("rm -f /etc/etcd/pki/ca.pem; kill -KILL $(pidof etcd)").ok()
    member.retire(throwaway=True, on_destroy="wipe").ok()
    assert member.pid() == 0
    assert member.host.inside("pidof supervise-daemon").stdout == ""


@pytest.mark.soak
def test_a_first_start_that_is_refused_says_why(member: MemberOnHost) -> None:
    member.retire().ok()
    member.prepare()
    assert ETCDS_WORDS in member.apply("create", **REFUSED).stderr


LOST = "a member never starts empty under its old identity"
# Stops and starts of the service alone, as at a boot, and what it said.
SERVICE = {
    "systemd": ("systemctl {} --no-block etcd", "journalctl --quiet --output cat --unit etcd"),
    "openrc": ("rc-service etcd {}", "cat /var/log/etcd/etcd.log"),
}


@pytest.mark.parametrize("started_by", ["service", pytest.param("crash", marks=pytest.mark.soak)])
@pytest.mark.promise("never-founded-twice", "hosts")
def test_its_service_never_starts_it_empty(member: MemberOnHost, started_by: str) -> None:
    before = member.wait_healthy()
    service, log = SERVICE["systemd" if member.host.name == "systemd" else "openrc"]
    data = "/var/lib/etcd/data/member"
    said_before = member.host.inside(log).stdout.count(LOST)
    if started_by == "service":
        member.host.inside(service.format("stop"))
        until(lambda: member.pid() == 0, 30, lambda: "etcd does not stop")
        member.host.inside(f"mv {data} /var/lib/etcd/away").ok()
        member.host.inside(service.format("start"))
    else:
        member.host.inside(f"mv {data} /var/lib/etcd/away; kill -KILL {before}").ok()
    until(
        lambda: member.host.inside(log).stdout.count(LOST) > said_before,
        30,
        lambda: member.host.inside(log).stdout[-2000:],
    )
    assert member.host.inside(f"ls {data}").status != 0
    assert LOST in member.apply().stderr
    member.host.inside(f"mv /var/lib/etcd/away {data}").ok()
    member.host.inside(service.format("restart"))
    member.wait_healthy(not_as=before)


FOREIGN = "/usr/local/etcd/foreign"
FOREIGN_FLAGS = (
    "--data-dir /var/lib/etcd/old.etcd"
    " --listen-client-urls http://0.0.0.0:2379 --advertise-client-urls http://127.0.0.1:2379"
)
FOREIGN_SERVICE = {
    "systemd": (
        "/etc/systemd/system/etcd.service",
        f"[Service]\nExecStart={FOREIGN}/etcd {FOREIGN_FLAGS}\n",
        "systemctl daemon-reload && systemctl start etcd",
        "systemctl stop etcd; rm /etc/systemd/system/etcd.service; systemctl daemon-reload",
    ),
    "openrc": (
        "/etc/init.d/etcd",
        f"#!/sbin/openrc-run\ncommand={FOREIGN}/etcd\n"
        f'command_args="{FOREIGN_FLAGS}"\n'
        "command_background=true\npidfile=/run/foreign.pid\n",
        "chmod 755 /etc/init.d/etcd && rc-service etcd start",
        "rc-service etcd stop; rm /etc/init.d/etcd",
    ),
}


@pytest.mark.soak
def test_a_foreign_etcd_of_that_name_is_left_alone(member: MemberOnHost) -> None:
    member.retire(throwaway=True, on_destroy="wipe").ok()
    kind = "systemd" if member.host.name == "systemd" else "openrc"
    path, text, start, remove = FOREIGN_SERVICE[kind]
    binary = member.host.files() / FOREIGN.lstrip("/")
    shutil.copytree(Layout(REPOSITORY).home / "etcd" / VERSION, binary, dirs_exist_ok=True)
    (member.host.files() / path.lstrip("/")).write_text(text)
    member.host.inside(start).ok()
    try:
        until(lambda: member.pid() != 0, 30, lambda: "the foreign etcd does not start")
        before = member.pid()
        told = member.look()
        assert told.status != 0
        assert f"{path} is the service of an etcd that is not this member's" in told.stderr
        assert ":2379 is already taken by another program" in told.stderr
        member.retire(throwaway=True, on_destroy="wipe").ok()
        assert member.pid() == before
        assert (member.host.files() / path.lstrip("/")).read_text() == text
    finally:
        member.host.inside(remove).ok()


@pytest.mark.soak
def test_a_founder_runs_while_it_waits_for_the_others(systemd: MemberOnHost) -> None:
    systemd.retire().ok()
    elsewhere = MemberOnHost(systemd.host, "systemd", paths={"data": "/home/etcd/data"})
    elsewhere.prepare()
    try:
        assert elsewhere.apply("create", founders=(NOBODY,)).ok().stdout == "etcd1: started\n"
        state = elsewhere.host.inside("systemctl is-active etcd").stdout.strip()
        assert (state, elsewhere.pid() > 0) == ("activating", True)
        again = elsewhere.apply(founders=(NOBODY,)).ok().stdout
        assert again in ("etcd1: unchanged\n", "etcd1: certificates or settings replaced\n")
    finally:
        elsewhere.retire().ok()


@pytest.mark.soak
def test_systemd_says_why_it_could_not_start_etcd(systemd: MemberOnHost) -> None:
    systemd.host.inside("chmod a-x /opt/etcd/*/etcd").ok()
    try:
        said = systemd.apply(log_level="warn").stderr
    finally:
        systemd.host.inside("chmod a+x /opt/etcd/*/etcd").ok()
    assert "etcd.service: Failed to " in said


@pytest.mark.soak
def test_the_unit_is_well_formed_and_exposes_little(systemd: MemberOnHost) -> None:
    verified = systemd.host.inside("systemd-analyze verify etcd.service").ok()
    assert verified.stdout + verified.stderr == ""
    told = systemd.host.inside("systemd-analyze security etcd").ok().stdout
    found = re.search(r"exposure level for etcd.service: ([0-9.]+)", told)
    assert found, told
    assert float(found[1]) <= EXPOSURE


@pytest.mark.soak
def test_an_etcd_without_its_supervisor_is_replaced(busybox: MemberOnHost) -> None:
    before = busybox.wait_healthy()
    busybox.host.inside("kill -KILL $(pidof supervise-daemon)").ok()
    busybox.apply(log_level="warn").ok()
    assert busybox.pid() not in (0, before)
    assert busybox.is_healthy()
