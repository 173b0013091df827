"""The user that etcd runs as: what a machine has against what the stack file asks for."""

from __future__ import annotations

import shutil

import pytest

from components.machine.preparation import account
from tests.node.fakes import with_fakes
from tests.node.machine import Shell
from tests.node.ssh_files import ssh_member
from tests.support.preparation import run_step

PASSWD = """\
root:x:0:0:root:/root:/bin/sh
etcd:x:1501:1501::/var/lib/etcd:/bin/false
other:x:1700:100::/home/other:/bin/sh
"""
GROUP = "root:x:0:\nusers:x:100:\netcd:x:1501:\n"
ASKED = {
    "user": "etcd",
    "group": "etcd",
    "user_uid": "",
    "user_gid": "",
    "user_home": "/var/lib/etcd",
    "user_shell": "/bin/false",
}


@pytest.fixture
def check(shell, tmp_path):
    """The step's check on a machine with these users and groups, however they are kept."""
    (tmp_path / "passwd").write_text(PASSWD)
    (tmp_path / "group").write_text(GROUP)
    find = f"exec awk -F : -v key=\"$2\" '$1 == key || $3 == key' '{tmp_path}'/\"$1\""
    known = with_fakes(shell, tmp_path / "fakes", getent=find, useradd="", groupadd="")

    def run(**settings: str):
        return run_step(known, "account", "check", {**ASKED, **settings}, folder=tmp_path)

    return run


def test_what_is_there_as_asked(check):
    assert check().ok().errors == ""
    check(user_uid="1501", user_gid="1501").ok()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (
            {"user_uid": "2380"},
            "the user etcd is there with uid 1501, the stack file asks for 2380",
        ),
        ({"user_gid": "2380"}, "the group etcd is there with gid 1501, the stack file asks for 23"),
        (
            {"user_home": "/srv"},
            "with home /var/lib/etcd, the stack file asks for /srv; set user.h",
        ),
        ({"user_shell": "/bin/sh"}, "with shell /bin/false, the stack file asks for /bin/sh; set "),
        ({"group": "users"}, "the user etcd is there with group etcd, the stack file asks for use"),
    ],
)
def test_what_is_there_otherwise_is_left_and_both_are_named(check, asked, found):
    done = check(**asked).failed(found, ", or change it on the node")
    assert done.status == 1, done


def test_a_number_that_somebody_else_has(check):
    done = check(user="new", group="fresh", user_uid="1700", user_gid="100")
    done.failed("uid 1700 is already that of other; choose another user.uid")
    done.failed("gid 100 is already that of users; choose another user.gid")
    assert done.status == 2


def test_a_user_that_is_missing(check):
    check(user="new", group="fresh", user_uid="1800", user_gid="1800").ok()


def test_no_tool_to_make_it(shell, tmp_path):
    (tmp_path / "few").mkdir()
    for command in ("awk", "cut", "tr"):
        (tmp_path / "few" / command).symlink_to(str(shutil.which(command, path=shell.path)))
    few = Shell(shell.name, str(tmp_path / "few"), shell.sh)
    done = run_step(few, "account", "check", {**ASKED, "user": "no-such"}, folder=tmp_path)
    done.failed("neither useradd nor adduser is there to make the user no-such")


def test_an_access_list_needs_its_tool(shell, tmp_path):
    for access, tools in (("acl", "cut setfacl"), ("owner", "cut")):
        done = run_step(
            shell, "account", "tools", {**ASKED, "key_access": access}, folder=tmp_path
        ).ok()
        assert done.output.split() == tools.split()


def test_a_failing_tool_says_why(shell, tmp_path):
    broken = with_fakes(
        shell, tmp_path / "fakes", getent="exit 2", groupadd="echo no room >&2; exit 1"
    )
    done = run_step(broken, "account", "make", ASKED, folder=tmp_path)
    done.failed("error: etcd1: groupadd did not succeed: no room")


def test_what_a_preview_shows():
    shown = account.step(ssh_member(user={"name": "e", "uid": 1501}, key_access="acl"))
    assert shown is not None
    assert shown.facts == {
        "user": "e:e",
        "key_access": "acl",
        "user_uid": "1501",
        "user_home": "/var/lib/etcd",
        "user_shell": "/bin/false",
    }
    assert shown.settings["user_gid"] == ""
