"""What a real API server says of every object of a cluster of pods, without making any."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from lab.hosts.machine import Result
from lab.kubernetes.fixtures import need_lab
from lab.kubernetes.lab import Lab
from tests.pods.documents import documents
from tests.pods.pod_members import EVERYTHING, first_member, first_of, in_place, stack_file
from tests.spec.stack_files import put

pytestmark = pytest.mark.slow

NAMESPACE = "n" * 63
# As long as the spec takes them.
LONG: dict[str, Any] = {
    **stack_file(),
    "name": "c" * 63,
    "kubernetes": {"namespace": NAMESPACE, "service": "s" * 56},
    "nodes": {"m" * 52: {}},
    "consumers": ["a" * 63],
}
VARIANTS: dict[str, dict[str, Any]] = {
    "defaults": documents(first_member()),
    "everything": documents(first_member(**EVERYTHING)),
    "long": documents(first_of(LONG)),
}
EACH = [(variant, name) for variant, found in VARIANTS.items() for name in found]
NAMESPACES = {
    document["metadata"]["namespace"] for v in VARIANTS.values() for document in v.values()
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A control plane without nodes, and namespaces that tell of pods with needless rights."""
    need_lab()
    with Lab(tmp_path_factory.mktemp("lab"), nodes=0) as made:
        for name in sorted(NAMESPACES):
            made.kubectl("create", "namespace", name).ok()
            made.kubectl("label", "namespace", name, "pod-security.kubernetes.io/warn=restricted")
        yield made


def applied(lab: Lab, document: dict[str, Any]) -> Result:
    """As the server would take it; a field that it does not know is an error."""
    words = ("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-")
    return lab.kubectl(*words, stdin=json.dumps(document))


MADE_UP = "Warning: tls: failed to find any PEM data in certificate input\n"


@pytest.mark.parametrize(("variant", "name"), EACH)
def test_it_is_taken_without_a_warning(lab: Lab, variant: str, name: str) -> None:
    done = applied(lab, VARIANTS[variant][name])
    # The golden files' certificates are made up.
    warned = done.stderr.replace(MADE_UP, "") if name == "consumer" else done.stderr
    assert (done.status, warned) == (0, "")


# (object, path in it, value, part of what is said)
MISTAKES: list[tuple[str, str, Any, str]] = [
    ("members", "spec.publishNotReadyAdresses", True, "publishNotReadyAdresses"),
    ("clients", "spec.ports.0.targetport", "client", "targetport"),
    ("budget", "spec.maxUnavailabel", 1, "maxUnavailabel"),
    ("policy", "spec.ingress.0.form", [], "form"),
    ("entry", "datta", {}, "datta"),
    ("pki", "spec", {}, "spec"),
    ("pki", "data.key", "no base64", "base64"),
    ("consumer", "data", {}, "tls.crt"),
    ("pod", "spec.updateStrategy.type", "Never", "OnDelete"),
    ("pod", "spec.template.spec.containers.0.readinesProbe", {}, "readinesProbe"),
    ("pod", "spec.template.metadata.labels", {"a": "b"}, "selector"),
    ("pod", "spec.volumeClaimTemplates.0.spec.resources.requests.storage", "8 GB", "quantities"),
    # What the spec refuses before, and why.
    ("members", "metadata.name", "9etcd", "DNS-1035"),
    ("clients", "metadata.name", f"{'s' * 57}-client", "must be no more than 63"),
    ("pod", "spec.template.spec.priorityClassName", "Not.A_Name", "priorityClassName"),
]


@pytest.mark.parametrize(("name", "path", "value", "reason"), MISTAKES)
def test_what_is_wrong_is_refused(
    lab: Lab, name: str, path: str, value: object, reason: str
) -> None:
    document = copy.deepcopy(VARIANTS["defaults"][name])
    put(document, path.split("."), value)
    done = applied(lab, document)
    assert done.status != 0
    assert reason in done.stderr


def test_a_pod_with_needless_rights_would_be_told(lab: Lab) -> None:
    document = copy.deepcopy(VARIANTS["defaults"]["pod"])
    put(document, ["spec", "template", "spec", "securityContext"], {})
    assert "would violate PodSecurity" in applied(lab, document).ok().stderr


@pytest.mark.parametrize("spread", ["required", "preferred"])
def test_either_way_to_keep_apart_is_taken(lab: Lab, spread: str) -> None:
    applied(lab, documents(in_place(spread=spread))["pod"]).ok()
