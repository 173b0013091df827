"""How members of a cluster of pods are found, who reaches them, and how many may go at once."""

from __future__ import annotations

from typing import Any

import pytest

from components.pods.manifests.budget import disruption_budget
from components.pods.manifests.names import labels
from components.pods.manifests.policy import network_policy
from components.pods.manifests.services import client_service, headless_service
from components.pods.manifests.statefulset import stateful_set
from tests.pods.pod_members import first_member, in_place, place_of, record_of


def policy_of(**settings: Any) -> dict[str, Any]:
    member = in_place(**settings)
    return network_policy(member.cluster, place_of(member))


def rule_for(port: str, **settings: Any) -> dict[str, Any]:
    """What the policy says about a port."""
    rules = policy_of(**settings)["ingress"]
    (found,) = (rule for rule in rules if rule["ports"] == [{"port": port, "protocol": "TCP"}])
    rule: dict[str, Any] = found
    return rule


MEMBERS = {"podSelector": {"matchLabels": labels(first_member().cluster)}}


def test_a_member_is_found_before_it_is_ready() -> None:
    service = headless_service(first_member().cluster)
    assert service["clusterIP"] == "None"
    assert service["publishNotReadyAddresses"] is True


def test_clients_are_led_to_those_that_are_ready() -> None:
    service = client_service(first_member(client_port=4001).cluster)
    assert "publishNotReadyAddresses" not in service
    assert "clusterIP" not in service
    assert [(port["name"], port["port"]) for port in service["ports"]] == [("client", 4001)]


def test_everything_selects_the_pods_and_those_alone() -> None:
    member = first_member()
    cluster, place = member.cluster, place_of(member)
    pod = stateful_set(member, record_of(member), place, "")["template"]["metadata"]["labels"]
    for selector in (
        headless_service(cluster)["selector"],
        client_service(cluster)["selector"],
        disruption_budget(cluster)["selector"]["matchLabels"],
        network_policy(cluster, place)["podSelector"]["matchLabels"],
    ):
        assert selector.items() <= pod.items()
        assert selector["app.kubernetes.io/instance"] == cluster.name


@pytest.mark.parametrize("nodes", [1, 3, 5, 7])
def test_one_may_go_at_a_time_whatever_the_size(nodes: int) -> None:
    budget = disruption_budget(first_member(nodes=nodes).cluster)
    # A member without any pod counts as well.
    assert budget["minAvailable"] == nodes - 1
    assert "maxUnavailable" not in budget
    # Without a quorum nobody is ready, and nobody may go.
    assert budget["unhealthyPodEvictionPolicy"] == "IfHealthyBudget"


@pytest.mark.parametrize("settings", [{}, {"clients": {"namespaces": ["apps"]}}], ids=str)
def test_the_peer_port_is_for_members_alone(settings: dict[str, Any]) -> None:
    assert rule_for("peer", **settings)["from"] == [MEMBERS]


@pytest.mark.parametrize("port", ["client", "metrics"])
def test_nobody_named_is_everybody(port: str) -> None:
    assert "from" not in rule_for(port)


def test_named_clients_are_let_in_beside_the_members() -> None:
    named = {"namespaces": ["apps"], "networks": ["10.0.0.0/8"]}
    assert rule_for("client", clients=named)["from"] == [
        MEMBERS,
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "apps"}}},
        {"ipBlock": {"cidr": "10.0.0.0/8"}},
    ]
    assert "from" not in rule_for("metrics", clients=named)


def test_who_looks_at_metrics_is_no_client() -> None:
    named = {"namespaces": ["monitoring"]}
    assert rule_for("metrics", metrics=named)["from"] == [
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    ]
    assert "from" not in rule_for("client", metrics=named)


def test_what_a_pod_sends_is_not_restricted() -> None:
    assert policy_of()["policyTypes"] == ["Ingress"]
