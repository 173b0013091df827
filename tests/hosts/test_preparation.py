"""A machine is prepared by the tools of its kind: shadow's and systemd, or busybox and OpenRC."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lab.hosts.host import Host, Result
from lab.hosts.hosts import Hosts
from tests.hosts.step_on_host import PAYLOAD, put_scripts, run_step_on_host

pytestmark = pytest.mark.slow

SETTINGS = {
    "name": "etcd1",
    "version": "3.6.16",
    "cluster": "prod",
    "user": "etcd",
    "group": "etcd",
    "owner": "etcd:etcd",
    "key_access": "owner",
    "user_uid": "1501",
    "user_gid": "1502",
    "user_home": "/var/lib/etcd",
    "user_shell": "/bin/false",
    "config_dir": "/etc/etcd",
    "data_dir": "/var/lib/etcd/data",
    "bin_dir": "/opt/etcd",
    "state_dir": "/var/lib/etcd-cluster",
    "log_dir": "/var/log/etcd",
    "data_mib": "10",
    "binaries_mib": "10",
    "profile_group": "operators",
}


@pytest.fixture(scope="module", params=["debian", "busybox"])
def host(request: pytest.FixtureRequest, hosts: Hosts) -> Host:
    """One of each kind, with the scripts on it."""
    kind = {"debian": ("systemd", "debian"), "busybox": ("openrc", "busybox")}
    image, userland = kind[request.param]
    made = hosts.start(f"p-{request.param}", image=image, userland=userland)[0]
    put_scripts(made)
    return made


def run(host: Host, step: str, action: str, changed: Mapping[str, str] | None = None) -> Result:
    return run_step_on_host(host, step, action, {**SETTINGS, **(changed or {})})


def accounts(host: Host) -> str:
    return host.inside("cat /etc/passwd /etc/group").ok().stdout


def test_user_and_group_as_asked(host: Host) -> None:
    run(host, "account", "check").ok()
    assert run(host, "account", "make").ok() == Result(0, "", "")
    fields = host.inside("grep ^etcd: /etc/passwd").ok().stdout.strip().split(":")
    assert (fields[2], fields[3], *fields[5:]) == ("1501", "1502", "/var/lib/etcd", "/bin/false")
    assert "etcd:x:1502:" in accounts(host)
    assert host.inside("grep ^etcd: /etc/shadow").ok().stdout.split(":")[1][0] in "!*"
    assert host.inside("stat -c '%U %a' /var/lib/etcd").ok().stdout == "root 755\n"


def test_a_second_time_changes_nothing(host: Host) -> None:
    host.inside("chown 1501 /var/lib/etcd").ok()
    before = accounts(host)
    run(host, "account", "check").ok()
    assert run(host, "account", "make").ok() == Result(0, "", "")
    assert accounts(host) == before
    assert host.inside("stat -c %u /var/lib/etcd").ok().stdout == "1501\n"


def test_a_user_without_asked_numbers(host: Host) -> None:
    chosen = {"user": "free", "group": "freed", "user_uid": "", "user_gid": ""}
    run(host, "account", "check", chosen).ok()
    run(host, "account", "make", chosen).ok()
    run(host, "account", "check", chosen).ok()
    assert host.inside("id -gn free").ok().stdout == "freed\n"


def test_another_number_is_refused_and_changes_nothing(host: Host) -> None:
    before = accounts(host)
    done = run(host, "account", "check", {"user_uid": "2380"})
    assert "user etcd is there with uid 1501, the stack file asks for 2380" in done.stderr
    done = run(host, "account", "check", {"user": "new", "group": "news", "user_gid": ""})
    assert "uid 1501 is already that of etcd; choose another user.uid" in done.stderr
    assert accounts(host) == before


def test_folders_disk_and_record(host: Host) -> None:
    for step in ("folders", "data", "space", "selinux"):
        run(host, step, "check").ok()
    for step in ("folders", "data", "selinux"):
        assert run(host, step, "make").ok().stderr == ""
    told = run(host, "latency", "make").ok().stdout
    assert "sync p99 " in told
    assert host.inside("ls -A /var/lib/etcd/data").ok().stdout == ""
    assert host.inside("cat /var/lib/etcd-cluster/data").ok().stdout == (
        "prod etcd1 /var/lib/etcd/data\n"
    )


def test_a_full_disk(host: Host) -> None:
    host.fill("/srv/full")
    try:
        full = {"data_dir": "/srv/full/data", "bin_dir": "/srv/full/bin"}
        done = run(host, "space", "check", full)
        assert done.status == 2
        assert "/srv/full/data has 0 MiB of free disk, 10 MiB are needed; make room" in done.stderr
    finally:
        host.drain("/srv/full")


def test_the_profile_serves_its_group_alone(host: Host) -> None:
    run(host, "shell_profile", "make").ok()
    host.inside(
        "mkdir -p /etc/etcd/current /etc/etcd/pki && chmod 755 /etc/etcd /etc/etcd/pki"
        " && cd /etc/etcd/pki && umask 027 && : >operator.key && chgrp operators operator.key"
        " && echo '[ ! -r /etc/etcd/pki/operator.key ] || export ETCDCTL_CERT=set'"
        " >/etc/etcd/current/profile.sh"
    ).ok()
    host.inside("usermod -aG operators plain || addgroup plain operators").ok()
    libraries = f"export payload={PAYLOAD}; for f in /root/scripts/lib/*.sh; do . $f; done"
    host.inside(f"umask 077; {libraries}; profile_install").ok()
    show = "sh -lc 'echo ${ETCDCTL_CERT-unset}'"
    assert host.ssh(show, user="plain").ok().stdout == "set\n"
    assert host.ssh(show, user="admin").ok().stdout == "unset\n"
    run(host, "shell_profile", "remove").ok()
    assert host.ssh(show, user="plain").ok().stdout == "unset\n"


def test_a_removal_leaves_the_user_to_its_files(host: Host) -> None:
    before = accounts(host)
    run(host, "account", "remove").ok()
    assert accounts(host) == before


def test_folders_that_etcd_may_not_have_or_cannot_reach(host: Host) -> None:
    done = run(host, "folders", "check", {"config_dir": "/srv/etc", "data_dir": "/usr/share"})
    assert "/usr/share holds files that this project did not make" in done.stderr
    host.inside("mkdir -m 700 /srv/closed").ok()
    closed = {"config_dir": "/srv/etc", "data_dir": "/srv/closed/data"}
    done = run(host, "folders", "check", closed)
    assert "/srv/closed has mode 700 (root:root), and etcd has to go through it" in done.stderr
    host.inside("setfacl -m u:etcd:x /srv/closed || chmod o+x /srv/closed").ok()
    run(host, "folders", "check", closed).ok()


def test_kept_data_stays_on_a_disk_of_its_own(host: Host) -> None:
    run(host, "folders", "check", {"config_dir": "/srv/etc", "data_dir": "/srv/disk"}).ok()
    host.inside("mkdir /srv/disk && mount -t tmpfs tmpfs /srv/disk && mkdir /srv/disk/member").ok()
    sources = "for f in /root/scripts/lib/*.sh /root/scripts/retire.sh; do . $f; done"
    end = f"{sources}; retire_data_to $(retired_data_path)"
    host.inside(f"set -eu; umask 077; export payload={PAYLOAD}; {end}").ok()
    (kept,) = host.inside("ls /srv/disk").ok().stdout.split()
    assert kept.startswith("retired-")
    assert host.inside(f"stat -c '%U %a' /srv/disk/{kept}").ok().stdout == "etcd 700\n"
    host.inside(f"test -d /srv/disk/{kept}/member && umount /srv/disk").ok()
