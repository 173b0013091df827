"""What matters about a member's StatefulSet and its pod, whatever the stack file says."""

from __future__ import annotations

from typing import Any

import pytest

from components.member.member import Member
from components.pods.manifests.pod import arguments, pod_spec
from components.pods.manifests.statefulset import stateful_set
from tests.pods.pod_members import EVERYTHING, first_member, in_place, place_of, record_of

# How etcd is told what changes from one start to the next.
FROM_ENVIRONMENT = ("--data-dir", "--initial-cluster", "--initial-cluster-state")
MEMBERS = {"defaults": first_member(), "everything": first_member(**EVERYTHING)}
each_member = pytest.mark.parametrize("member", MEMBERS.values(), ids=MEMBERS)


def set_of(member: Member) -> dict[str, Any]:
    return stateful_set(member, record_of(member), place_of(member), "bundle\n")


def pod_of(member: Member) -> dict[str, Any]:
    return pod_spec(member, record_of(member), place_of(member))


def container_of(member: Member) -> dict[str, Any]:
    (container,) = pod_of(member)["containers"]
    found: dict[str, Any] = container
    return found


@each_member
def test_etcd_is_started_without_a_shell(member: Member) -> None:
    command = container_of(member)["command"]
    assert command[0] == "etcd"
    assert all(word.startswith("--") and "=" in word for word in command[1:])
    assert "args" not in container_of(member)
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert "httpGet" in container_of(member)[probe]


@each_member
def test_nothing_in_the_pod_has_a_right_that_etcd_does_not_need(member: Member) -> None:
    pod = pod_of(member)
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["fsGroup"] == pod["securityContext"]["runAsGroup"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container_of(member)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not {"hostNetwork", "hostPID", "hostIPC", "serviceAccountName"} & set(pod)


@each_member
def test_keys_are_read_by_etcds_group_alone_and_written_by_nobody(member: Member) -> None:
    (volume,) = pod_of(member)["volumes"]
    assert volume["secret"]["defaultMode"] == 0o440
    (mount,) = (m for m in container_of(member)["volumeMounts"] if m["name"] == volume["name"])
    assert mount["readOnly"] is True
    # Of a file that is mounted alone, a renewal is never seen.
    assert "subPath" not in mount


@each_member
def test_no_variable_of_a_service_is_taken_for_a_flag(member: Member) -> None:
    assert pod_of(member)["enableServiceLinks"] is False


def test_a_dollar_is_one_to_etcd() -> None:
    """Kubernetes replaces `$(NAME)`, and makes one dollar of two."""
    member = first_member(flags={"distributed-tracing-service-name": "$(HOME) $$ ${A} $"})
    (argument,) = (a for a in arguments(member, record_of(member)) if "tracing" in a)
    assert argument.partition("=")[2] == "$$(HOME) $$$$ $${A} $$"


@each_member
def test_what_changes_from_start_to_start_is_no_argument(member: Member) -> None:
    names = {argument.partition("=")[0] for argument in arguments(member, record_of(member))}
    assert not names & set(FROM_ENVIRONMENT)
    assert "--initial-cluster-token" in names
    (source,) = container_of(member)["envFrom"]
    assert source == {"configMapRef": {"name": f"{member.name}-entry"}}


@each_member
def test_members_know_each_other_by_name_and_listen_wherever_they_are(member: Member) -> None:
    told = dict(a[2:].split("=", 1) for a in arguments(member, record_of(member)))
    place = place_of(member)
    host = f"{member.name}-0.{place.service}.{place.namespace}.svc.{place.cluster_domain}"
    assert told["advertise-client-urls"] == f"https://{host}:{member.node.client_port}"
    assert told["initial-advertise-peer-urls"] == f"https://{host}:{member.node.peer_port}"
    for name in ("listen-client-urls", "listen-peer-urls", "listen-metrics-urls"):
        assert told[name].split("//")[1].startswith("0.0.0.0:")


@each_member
def test_a_probe_is_answered_without_a_certificate(member: Member) -> None:
    container = container_of(member)
    assert [container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness")] == [
        "/livez",
        "/livez",
    ]
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    listens = next(w for w in container["command"] if w.startswith("--listen-metrics-urls="))
    (port,) = (p["containerPort"] for p in container["ports"] if p["name"] == "metrics")
    assert listens == f"--listen-metrics-urls=http://0.0.0.0:{port}"


def test_members_keep_apart_as_asked() -> None:
    def terms(spread: str) -> tuple[Any, Any]:
        affinity = pod_of(in_place(spread=spread))["affinity"]["podAntiAffinity"]
        ((kind, (term,)),) = affinity.items()
        return kind, term

    kind, term = terms("required")
    assert kind == "requiredDuringSchedulingIgnoredDuringExecution"
    assert term["topologyKey"] == "kubernetes.io/hostname"
    kind, weighed = terms("preferred")
    assert kind == "preferredDuringSchedulingIgnoredDuringExecution"
    assert weighed["podAffinityTerm"] == term


@each_member
def test_one_zone_is_better_than_none(member: Member) -> None:
    (spread,) = pod_of(member)["topologySpreadConstraints"]
    assert spread["topologyKey"] == "topology.kubernetes.io/zone"
    assert spread["whenUnsatisfiable"] == "ScheduleAnyway"


def test_memory_has_a_limit_and_processors_have_none() -> None:
    resources = container_of(in_place(resources={"cpu": "1", "memory": "4Gi"}))["resources"]
    assert resources == {
        "requests": {"cpu": "1", "memory": "4Gi"},
        "limits": {"memory": "4Gi"},
    }


def test_a_priority_class_and_a_storage_class_are_named_only_when_they_are_set() -> None:
    plain, named = first_member(), first_member(**EVERYTHING)
    assert "priorityClassName" not in pod_of(plain)
    assert pod_of(named)["priorityClassName"] == "etcd"
    (claim,), (named_claim,) = (set_of(each)["volumeClaimTemplates"] for each in (plain, named))
    assert "storageClassName" not in claim["spec"]
    assert named_claim["spec"]["storageClassName"] == "local-path"


@each_member
def test_a_member_starts_without_waiting_and_ends_by_our_hand_alone(member: Member) -> None:
    found = set_of(member)
    assert found["replicas"] == 1
    assert found["podManagementPolicy"] == "Parallel"
    assert found["updateStrategy"] == {"type": "OnDelete"}
    assert found["serviceName"] == place_of(member).service
    labels = found["template"]["metadata"]["labels"]
    assert found["selector"]["matchLabels"].items() <= labels.items()


@pytest.mark.parametrize(
    ("settings", "deleted"),
    [
        ({}, "Retain"),
        ({"throwaway": True}, "Retain"),
        ({"throwaway": True, "on_destroy": "wipe"}, "Delete"),
    ],
)
def test_a_volume_outlives_its_set_unless_it_may_be_wiped(
    settings: dict[str, Any], deleted: str
) -> None:
    retention = set_of(first_member(**settings))["persistentVolumeClaimRetentionPolicy"]
    # One that leaves is stopped by having no replica, and may have to come back.
    assert retention == {"whenDeleted": deleted, "whenScaled": "Retain"}
