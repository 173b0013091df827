"""A first start of three members, and what it leaves on the machine."""

from __future__ import annotations

import stat
from collections.abc import Iterator

import pytest

from tests.node.asking import is_healthy
from tests.node.conftest import new_machine
from tests.node.machine import Machine, Shell
from tests.node.processes import eventually

pytestmark = pytest.mark.slow

CALLERS = {
    "SECRET_OF_THE_CALLER": "word",
    "ETCD_NAME": "somebody",
    "ETCD_FORCE_NEW_CLUSTER": "true",
    "ETCDCTL_ENDPOINTS": "http://127.0.0.1:1",
    "ETCDCTL_CACERT": "/nowhere",
}


@pytest.fixture(scope="module")
def founded(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Three members, founded from a shell with variables of its own; tests leave them so."""
    with new_machine(tmp_path_factory.mktemp("founded"), shell) as machine:
        commands = machine.plan().commands
        for node in machine.node_names:
            machine.run(commands[f"{node}-prepare"], "create", variables=CALLERS).ok()
        for node in machine.node_names:
            done = machine.run(commands[f"{node}-apply"], "create", variables=CALLERS).ok()
            assert done.output == f"{node}: started\n"
        machine.run(commands["health"], "create", variables=CALLERS).ok()
        yield machine


@pytest.mark.soak
def test_a_rerun_changes_nothing_and_says_so(founded):
    starts = founded.starts()
    files = [founded.files(node) for node in founded.node_names]
    done = founded.up("update")
    assert done["health"].ok().output == "etcd1: all members are healthy: etcd1 etcd2 etcd3\n"
    for node in founded.node_names:
        assert done[f"{node}-prepare"].output == f"{node}: ready for etcd 3.6.16\n"
        assert done[f"{node}-apply"].output == f"{node}: unchanged\n"
    assert [one.errors for one in done.values()] == [""] * 7
    assert founded.starts() == starts
    assert [founded.files(node) for node in founded.node_names] == files


def test_keys_are_readable_for_their_owner_alone(founded):
    keys = [path for path in founded.folder.rglob("*.key") if not path.is_symlink()]
    assert len(keys) == 9
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_the_state_and_the_data_are_readable_for_their_owner_alone(founded):
    for part in ("state", "data", "log"):
        assert stat.S_IMODE((founded.root("etcd1") / part).stat().st_mode) == 0o700


def test_no_key_is_left_outside_of_its_generation(founded):
    for node in founded.node_names:
        assert not (founded.root(node) / "state" / "work").exists()
    found = {
        str(path.parent.relative_to(founded.root("etcd1")))
        for path in founded.root("etcd1").rglob("*")
        if path.is_file() and not path.is_symlink() and b"PRIVATE KEY" in path.read_bytes()
    }
    assert {path.split("/")[1] for path in found} == {"generations"}


def test_no_process_has_a_variable_of_the_caller(founded):
    for node in founded.node_names:
        # busybox's timeout goes on watching for a second after its command has ended.
        eventually(lambda node=node: len(founded.environment(node)) == 2, "two are left")
        environments = founded.environment(node)
        assert environments.pop(founded.pid(node))["ETCD_NAME"] == node
        assert environments, "supervisord's"
        for variables in environments.values():
            assert not set(variables) & {"SECRET_OF_THE_CALLER", "ETCD_FORCE_NEW_CLUSTER"}
            assert not [name for name in variables if name.startswith("ETCDCTL_")]


@pytest.mark.soak
def test_links_that_somebody_removed_are_laid_again(founded):
    etc = founded.root("etcd1") / "etc"
    starts = founded.starts()
    (etc / "pki").unlink()
    (etc / "etcd.env").unlink()
    founded.run(founded.plan().commands["etcd1-apply"], "update").ok()
    assert (etc / "pki" / "server.pem").exists()
    assert (etc / "etcd.env").exists()
    assert founded.starts() == starts


@pytest.mark.soak
def test_a_file_that_somebody_changed_is_written_again(founded):
    pki = founded.root("etcd1") / "etc" / "pki"
    was = (pki / "server.pem").read_text()
    (pki / "server.pem").write_text("not a certificate\n")
    (pki / "server.key").chmod(0o644)
    done = founded.run(founded.plan().commands["etcd1-apply"], "update").ok()
    assert done.output == "etcd1: certificates or settings replaced, not restarted\n"
    assert (pki / "server.pem").read_text() == was
    assert stat.S_IMODE((pki / "server.key").stat().st_mode) == 0o600
    assert is_healthy(founded, "etcd1")


def test_an_update_never_founds(single):
    plan = single.plan()
    single.run(plan.commands["etcd1-prepare"], "update").ok()
    single.run(plan.commands["etcd1-apply"], "update").failed("never starts empty")


@pytest.mark.soak
def test_a_folder_with_a_hostile_name(tmp_path, shell):
    folder = tmp_path / "two words $(touch broken) `touch broken` &1 *"
    folder.mkdir()
    with new_machine(folder, shell, nodes=1) as machine:
        plan = machine.plan(config_format="yaml", throwaway=True, on_destroy="wipe")
        for name in ("etcd1-prepare", "etcd1-apply", "health"):
            machine.run(plan.commands[name], "create").ok()
        machine.run(plan.commands["etcd1-apply"], "update").ok()
        machine.run(plan.commands["etcd1-prepare"], "delete").ok()
        assert list(folder.iterdir()) == []
