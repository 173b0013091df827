"""A cluster of pods as the engine is asked for it: objects, commands, their order, secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.node.program import Plan, Program, Resource
from tests.pods.documents import documents
from tests.pods.pod_members import EVERYTHING, first_member, stack_file

pytestmark = pytest.mark.slow  # the SDK of Kubernetes alone takes a second to import
NODES = ("etcd0", "etcd1", "etcd2")
ACTIONS = ("rehearse", "enter", "leave", "apply")
STEPS = (("pki", "entry"), ("enter",), ("pod",), ("leave",), ("apply",))
# What the engine is asked for under another name than the golden files have.
OBJECTS = {
    "members": "t-members",
    "clients": "t-clients",
    "budget": "t-budget",
    "policy": "t-policy",
    "consumer": "t-consumer-apiserver",
    "pki": "t-etcd0-pki",
    "entry": "t-etcd0-entry",
    "pod": "t-etcd0-pod",
}
KUBECONFIG = json.dumps({"kind": "Config", "clusters": [{}], "users": [{"token": "hunter2"}]})


def resources(plan: Plan) -> dict[str, Resource]:
    return {found.name: found for found in plan.resources}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def plan(program: Program) -> Plan:
    """Of three members."""
    return program.up(stack_file())


@pytest.mark.parametrize("settings", [{}, EVERYTHING], ids=["defaults", "everything"])
def test_its_objects_are_those_of_the_golden_files(tmp_path: Path, settings: Any) -> None:
    found = resources(Program(tmp_path).up(stack_file(nodes=1, **settings)))
    expected = json.loads(json.dumps(documents(first_member(nodes=1, **settings))))
    for name, document in expected.items():
        asked = found[OBJECTS[name]].inputs
        for each in (asked, document):
            _blank(each)
        assert asked == document, name


def _blank(document: dict[str, Any]) -> None:
    """Certificates, and what is made of them."""
    document["metadata"]["annotations"].pop("etcd-cluster/authority", None)
    if document["kind"] == "Secret":
        names = ("bundle-" if name.startswith("bundle-") else name for name in document["data"])
        document["data"] = sorted(names)
    if document["kind"] == "StatefulSet":
        document["spec"]["template"]["metadata"]["annotations"].pop("etcd-cluster/cold")


def test_a_command_for_each_step_of_a_member(plan: Plan) -> None:
    steps = {f"{node}-{action}" for node in NODES for action in ACTIONS}
    assert set(plan.commands) == {*steps, "look", "check", "health"}


def test_nothing_is_touched_before_the_check(plan: Plan) -> None:
    for found in plan.resources:
        if found.type.startswith("kubernetes:") or found.name.endswith(("-enter", "-apply")):
            assert {"t-look", "t-check"} <= plan.all_before(found.name), found.name


def test_nothing_is_remembered_before_the_look(plan: Plan) -> None:
    assert "t-look" in plan.all_before("t-bootstrap")


def test_members_and_their_services_say_whose_they_are(plan: Plan) -> None:
    found = resources(plan)
    owned = [f"t-{node}-pod" for node in NODES] + ["t-members", "t-clients"]
    whose = {
        name: found[name].inputs["metadata"]["annotations"].get("etcd-cluster/authority")
        for name in owned
    }
    assert whose.pop("t-clients") is None
    assert len({*whose.values()} - {None}) == 1


def test_a_member_goes_step_by_step_and_one_after_the_other(plan: Plan) -> None:
    done = {f"t-{name}" for name in ("members", "clients", "budget", "policy")}
    for node in NODES:
        for step in STEPS:
            names = {f"t-{node}-{each}" for each in step}
            for name in names:
                assert done <= plan.all_before(name), name
            done |= names
    assert done <= plan.all_before("t-health")


def test_nobodys_turn_comes_before_all_have_rehearsed_which_they_do_at_once(plan: Plan) -> None:
    rehearsed = {f"t-{node}-rehearse" for node in NODES}
    for node in NODES:
        assert plan.all_before(f"t-{node}-rehearse") & rehearsed == set()
        assert rehearsed <= plan.all_before(f"t-{node}-enter")


def test_whoever_leaves_does_so_unless_all_do(plan: Plan) -> None:
    for name, command in plan.commands.items():
        leaves = name.endswith("-leave")
        assert ("delete" in command.inputs) is leaves, name
        assert command.goes_with == ("t-bootstrap" if leaves else ""), name


def test_members_leave_one_after_the_other_whoever_between_them_stays(plan: Plan) -> None:
    left = [f"t-{node}-leave" for node in NODES]
    after = {found.name: found.after for found in plan.resources}
    for position, name in enumerate(left):
        assert after[name] >= set(left[:position])


def test_what_holds_a_key_is_secret(plan: Plan) -> None:
    for found in plan.resources:
        if found.type == "kubernetes:core/v1:Secret":
            assert found.secret == {"data"}, found.name
        elif found.type.startswith("kubernetes:"):
            assert "PRIVATE KEY" not in json.dumps(found.inputs), found.name
    for name, command in plan.commands.items():
        assert command.secret == {"stdin"}, name


def test_a_renewed_secret_is_changed_and_not_made_anew(plan: Plan) -> None:
    """A pod that starts in between would find none."""
    (provider,) = [found for found in plan.resources if found.type.startswith("pulumi:providers:")]
    assert str(provider.inputs["enableSecretMutable"]).lower() == "true"
    assert str(provider.inputs["enableConfigMapMutable"]).lower() == "true"


def test_a_kubeconfig_is_a_secret_and_in_no_text(tmp_path: Path) -> None:
    place = {"namespace": "etcd", "kubeconfig": KUBECONFIG, "context": "prod"}
    found = Program(tmp_path).up(stack_file(nodes=1, kubernetes=place))
    (provider,) = (each for each in found.resources if "providers:kubernetes" in each.type)
    assert provider.secret == {"kubeconfig"}
    assert (provider.inputs["kubeconfig"], provider.inputs["context"]) == (KUBECONFIG, "prod")
    for each in found.resources:
        shown = {name: value for name, value in each.inputs.items() if name not in each.secret}
        assert "hunter2" not in json.dumps(shown), each.name


def changed(was: Plan, now: Plan) -> set[tuple[str, str]]:
    """Names without the cluster's, with the input that differs."""
    before, after = resources(was), resources(now)
    return {
        (name.removeprefix("t-"), key)
        for name, found in before.items()
        for key in found.inputs
        if name in after and found.inputs[key] != after[name].inputs[key]
        if found.type.startswith(("kubernetes:", "command:"))
    }


