"""A cluster as the engine is asked for it: commands, their order, and where secrets are."""

from __future__ import annotations

import pytest

from tests.node.program import COMMAND, Plan, Program
from tests.node.stack_files import stack_file

NODES = ("etcd1", "etcd2", "etcd3")
ACTIONS = ("prepare", "rehearse", "apply", "leave")
UNDONE_BY = {"prepare": "retire", "leave": "leave"}
TEXTS = ("create", "update", "delete")


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Plan:
    """Of three nodes."""
    return Program(tmp_path_factory.mktemp("project")).up(stack_file(consumers=["apiserver"]))


def test_four_commands_a_node_and_one_look_at_the_whole(plan):
    expected = {f"{node}-{action}" for node in NODES for action in ACTIONS}
    assert set(plan.commands) == expected | {"health"}
    assert {found.name for found in plan.resources if found.type == COMMAND} == {
        f"t-{name}" for name in plan.commands
    }


def test_children_belong_to_their_component(plan):
    parents = {name: command.parent for name, command in plan.commands.items()}
    assert parents.pop("health") == "t"
    assert parents == {f"{node}-{action}": f"t-{node}" for node in NODES for action in ACTIONS}
    assert {found.parent for found in plan.resources if found.type.endswith("EtcdNode")} == {"t"}


def test_all_nodes_are_prepared_at_once_and_before_any_is_changed(plan):
    prepared = {f"t-{node}-prepare" for node in NODES}
    for node in NODES:
        assert not plan.all_before(f"t-{node}-prepare") & set(map("t-{}".format, plan.commands))
        assert prepared <= plan.all_before(f"t-{node}-apply")


def test_nobody_changes_before_all_have_rehearsed_which_they_do_at_once(plan):
    rehearsed = {f"t-{node}-rehearse" for node in NODES}
    for node in NODES:
        assert plan.all_before(f"t-{node}-rehearse") & rehearsed == set()
        assert f"t-{node}-prepare" in plan.all_before(f"t-{node}-rehearse")
        assert rehearsed <= plan.all_before(f"t-{node}-apply")


def test_members_change_in_one_chain_in_the_order_of_the_stack_file(plan):
    applied = [f"t-{node}-apply" for node in NODES]
    for position, name in enumerate(applied):
        assert plan.all_before(name) & set(applied) == set(applied[:position])


def test_the_chain_follows_the_stack_file_not_the_alphabet(tmp_path):
    nodes = {"zeta": {"address": "10.0.0.1"}, "alpha": {"address": "10.0.0.2"}}
    plan = Program(tmp_path).up({**stack_file(), "nodes": nodes})
    assert "t-zeta-apply" in plan.all_before("t-alpha-apply")
    assert "t-alpha-apply" not in plan.all_before("t-zeta-apply")


def test_nobody_becomes_a_member_before_the_state_knows_the_way_out(plan):
    for node in NODES:
        assert f"t-{node}-leave" in plan.all_before(f"t-{node}-apply")


def test_health_is_looked_at_when_all_members_are_done(plan):
    assert {f"t-{node}-apply" for node in NODES} <= plan.all_before("t-health")


def test_standard_input_is_secret_and_nothing_else_needs_to_be(plan):
    for name, command in plan.commands.items():
        assert "stdin" in command.secret, name
        assert command.secret == {"stdin"}, name


def test_a_command_has_what_keeps_it_quiet_and_in_place(plan):
    for name, command in plan.commands.items():
        assert set(command.inputs) - set(TEXTS) == {
            "stdin",
            "interpreter",
            "logging",
            "addPreviousOutputInEnv",
        }, name
        assert command.inputs["interpreter"] == ["/bin/sh", "-c"]
        assert command.inputs["logging"] == "stderr"
        assert command.inputs["addPreviousOutputInEnv"] is False


def test_preparation_and_membership_have_something_to_undo(plan):
    assert {name for name, command in plan.commands.items() if "delete" in command.inputs} == {
        f"{node}-{action}" for node in NODES for action in UNDONE_BY
    }


