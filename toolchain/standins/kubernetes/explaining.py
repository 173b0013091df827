"""Why an object is not ready: what its pods, their containers and the events about both say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from toolchain.standins.kubernetes import trouble
from toolchain.standins.kubernetes.cluster import Cluster
from toolchain.standins.kubernetes.errors import KubernetesError
from toolchain.standins.kubernetes.kinds import EVENT, POD, SERVICE, Kind
from toolchain.standins.kubernetes.objects import (
    Object,
    full_name,
    name_of,
    namespace_of,
    within,
)

_MOST_PODS = 5
_MOST_EVENTS = 3
_LAST_LINES = 5


def reasons(cluster: Cluster, kind: Kind, live: Object) -> list[str]:
    """What can be found out. Asking must not hide the failure that is asked about."""
    found: list[str] = []
    with suppress(KubernetesError):
        found += (f"{kind.name} {full_name(live)}: {text}" for text in _events(cluster, live))
    pods: list[Object] = []
    with suppress(KubernetesError):
        pods = _pods(cluster, kind, live)
    troubled = [pod for pod in pods if trouble.of_pod(pod)]
    for pod in troubled[:_MOST_PODS]:
        found += trouble.of_pod(pod)
        with suppress(KubernetesError):
            found += _of_failing(cluster, pod)
        with suppress(KubernetesError):
            found += (f"pod {full_name(pod)}: {text}" for text in _events(cluster, pod))
    if len(troubled) > _MOST_PODS:
        found.append(f"and {len(troubled) - _MOST_PODS} pods more")
    return list(dict.fromkeys(found))


def _pods(cluster: Cluster, kind: Kind, live: Object) -> list[Object]:
    place = ["spec", "selector"] if kind == SERVICE else ["spec", "selector", "matchLabels"]
    selector = within(live, *place)
    if not selector:
        return []
    chosen = ",".join(f"{name}={value}" for name, value in sorted(selector.items()))
    pods = cluster.list(POD, namespace_of(live), label_selector=chosen)
    return sorted(pods, key=name_of)


def _events(cluster: Cluster, live: Object) -> list[str]:
    about = f"involvedObject.name={name_of(live)}"
    if uid := within(live, "metadata", "uid"):
        about += f",involvedObject.uid={uid}"
    found = cluster.list(EVENT, namespace_of(live), field_selector=about)
    return trouble.of_events(found, _MOST_EVENTS)


def _of_failing(cluster: Cluster, pod: Object) -> Iterator[str]:
    for container in trouble.failing(pod):
        words = cluster.last_words(pod, container, _LAST_LINES).strip()
        if words:
            yield f"pod {full_name(pod)}: container {container} printed last:\n{words}"
