"""The stand-in for the kubernetes plugin, through the real engine, on a real API server.

The control plane has no nodes, so a StatefulSet never becomes ready: one that is not to be waited
for says `pulumi.com/skipAwait`, or wants no replicas.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.kubernetes.fixtures import need_lab
from lab.kubernetes.lab import Lab
from tests.kubernetes.standin_objects import (
    BALANCING,
    FORCE,
    HEADLESS,
    POLICY,
    SKIP,
    budget,
    claim,
    stateful_set,
)
from tests.kubernetes.standin_trial import StandinTrial
from toolchain.standins.kubernetes.refreshed import pruned

# The pods' journey goes through most of it in `make test`.
pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.standins_only("kubernetes")]

CANARY = "canary-of-the-tests"
MADE = {
    "secret": "tls",
    "configmap": "settings",
    "service": "etcd",
    "statefulset": "etcd0",
    "poddisruptionbudget": "etcd",
    "networkpolicy": "etcd",
    "persistentvolumeclaim": "backups",
}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    need_lab()
    with Lab(tmp_path_factory.mktemp("lab"), nodes=0) as made:
        yield made


@pytest.fixture
def trial(control: Lab, tmp_path: Path) -> StandinTrial:
    """With a namespace of its own, which is there."""
    namespace = f"trial-{next(_numbers)}"
    control.kubectl("create", "namespace", namespace).ok()
    return StandinTrial(tmp_path / "project", control.kubeconfig, namespace)


def live(control: Lab, trial: StandinTrial, kind: str, name: str = "") -> Any:
    """An object of the trial's namespace as it is on the server, None if it is not there."""
    words = ("get", kind, name or MADE[kind], "-o=json", "--ignore-not-found")
    text = control.kubectl(f"--namespace={trial.namespace}", *words).ok().stdout
    return json.loads(text) if text else None


def uid(control: Lab, trial: StandinTrial, kind: str) -> str:
    found: str = live(control, trial, kind)["metadata"]["uid"]
    return found


def test_a_life(control: Lab, tmp_path: Path) -> None:
    """From nothing to nothing, with a namespace that it makes; no secret is ever shown."""
    trial = StandinTrial(tmp_path / "project", control.kubeconfig, "life")
    trial.has("Namespace", "life")
    trial.has("Secret", "tls", stringData={"key": f"secret:{CANARY}"})
    trial.has("ConfigMap", "settings", data={"k": "v"})
    trial.has("Service", "etcd", spec=HEADLESS)
    trial.has("Service", "etcd-client", SKIP, spec=BALANCING)
    trial.has("StatefulSet", "etcd0", SKIP, spec=stateful_set())
    trial.has("PodDisruptionBudget", "etcd", spec=budget())
    trial.has("NetworkPolicy", "etcd", spec=POLICY)
    trial.has("PersistentVolumeClaim", "backups", spec=claim())
    trial.preview().ok()
    assert not any(live(control, trial, kind) for kind in MADE)
    trial.up().ok()
    before = {kind: live(control, trial, kind)["metadata"] for kind in MADE}
    trial.refresh("--expect-no-changes").ok()
    trial.up("--expect-no-changes").ok()

    trial.has("Secret", "tls", stringData={"key": f"secret:{CANARY}-renewed"})
    trial.has("StatefulSet", "etcd0", SKIP, spec=stateful_set("etcd:2"))
    trial.has("PodDisruptionBudget", "etcd", spec=budget(2))
    assert "~ 3 to update" in trial.preview().ok().output
    trial.up().ok()
    changed = {kind: live(control, trial, kind) for kind in MADE}
    assert {kind: one["metadata"]["uid"] for kind, one in changed.items()} == {
        kind: metadata["uid"] for kind, metadata in before.items()
    }
    encoded = changed["secret"]["data"]["key"]
    assert base64.b64decode(encoded).decode() == f"{CANARY}-renewed"
    pod = changed["statefulset"]["spec"]["template"]["spec"]
    assert pod["containers"][0]["image"] == "etcd:2"
    assert changed["poddisruptionbudget"]["spec"]["maxUnavailable"] == 2
    trial.up("--expect-no-changes").ok()

    key = re.search(r'"client-key-data": "(\w+)', control.kubeconfig.read_text())
    assert key
    for said in (trial.said, trial.state()):
        for secret in (CANARY, encoded[:20], key[1]):
            assert secret not in said
    trial.destroy().ok()
    assert not control.kubectl("get", "namespace", "life", "--ignore-not-found").ok().stdout


