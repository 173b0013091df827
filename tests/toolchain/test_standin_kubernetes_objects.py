"""Creating, changing, reading and deleting objects through the kubernetes stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest

from tests.support import fake_kubernetes, kubernetes_plugin
from tests.support.fake_kubernetes import FakeKubernetes
from tests.support.kubernetes_plugin import Plugin, recorded
from toolchain.standins.kubernetes import waiting
from toolchain.standins.wire import UNKNOWN, Secret, to_plain

pytestmark = pytest.mark.slow

NOBODY = "127.0.0.1:1"
NAMESPACE = "/api/v1/namespaces/default"
CONFIG = f"{NAMESPACE}/configmaps/c"
INPUTS = {"metadata": {"name": "c"}, "data": {"k": "v"}}


@pytest.fixture
def cluster() -> Iterator[FakeKubernetes]:
    with fake_kubernetes.running() as running:
        yield running


@pytest.fixture
def plugin(cluster: FakeKubernetes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugin]:
    monkeypatch.setattr(waiting, "POLL_S", 0.01)
    with kubernetes_plugin.running(NOBODY) as running:
        running.configure(kubeconfig=cluster.kubeconfig)
        yield running


def test_an_object_is_applied_and_its_state_holds_it_with_its_inputs(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    inputs = plugin.check("ConfigMap", INPUTS)
    resource_id, state = plugin.create("ConfigMap", inputs)
    assert resource_id == "default/c"
    assert state["metadata"]["uid"] == cluster.objects[CONFIG]["metadata"]["uid"]
    assert (state["__inputs"], state["__initialApiVersion"]) == (inputs, "v1")
    (applied,) = [asked for asked in cluster.asked if asked.method == "PATCH"]
    assert applied.body == inputs
    assert applied.query == {"fieldManager": state["__fieldManager"], "force": "false"}
    assert state["__fieldManager"].startswith("pulumi-kubernetes-")


def test_an_object_without_a_namespace_of_its_kind_has_none(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    resource_id, _ = plugin.made("Namespace", {"metadata": {"name": "etcd"}})
    assert resource_id == "etcd"
    assert "/api/v1/namespaces/etcd" in cluster.objects


def test_the_providers_namespace_is_where_objects_go(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    plugin.configure(kubeconfig=cluster.kubeconfig, namespace="etcd")
    cluster.add("/api/v1/namespaces/etcd", {})
    resource_id, _ = plugin.made("ConfigMap", INPUTS)
    assert resource_id == "etcd/c"


def test_what_a_secret_holds_stays_secret(plugin: Plugin, cluster: FakeKubernetes) -> None:
    inputs = {"metadata": {"name": "s"}, "stringData": {"key": Secret("canary")}}
    _, state = plugin.made("Secret", inputs)
    assert state["data"] == Secret({"key": "Y2FuYXJ5"})
    assert state["__inputs"]["data"] == Secret({"key": "Y2FuYXJ5"})
    _, shown = plugin.made("Secret", inputs | {"metadata": {"name": "t"}}, preview=True)
    for held in (state, shown, to_plain(plugin.read("Secret", "default/s", state).properties)):
        assert "canary" not in repr(held)
        assert "Y2FuYXJ5" not in repr(held)
    assert cluster.objects[f"{NAMESPACE}/secrets/s"]["data"] == {"key": "Y2FuYXJ5"}


def test_an_object_that_exists_is_not_taken_over(plugin: Plugin, cluster: FakeKubernetes) -> None:
    cluster.add(CONFIG, {"data": {"other": "x"}})
    with pytest.raises(grpc.RpcError) as refusal:
        plugin.made("ConfigMap", INPUTS)
    assert refusal.value.details().endswith('ConfigMap "default/c" already exists')
    assert recorded(refusal) is None
    assert cluster.objects[CONFIG]["data"] == {"other": "x"}


def test_a_field_of_somebody_else_is_not_taken_over_unless_the_object_says_so(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    cluster.conflicting.add(CONFIG)
    with pytest.raises(grpc.RpcError) as refusal:
        plugin.made("ConfigMap", INPUTS)
    assert 'conflict with "kubectl": .spec.replicas' in refusal.value.details()
    assert "pulumi.com/patchForce" in refusal.value.details()
    forcing = {"name": "c", "annotations": {"pulumi.com/patchForce": "true"}}
    assert plugin.made("ConfigMap", INPUTS | {"metadata": forcing})[0] == "default/c"


def test_an_update_applies_as_the_same_manager(plugin: Plugin, cluster: FakeKubernetes) -> None:
    _, state = plugin.made("ConfigMap", INPUTS)
    news = plugin.check("ConfigMap", INPUTS | {"data": {"k": "new"}})
    changed = plugin.update("ConfigMap", state, news)
    assert changed["data"] == {"k": "new"}
    assert changed["__fieldManager"] == state["__fieldManager"]
    assert cluster.objects[CONFIG]["data"] == {"k": "new"}


def test_an_update_that_is_refused_records_nothing(plugin: Plugin, cluster: FakeKubernetes) -> None:
    _, state = plugin.made("ConfigMap", INPUTS)
    cluster.refusals["PATCH", CONFIG] = (422, "data: Invalid value")
    with pytest.raises(grpc.RpcError, match="data: Invalid value") as refusal:
        plugin.update("ConfigMap", state, state["__inputs"])
    assert recorded(refusal) is None


def test_an_update_of_what_is_gone_says_so(plugin: Plugin, cluster: FakeKubernetes) -> None:
    _, state = plugin.made("ConfigMap", INPUTS)
    del cluster.objects[CONFIG]
    with pytest.raises(grpc.RpcError, match='ConfigMap "default/c" not found'):
        plugin.update("ConfigMap", state, state["__inputs"])


@pytest.mark.parametrize("mutable", [False, True])
def test_a_replacement_deletes_first(
    plugin: Plugin, cluster: FakeKubernetes, mutable: bool
) -> None:
    """Which is why the provider had better say that secrets may change in place."""
    plugin.configure(kubeconfig=cluster.kubeconfig, enableSecretMutable=str(mutable).lower())
    _, state = plugin.made("Secret", {"metadata": {"name": "s"}, "data": {"k": "dg=="}})
    news = plugin.check("Secret", {"metadata": {"name": "s"}, "data": {"k": "dw=="}})
    answer = plugin.diff("Secret", state, news)
    assert list(answer.diffs) == ["data"]
    assert list(answer.replaces) == ([] if mutable else ["data.k"])
    assert answer.deleteBeforeReplace is not mutable


def test_another_name_makes_a_new_object_before_the_old_one_goes(plugin: Plugin) -> None:
    _, state = plugin.made("ConfigMap", INPUTS)
    news = plugin.check("ConfigMap", INPUTS | {"metadata": {"name": "d"}})
    answer = plugin.diff("ConfigMap", state, news)
    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["metadata.name"], False)


def test_nothing_changed_is_no_difference(plugin: Plugin) -> None:
    inputs = {"metadata": {"name": "s"}, "stringData": {"k": Secret("v")}}
    _, state = plugin.made("Secret", inputs)
    news = plugin.check("Secret", inputs)
    answer = plugin.diff("Secret", state, news)
    assert answer.changes == answer.DIFF_NONE
    assert not answer.detailedDiff


def test_a_refresh_brings_what_others_changed(plugin: Plugin, cluster: FakeKubernetes) -> None:
    resource_id, state = plugin.made("ConfigMap", INPUTS)
    inputs = state["__inputs"]
    same = plugin.read("ConfigMap", resource_id, state, inputs)
    assert to_plain(same.inputs) == inputs
    cluster.objects[CONFIG]["data"]["k"] = "edited"
    found = plugin.read("ConfigMap", resource_id, state, inputs)
    assert found.id == resource_id
    assert to_plain(found.inputs)["data"] == {"k": "edited"}
    answer = plugin.diff("ConfigMap", to_plain(found.properties), inputs)
    assert dict(answer.detailedDiff).keys() == {"data.k"}


def test_what_is_gone_reads_as_nothing(plugin: Plugin) -> None:
    assert plugin.read("ConfigMap", "default/c", {}, INPUTS).id == ""


def test_an_import_is_refused(plugin: Plugin) -> None:
    with pytest.raises(grpc.RpcError, match="imports no objects"):
        plugin.read("ConfigMap", "default/c")


def test_a_delete_takes_what_the_object_owns_and_waits_until_all_is_gone(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    resource_id, state = plugin.made("ConfigMap", INPUTS)
    cluster.looks_until_gone[CONFIG] = 3
    plugin.delete("ConfigMap", resource_id, state)
    assert CONFIG not in cluster.objects
    (asked,) = [asked for asked in cluster.asked if asked.method == "DELETE"]
    assert asked.body["propagationPolicy"] == "Foreground"
    plugin.delete("ConfigMap", resource_id, state)  # gone already


def test_a_delete_that_does_not_come_to_its_end_says_what_holds_it(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    inputs = INPUTS | {"metadata": {"name": "c", "finalizers": ["example.com/held"]}}
    resource_id, state = plugin.made("ConfigMap", inputs)
    cluster.looks_until_gone[CONFIG] = 10**6
    with pytest.raises(grpc.RpcError) as refusal:
        plugin.delete("ConfigMap", resource_id, state, timeout=0.2)
    expected = "ConfigMap default/c is not gone after 0.2 s: finalizers example.com/held"
    assert refusal.value.details() == expected


def test_a_preview_shows_what_the_server_would_make_of_it(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    service = {"metadata": {"name": "s"}, "spec": {"ports": [{"port": 1}]}}
    resource_id, shown = plugin.made("Service", service, preview=True)
    assert resource_id == ""
    assert shown["metadata"] == {"name": "s", "namespace": "default"}
    assert shown["spec"] == {"ports": [{"port": 1}]}, "no address that will be another one"
    assert "status" not in shown
    assert f"{NAMESPACE}/services/s" not in cluster.objects
    (asked,) = [asked for asked in cluster.asked if asked.method == "PATCH"]
    assert (asked.query["dryRun"], asked.query["force"]) == ("All", "true")


def test_a_preview_of_an_update_changes_nothing(plugin: Plugin, cluster: FakeKubernetes) -> None:
    _, state = plugin.made("ConfigMap", INPUTS)
    news = plugin.check("ConfigMap", INPUTS | {"data": {"k": "new"}})
    shown = plugin.update("ConfigMap", state, news, preview=True)
    assert shown["data"] == {"k": "new"}
    assert shown["metadata"]["uid"] == state["metadata"]["uid"]
    assert cluster.objects[CONFIG]["data"] == {"k": "v"}


@pytest.mark.parametrize(
    "inputs",
    [
        {"metadata": {"name": "c", "namespace": "later"}},
        {"metadata": {"name": "c"}, "data": {"k": UNKNOWN}},
    ],
    ids=["namespace", "value"],
)
def test_a_preview_shows_the_inputs_while_something_is_not_there_yet(
    plugin: Plugin, inputs: dict[str, object]
) -> None:
    checked = plugin.check("ConfigMap", inputs)
    assert plugin.create("ConfigMap", checked, preview=True) == ("", checked)
    state = plugin.made("ConfigMap", INPUTS | {"metadata": {"name": "old"}})[1]
    assert plugin.update("ConfigMap", state, checked, preview=True) == checked


def test_a_preview_of_a_replacement_does_not_ask_what_the_old_object_says(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    cluster.add(CONFIG, {})
    cluster.refusals["PATCH", CONFIG] = (422, "field is immutable")
    inputs = plugin.check("ConfigMap", INPUTS)
    assert plugin.create("ConfigMap", inputs, preview=True) == ("", inputs)


def test_a_preview_refuses_what_the_server_would(plugin: Plugin, cluster: FakeKubernetes) -> None:
    cluster.refusals["PATCH", CONFIG] = (422, "metadata.name: Invalid value")
    with pytest.raises(grpc.RpcError, match=r"metadata.name: Invalid value"):
        plugin.made("ConfigMap", INPUTS, preview=True)
    cluster.refusals["PATCH", CONFIG] = (403, "may not be tried")
    assert plugin.made("ConfigMap", INPUTS, preview=True)[0] == ""


def test_an_object_without_its_namespace_says_so(plugin: Plugin) -> None:
    inputs = INPUTS | {"metadata": {"name": "c", "namespace": "later"}}
    with pytest.raises(grpc.RpcError, match='namespaces "later" not found'):
        plugin.made("ConfigMap", inputs)


def test_without_a_cluster_a_preview_works_and_nothing_else_does(plugin: Plugin) -> None:
    _, state = plugin.made("ConfigMap", INPUTS)
    plugin.configure(kubeconfig="no/such/file")
    inputs = plugin.check("ConfigMap", INPUTS)
    assert plugin.create("ConfigMap", inputs, preview=True) == ("", inputs)
    for act in (
        lambda: plugin.create("ConfigMap", inputs),
        lambda: plugin.update("ConfigMap", state, inputs),
        lambda: plugin.read("ConfigMap", "default/c", state),
        lambda: plugin.delete("ConfigMap", "default/c", state),
    ):
        with pytest.raises(grpc.RpcError, match="cluster is unreachable"):
            act()


def test_a_state_of_the_official_plugin_goes_on_here(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    """As `up` leaves it there, then as a refresh does: the live object cut to the inputs."""
    program = {"metadata": {"name": "s"}, "stringData": {"key": Secret("canary")}}
    inputs = {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": {"key": "Y2FuYXJ5"}}
    inputs["metadata"] = {"name": "s", "namespace": "default"}
    cluster.add(f"{NAMESPACE}/secrets/s", inputs)
    live = cluster.objects[f"{NAMESPACE}/secrets/s"]
    own = {"__inputs": inputs, "__initialApiVersion": "v1", "__fieldManager": "pulumi-kubernetes-a"}
    state = {**live, **own}
    news = plugin.check("Secret", program | {"type": "Opaque"})
    answer = plugin.diff("Secret", state, news)
    assert not answer.detailedDiff
    assert not plugin.diff("Secret", state, news, old_inputs=inputs).detailedDiff
    found = plugin.read("Secret", "default/s", state, inputs)
    assert to_plain(found.inputs) == inputs | {"data": Secret(inputs["data"])}
    changed = plugin.update("Secret", state, news)
    assert changed["__fieldManager"] == "pulumi-kubernetes-a"
    (applied,) = [asked for asked in cluster.asked if asked.method == "PATCH"]
    assert applied.body["data"] == {"key": "Y2FuYXJ5"}
    assert "stringData" not in applied.body


def test_an_update_takes_over_what_a_create_of_the_official_plugin_owns(
    plugin: Plugin, cluster: FakeKubernetes
) -> None:
    """Else the API server would refuse other values, and keep what the program takes away."""
    _, state = plugin.made("ConfigMap", INPUTS)
    metadata = cluster.objects[CONFIG]["metadata"]
    metadata["managedFields"] = [{"manager": state["__fieldManager"], "operation": "Update"}]
    plugin.update("ConfigMap", state, state["__inputs"])
    (owner,) = metadata["managedFields"]
    assert (owner["manager"], owner["operation"]) == (state["__fieldManager"], "Apply")


def test_an_amount_in_the_servers_form_does_not_replace_a_set(plugin: Plugin) -> None:
    def claims(amount: str) -> dict[str, object]:
        claim = {"spec": {"resources": {"requests": {"storage": amount}}}}
        return {"metadata": {"name": "s"}, "spec": {"volumeClaimTemplates": [claim]}}

    old = plugin.check("StatefulSet", claims("8Gi"))
    answer = plugin.diff("StatefulSet", {**old, "__inputs": old}, claims("8192Mi"))
    assert not [path for path in answer.detailedDiff if path.startswith("spec")]
