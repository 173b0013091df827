"""What a machine with SELinux would be told. No machine of these tests has it: the tools are
stand-ins that write down how they are called."""

from __future__ import annotations

import pytest

from tests.node.fakes import with_fakes
from tests.support.preparation import run_step

CALL = 'echo "${0##*/} $*" >>'


@pytest.fixture
def run(shell, tmp_path):
    """An action on a machine in that mode whose policy gives programs that label."""
    log = tmp_path / "calls"
    log.touch()

    def action(name: str, mode: str, label: str = "usr_t", **fakes: str):
        called = dict.fromkeys(("restorecon", "semanage"), f"{CALL} '{log}'")
        tools = {
            "getenforce": f"echo {mode}",
            "matchpathcon": f"echo system_u:object_r:{label}:s0",
            **called,
            **fakes,
        }
        fake = with_fakes(shell, tmp_path / "fakes", **{k: v for k, v in tools.items() if v})
        return run_step(fake, "selinux", name, {"bin_dir": "/opt/etcd.d"}, folder=tmp_path)

    action.calls = lambda: log.read_text().splitlines()
    return action


@pytest.mark.parametrize("mode", ["Permissive", "Disabled"])
def test_nothing_where_it_does_not_enforce(run, mode):
    assert run("make", mode).ok().output == ""
    assert run.calls() == []


def test_nothing_where_there_is_none(shell, tmp_path):
    for action in ("tools", "check", "make"):
        done = run_step(shell, "selinux", action, {}, folder=tmp_path).ok()
        assert done.output + done.errors == ""


def test_labels_and_a_rule_for_programs_in_an_unusual_folder(run, tmp_path):
    run("make", "Enforcing").ok()
    node = tmp_path / "node"
    assert run.calls() == [
        r"semanage fcontext -a -t bin_t /opt/etcd\.d(/.*)?",
        f"restorecon -R {node}/etc {node}/data /opt/etcd.d {node}/state {node}/log",
    ]


def test_a_rule_that_is_there_is_set_again(run, tmp_path):
    refusing = f"{CALL} '{tmp_path}/calls'\n[ \"$2\" = -m ]"
    run("make", "Enforcing", semanage=refusing).ok()
    assert [call.split()[2] for call in run.calls()[:2]] == ["-a", "-m"]


def test_no_rule_where_programs_are_expected(run):
    run("make", "Enforcing", label="bin_t").ok()
    assert [call.split()[0] for call in run.calls()] == ["restorecon"]


def test_without_semanage_it_says_so_before_anything_is_changed(run):
    done = run("check", "Enforcing", semanage="")
    done.failed("SELinux expects no programs in /opt/etcd.d, and the command semanage is missing")
    assert run.calls() == []


def test_the_tools_that_it_needs(run):
    assert run("tools", "Enforcing").ok().output.split() == ["restorecon", "matchpathcon"]