@pytest.mark.soak
def test_a_state_that_the_official_plugin_refreshed_shows_no_change(
    control: Lab, trial: StandinTrial
) -> None:
    """It has the live objects in the place of the inputs, cut to their shape."""
    trial.has("Secret", "tls", stringData={"key": "secret:a"})
    trial.has("ConfigMap", "settings", data={"k": "v"})
    trial.has("Service", "etcd", spec=HEADLESS)
    trial.has("StatefulSet", "etcd0", SKIP, spec=stateful_set())
    trial.has("PodDisruptionBudget", "etcd", spec=budget())
    trial.has("NetworkPolicy", "etcd", spec=POLICY)
    trial.has("PersistentVolumeClaim", "backups", spec=claim())
    trial.up().ok()
    state = trial.exported()
    for resource in state["deployment"]["resources"]:
        if "__inputs" in resource.get("outputs", {}):
            live = pruned(resource["outputs"], resource["inputs"])
            resource["inputs"] = resource["outputs"]["__inputs"] = live
    assert '"storage": "1Gi"' in json.dumps(state)
    trial.import_state(state)
    trial.up("--expect-no-changes").ok()
    trial.refresh("--expect-no-changes").ok()


@pytest.mark.soak
def test_an_object_that_the_official_plugin_created_is_changed(
    control: Lab, trial: StandinTrial
) -> None:
    """By a POST: its fields belong to another owner than what is applied, of the same name."""
    trial.has("Secret", "tls", stringData={"key": "secret:a", "gone": "secret:b"})
    trial.up().ok()
    states = [each["outputs"] for each in trial.exported()["deployment"]["resources"][1:]]
    (manager,) = [state["__fieldManager"] for state in states if "__fieldManager" in state]
    at = f"--namespace={trial.namespace}"
    made = live(control, trial, "secret")
    posted = {name: made[name] for name in ("apiVersion", "kind", "data", "type")}
    posted["metadata"] = {"name": "tls"}
    control.kubectl("delete", at, "secret", "tls").ok()
    words = ("create", at, f"--field-manager={manager}", "-f", "-")
    control.kubectl(*words, stdin=json.dumps(posted)).ok()
    trial.has("Secret", "tls", stringData={"key": "secret:c"})
    trial.up().ok()
    assert live(control, trial, "secret")["data"] == {"key": "Yw=="}


def test_what_may_not_change_in_place_is_made_anew(control: Lab, trial: StandinTrial) -> None:
    trial.has("Secret", "tls", type="example.com/a", stringData={"key": "secret:a"})
    trial.has("StatefulSet", "etcd0", spec=stateful_set(replicas=0))
    trial.has("PodDisruptionBudget", "etcd", spec=budget())
    trial.has("PersistentVolumeClaim", "backups", spec=claim())
    trial.up().ok()
    kinds = ("secret", "statefulset", "poddisruptionbudget", "persistentvolumeclaim")
    before = {kind: uid(control, trial, kind) for kind in kinds}
    trial.has("Secret", "tls", type="example.com/b", stringData={"key": "secret:a"})
    trial.has("StatefulSet", "etcd0", spec=stateful_set(replicas=0, serviceName="other"))
    trial.has("PersistentVolumeClaim", "backups", spec=claim("fast"))
    assert "+-3 to replace" in trial.preview().ok().output
    trial.up().ok()
    after = {kind: uid(control, trial, kind) for kind in kinds}
    assert [kind for kind in kinds if before[kind] == after[kind]] == ["poddisruptionbudget"]
    trial.up("--expect-no-changes").ok()


def test_a_secret_is_made_anew_unless_the_provider_lets_it_change(
    control: Lab, trial: StandinTrial
) -> None:
    del trial.provider["enable_secret_mutable"]
    trial.has("Secret", "tls", stringData={"key": "secret:a"})
    trial.up().ok()
    before = uid(control, trial, "secret")
    trial.has("Secret", "tls", stringData={"key": "secret:b"})
    trial.up().ok()
    assert uid(control, trial, "secret") != before


def test_what_others_changed_is_seen_by_a_refresh_and_taken_back(
    control: Lab, trial: StandinTrial
) -> None:
    trial.has("StatefulSet", "etcd0", SKIP, spec=stateful_set())
    trial.has("PodDisruptionBudget", "etcd", spec=budget())
    trial.up().ok()
    at = f"--namespace={trial.namespace}"
    control.kubectl("scale", at, "statefulset", "etcd0", "--replicas=0").ok()
    control.kubectl("delete", at, "poddisruptionbudget", "etcd").ok()
    trial.up("--expect-no-changes").ok()
    trial.refresh().ok()
    output = trial.preview().ok().output
    assert "replicas: 0 => 1" in output
    assert "+ 1 to create" in output
    trial.has("StatefulSet", "etcd0", SKIP, FORCE, spec=stateful_set())
    trial.up().ok()
    assert live(control, trial, "statefulset")["spec"]["replicas"] == 1
    trial.refresh("--expect-no-changes").ok()