def test_no_change_asks_for_the_same(program: Program, plan: Plan) -> None:
    assert changed(plan, program.up(stack_file())) == set()


def test_a_changed_flag_is_another_template_and_shows_in_the_text(
    program: Program, plan: Plan
) -> None:
    second = program.up(stack_file(flags={"pre-vote": True}))
    assert changed(plan, second) == {
        ("health", "stdin"),
        *((f"{node}-pod", "spec") for node in NODES),
        *((f"{node}-rehearse", "stdin") for node in NODES),
        *((f"{node}-apply", key) for node in NODES for key in ("create", "stdin")),
    }
    texts = (each.commands["etcd0-apply"].inputs["create"] for each in (plan, second))
    was, now = (set(text.splitlines()) for text in texts)
    assert now - was == {"--pre-vote=true"}


def test_a_further_member_is_told_to_everybody_and_restarts_nobody(
    program: Program, plan: Plan
) -> None:
    second = program.up(stack_file(nodes=4))
    assert set(second.commands) - set(plan.commands) == {f"etcd3-{action}" for action in ACTIONS}
    told = changed(plan, second)
    assert {(f"{node}-apply", "stdin") for node in NODES} <= told
    assert {name for name, key in told if key == "spec"} == {"budget"}


def test_a_renewed_leaf_is_another_secret_of_its_member_and_no_other_pod(tmp_path: Path) -> None:
    program = Program(tmp_path)
    first = program.up(stack_file(nodes=2))
    program.forget("t-authority-node-etcd1-server")
    assert changed(first, program.up(stack_file(nodes=2))) == {
        ("etcd1-pki", "data"),
        ("etcd1-rehearse", "stdin"),
        ("etcd1-apply", "stdin"),
        ("health", "stdin"),
    }


@pytest.mark.parametrize("key", ["namespace", "service", "cluster_domain"])
def test_a_cluster_does_not_move(program: Program, plan: Plan, key: str) -> None:
    """Its members know each other by names of the place in which they were founded."""
    place = {"namespace": "etcd", key: "elsewhere"}
    with pytest.raises(ValueError, match="in which the cluster was founded"):
        program.up(stack_file(kubernetes=place))