def test_members_leave_one_after_the_other_and_before_their_machine_is_given_up(plan):
    left = [f"t-{node}-leave" for node in NODES]
    for position, node in enumerate(NODES):
        before = plan.all_before(f"t-{node}-leave")
        assert before & set(left) == set(left[:position])
        # The engine orders deletions by direct dependencies: whoever is between them may stay.
        (leave,) = (found for found in plan.resources if found.name == f"t-{node}-leave")
        assert leave.after >= set(left[:position])
        assert f"t-{node}-prepare" in before


def test_nobody_leaves_a_cluster_that_goes_as_a_whole(plan):
    for name, command in plan.commands.items():
        expected = "t-bootstrap" if name.endswith("-leave") else ""
        assert command.goes_with == expected, name


def test_a_machine_that_is_away_gets_no_command_and_is_forgotten_without_one(tmp_path):
    nodes = {**stack_file()["nodes"], "etcd1": {"address": "10.0.0.1", "reachable": False}}
    plan = Program(tmp_path).up({**stack_file(), "nodes": nodes})
    away = {name for name, command in plan.commands.items() if command.unchanging}
    assert away == {f"etcd1-{action}" for action in ACTIONS}
    assert {name for name, command in plan.commands.items() if command.retained} == away
    # The engine keeps the inputs of what is there already, so this says what a creation would run.
    assert {
        name for name, command in plan.commands.items() if "create" not in command.inputs
    } == away
    assert "unreachable=etcd1" in plan.commands["health"].inputs["create"].splitlines()


def test_each_text_carries_its_mode(plan):
    for name, command in plan.commands.items():
        action = name.rpartition("-")[2]
        assert f"\nset -- {action} create " in command.inputs["create"]
        assert f"\nset -- {action} update " in command.inputs["update"]
        if "delete" in command.inputs:
            assert f"\nset -- {UNDONE_BY[action]} delete " in command.inputs["delete"]


def test_no_key_in_any_text(plan):
    keys = [
        found.inputs[name]
        for found in plan.resources
        for name in found.inputs
        if found.type.startswith("tls:") and name.lower().endswith("privatekeypem")
    ]
    assert keys
    secret_lines = {line for key in keys for line in key.splitlines() if "-----" not in line}
    for name, command in plan.commands.items():
        for text in (command.inputs.get(text, "") for text in TEXTS):
            assert "PRIVATE KEY" not in text, name
            assert not [line for line in secret_lines if line in text], name
            assert command.inputs["stdin"].splitlines()[1] not in text, name


def test_no_change_asks_for_the_same(tmp_path):
    program = Program(tmp_path)
    first, second = (program.up(stack_file()).commands for _ in range(2))
    for name, command in first.items():
        assert command.inputs == second[name].inputs, name


def test_a_renewed_leaf_changes_standard_input_of_its_node_and_of_health_alone(tmp_path):
    program = Program(tmp_path)
    first = program.up(stack_file()).commands
    program.forget("t-authority-node-etcd2-server")
    second = program.up(stack_file()).commands
    changed = {
        (name, key)
        for name, command in first.items()
        for key in command.inputs
        if command.inputs[key] != second[name].inputs[key]
    }
    actions = ("etcd2-rehearse", "etcd2-apply", "health")
    assert changed == {(action, "stdin") for action in actions}


def test_a_changed_flag_shows_in_the_create_text_of_every_member(tmp_path):
    program = Program(tmp_path)
    first = program.up(stack_file()).commands
    second = program.up(stack_file(flags={"max-txn-ops": 256})).commands
    for node in NODES:
        was, now = (plan[f"{node}-apply"].inputs["create"].splitlines() for plan in (first, second))
        assert set(now) - set(was) == {"--max-txn-ops=256"}
        assert first[f"{node}-prepare"].inputs == second[f"{node}-prepare"].inputs


def test_a_further_node_is_told_to_everybody_and_restarts_nobody(tmp_path):
    program = Program(tmp_path)
    first = program.up(stack_file()).commands
    second = program.up(stack_file(nodes=4)).commands
    assert set(second) - set(first) == {f"etcd4-{action}" for action in ACTIONS}
    for node in NODES:
        was, now = (plan[f"{node}-apply"].inputs for plan in (first, second))
        assert was["create"] == now["create"]
        assert was["stdin"] != now["stdin"]


def test_a_change_of_the_client_port_is_none_of_members(tmp_path):
    program = Program(tmp_path)
    program.up(stack_file())
    program.up(stack_file(client_port=4001))