def test_a_field_of_another_manager_is_not_taken(control: Lab, trial: StandinTrial) -> None:
    trial.has("PodDisruptionBudget", "etcd", spec=budget())
    trial.up().ok()
    theirs = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "etcd", "namespace": trial.namespace},
        "spec": {"maxUnavailable": 2},
    }
    words = ("apply", "--server-side", "--field-manager=them", "--force-conflicts", "-f", "-")
    control.kubectl(*words, stdin=json.dumps(theirs)).ok()
    trial.has("PodDisruptionBudget", "etcd", spec=budget(3))
    refused = trial.up()
    assert refused.status
    assert 'conflict with "them": .spec.maxUnavailable' in refused.output
    assert FORCE in refused.output
    assert live(control, trial, "poddisruptionbudget")["spec"]["maxUnavailable"] == 2
    trial.has("PodDisruptionBudget", "etcd", FORCE, spec=budget(3))
    trial.up().ok()
    assert live(control, trial, "poddisruptionbudget")["spec"]["maxUnavailable"] == 3


@pytest.mark.parametrize(
    ("annotation_s", "option_s"), [(3, 0), (60, 3)], ids=["annotation", "options"]
)
def test_a_wait_ends_in_its_time_and_says_which_pod_and_why(
    control: Lab, trial: StandinTrial, annotation_s: int, option_s: int
) -> None:
    limit = f"pulumi.com/timeoutSeconds={annotation_s}"
    trial.has("StatefulSet", "etcd0", limit, seconds=option_s, spec=stateful_set())
    trial.has("ConfigMap", "settings", data={"k": "v"})
    failed = trial.up()
    assert failed.status
    assert f"StatefulSet {trial.namespace}/etcd0 is not ready after 3 s" in failed.output
    assert "0 of 1 replicas ready" in failed.output
    assert f"pod {trial.namespace}/etcd0-0: " in failed.output
    assert "no nodes available to schedule pods" in failed.output
    assert live(control, trial, "configmap") is None, "it depends on the set"
    before = uid(control, trial, "statefulset")
    trial.has("StatefulSet", "etcd0", SKIP, spec=stateful_set())
    trial.up().ok()
    assert uid(control, trial, "statefulset") == before
    assert live(control, trial, "configmap")


def test_a_service_without_pods_says_so(trial: StandinTrial) -> None:
    trial.has("Service", "etcd-client", seconds=2, spec=BALANCING)
    failed = trial.up()
    assert failed.status
    assert "Service does not target any Pods" in failed.output


@pytest.mark.parametrize(
    ("kind", "inputs", "reason"),
    [
        ("PodDisruptionBudget", {"spec": budget(-1)}, "spec.maxUnavailable: Invalid value"),
        ("StatefulSet", {"spec": stateful_set(serviceNam="x")}, "field not declared in schema"),
        ("Deployment", {"spec": {}}, "has no resource type kubernetes:apps/v1:Deployment"),
    ],
    ids=["value", "field", "kind"],
)
def test_a_preview_refuses_what_the_server_would(
    trial: StandinTrial, kind: str, inputs: dict[str, Any], reason: str
) -> None:
    trial.has(kind, "wrong", **inputs)
    refused = trial.preview()
    assert refused.status
    assert reason in refused.output


def test_a_namespace_that_is_missing_is_named(trial: StandinTrial) -> None:
    trial.provider["namespace"] = "missing"
    trial.has("ConfigMap", "settings", data={"k": "v"})
    failed = trial.up()
    assert failed.status
    assert 'namespaces "missing" not found' in failed.output


def test_an_object_of_others_is_not_taken_over(control: Lab, trial: StandinTrial) -> None:
    at = f"--namespace={trial.namespace}"
    control.kubectl("create", at, "configmap", "settings", "--from-literal=k=theirs").ok()
    trial.has("ConfigMap", "settings", data={"k": "ours"})
    failed = trial.up()
    assert failed.status
    assert f'ConfigMap "{trial.namespace}/settings" already exists' in failed.output
    trial.destroy().ok()
    assert live(control, trial, "configmap")["data"] == {"k": "theirs"}
