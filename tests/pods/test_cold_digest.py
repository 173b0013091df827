"""What a change costs a pod: a restart, or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from components.member.member import BootstrapRecord, Member
from components.pods.layout import pods_of
from components.pods.manifests.secrets import files_digest, pki_data
from components.pods.manifests.statefulset import pod_template
from components.spec import load
from tests.node.stack_files import credentials
from tests.pods.pod_members import (
    PROJECT,
    first_member,
    in_place,
    place_of,
    record_of,
    stack_file,
)

COLD = "etcd-cluster/cold"


def cold(member: Member, bundle: str = "bundle\n", record: BootstrapRecord | None = None) -> str:
    record = record or record_of(member)
    template = pod_template(member, record, place_of(member), bundle)
    digest: str = template["metadata"]["annotations"][COLD]
    return digest


def test_a_restart_for_what_only_a_start_takes() -> None:
    changes = {
        "nothing": cold(first_member()),
        "trust bundle": cold(first_member(), bundle="another bundle\n"),
        "flag": cold(first_member(flags={"max-txn-ops": 256})),
        "version": cold(first_member(version="3.6.13")),
        "resources": cold(in_place(resources={"memory": "3Gi"})),
        "port": cold(first_member(client_port=4001)),
        "image": cold(in_place(image="registry.example.org/etcd")),
        "priority": cold(in_place(priority_class="etcd")),
        "spread": cold(in_place(spread="preferred")),
    }
    assert len(set(changes.values())) == len(changes)


@pytest.mark.parametrize(
    "settings",
    [
        {"nodes": 5},
        {"consumers": ["apiserver", "prometheus"]},
        {"names": ["etcd.example.org"]},
        {"throwaway": True, "on_destroy": "wipe"},
        {"kubernetes": {"namespace": "etcd", "storage": {"size": "9Gi"}}},
        {"kubernetes": {"namespace": "etcd", "clients": {"namespaces": ["apps"]}}},
        {"kubernetes": {"namespace": "etcd", "start_timeout_s": 20, "context": "prod"}},
        {"pki": {"lifetimes": {"server": {"validity": "90d"}}}},
    ],
    ids=str,
)
def test_no_restart_for_what_is_not_the_pods(settings: dict[str, Any]) -> None:
    assert cold(first_member(**settings)) == cold(first_member())


def test_no_restart_for_what_only_a_first_start_reads() -> None:
    member = first_member()
    known = record_of(member)
    founded_elsewhere = BootstrapRecord(known.token, {"etcd9": "https://etcd9-0.etcd:2380"})
    assert cold(member, record=founded_elsewhere) == cold(member)


def test_the_order_of_flags_changes_nothing() -> None:
    one = first_member(flags={"max-txn-ops": 256, "pre-vote": True})
    other = first_member(flags={"pre-vote": True, "max-txn-ops": 256})
    assert cold(one) == cold(other)


def test_a_flag_of_one_member_restarts_no_other() -> None:
    nodes = {"etcd0": {}, "etcd1": {"flags": {"max-txn-ops": 256}}, "etcd2": {}}
    asked, plain = (load({**stack_file(), **more}) for more in ({"nodes": nodes}, {}))
    were, are = (list(map(cold, pods_of(each, PROJECT))) for each in (plain, asked))
    assert [was == now for was, now in zip(were, are, strict=True)] == [True, False, True]


def test_renewed_leaves_are_another_state_of_the_secret_and_no_other_pod() -> None:
    was, renewed = credentials(), credentials(serial=2)
    assert files_digest(was) != files_digest(renewed)
    assert pki_data(was).keys() != pki_data(renewed).keys()


def test_a_script_sees_by_one_name_that_the_whole_secret_has_come() -> None:
    for known in (credentials(), credentials(serial=2), credentials(bundle="another\n")):
        data = pki_data(known)
        name = f"bundle-{files_digest(known)}.pem"
        assert data[name] == data["ca.pem"]
        assert [each for each in data if each.startswith("bundle-")] == [name]
