"""The pod that starts beside a member's: alike in all that may be refused, reached by nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.member.member import Member
from components.pods.manifests.names import labels
from components.pods.manifests.pod import pod_spec
from components.pods.rehearsal import rehearsal_objects
from tests.node.stack_files import credentials
from tests.pods.pod_members import EVERYTHING, first_member, place_of, record_of

MEMBERS = {"defaults": first_member(), "everything": first_member(**EVERYTHING)}
each_member = pytest.mark.parametrize("member", MEMBERS.values(), ids=MEMBERS)


def objects_of(member: Member) -> dict[str, dict[str, Any]]:
    file = rehearsal_objects(member, record_of(member), place_of(member), credentials())
    assert file.mode == 0o600
    return {each["kind"]: each for each in json.loads(file.content)["items"]}


@each_member
def test_nothing_of_the_cluster_selects_it(member: Member) -> None:
    for each in objects_of(member).values():
        assert not labels(member.cluster).items() & each["metadata"]["labels"].items()
        assert each["metadata"]["name"] == f"{member.name}-rehearsal"
        assert each["metadata"]["namespace"] == place_of(member).namespace


@each_member
def test_it_differs_from_the_members_pod_in_what_keeps_it_alone(member: Member) -> None:
    rehearsed = objects_of(member)["Pod"]["spec"]
    own = pod_spec(member, record_of(member), place_of(member))
    differ = {key for key in {*own, *rehearsed} if own.get(key) != rehearsed.get(key)}
    assert differ == {
        *("affinity", "topologySpreadConstraints", "containers", "volumes"),
        *("restartPolicy", "activeDeadlineSeconds", "terminationGracePeriodSeconds"),
    }
    (container,), (its,) = rehearsed["containers"], own["containers"]
    for key in ("image", "imagePullPolicy", "resources", "securityContext", "volumeMounts"):
        assert container[key] == its[key]
    former = len(its["command"])
    assert container["command"][:former] == its["command"]
    for word in container["command"][former:]:
        assert "://127.0.0.1:" in word, "nobody else reaches it"
    assert {each["name"] for each in rehearsed["volumes"]} == {"pki", "data"}
    assert {"name": "data", "emptyDir": {}} in rehearsed["volumes"]


@each_member
def test_it_has_certificates_of_its_own_in_time(member: Member) -> None:
    objects = objects_of(member)
    (pki,) = (each for each in objects["Pod"]["spec"]["volumes"] if each["name"] == "pki")
    assert pki["secret"]["secretName"] == objects["Secret"]["metadata"]["name"]
    assert {"ca.pem", "server.key", "maintenance.pem"} <= {*objects["Secret"]["data"]}
