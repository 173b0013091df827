"""What a member keeps while it has data: a change is refused before anything is touched."""

from __future__ import annotations

import pytest

from tests.support.preparation import base_settings, run_step

KEYS = (
    "client_port=client_port paths.config=config_dir paths.data=data_dir paths.state=state_dir"
    " user.name=user"
)
BEFORE = {
    "immutable": KEYS,
    "authority": "a1",
    "user": "etcd",
    "client_port": "2379",
}


@pytest.fixture
def node(shell, tmp_path):
    """The step on a node with data, prepared with `BEFORE`."""
    first = base_settings(tmp_path)
    for name in ("state_dir", "config_dir"):
        (tmp_path / "node" / first[name].rpartition("/")[2]).mkdir(parents=True)
    (tmp_path / "node" / "data" / "member").mkdir(parents=True)

    def run(action: str, **changes: str):
        return run_step(shell, "immutable", action, {**BEFORE, **changes}, folder=tmp_path)

    run("make").ok()
    return run


def test_the_same_again_is_fine(node):
    node("check").ok()


@pytest.mark.parametrize(
    ("setting", "key", "value"),
    [
        ("user", "user.name", "other"),
        ("client_port", "client_port", "2479"),
        ("config_dir", "paths.config", "/srv/config"),
        ("data_dir", "paths.data", "/srv/data"),
        ("state_dir", "paths.state", "/srv/state"),
    ],
)
def test_a_change_names_what_to_set_back(node, setting, key, value):
    refused = node("check", **{setting: value})
    assert refused.status == 1
    said = f"here and cannot change while the member has data; the stack file says {value}"
    refused.failed(f"{key} is ", said)


def test_a_state_that_does_not_know_the_member(node):
    """Another backend, or one that was lost: its certificates would take the member out."""
    refused = node("check", authority="b2", user="other")
    assert refused.status == 1
    refused.failed("certificates of another authority than", "is PULUMI_BACKEND_URL right?")


def test_without_data_everything_may_change(node, tmp_path):
    (tmp_path / "node" / "data" / "member").rmdir()
    node("check", authority="b2", user="other", client_port="1").ok()


def test_what_is_removed_is_forgotten(node):
    node("remove").ok()
    node("check", authority="b2", user="other").ok()


@pytest.mark.soak
@pytest.mark.slow
def test_a_new_client_port_reaches_nobody(machine):
    machine.found()
    was = machine.starts()
    plan = machine.plan(client_port=2479)
    for name in machine.node_names:
        machine.run(plan.commands[f"{name}-prepare"], "update").failed(
            "client_port is 2379 here and cannot change while the member has data"
        )
    assert machine.starts() == was


@pytest.mark.slow
def test_another_state_reaches_nobody(machine):
    machine.found()
    was, files = machine.starts(), machine.files("etcd1")
    machine.program.forget("t-authority-ca-1")
    machine.program.forget("t-bootstrap")
    plan = machine.plan()
    machine.run(plan.commands["etcd1-prepare"], "create").failed("of another authority")
    assert machine.starts() == was
    assert machine.files("etcd1") == files
