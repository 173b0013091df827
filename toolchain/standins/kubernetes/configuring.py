"""What the engine asks about the provider itself, before it configures one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolchain.standins.kubernetes import kubeconfig
from toolchain.standins.kubernetes.settings import PREFIX, switch
from toolchain.standins.wire import bare, has_unknown

_IDENTIFIER = "clusterIdentifier"
_PLACES = ("kubeconfig", "context", "cluster")
_NOT_HERE = {
    "cluster": "choose the cluster by `context`",
    "renderYamlToDirectory": "it applies objects and writes no files",
}


def refusals(news: Mapping[str, Any]) -> dict[str, str]:
    """Property to reason, for what the stand-in cannot do."""
    found = {
        name: f"the stand-in for the kubernetes plugin has no {name}: {instead}"
        for name, instead in _NOT_HERE.items()
        if bare(news.get(name))
    }
    given = bare(news.get("enableServerSideApply"))
    said = {} if given is None else {f"{PREFIX}enableServerSideApply": str(given).lower()}
    if not switch(said, "enableServerSideApply", default=True):
        found["enableServerSideApply"] = (
            "the stand-in for the kubernetes plugin applies on the server only: leave it at true"
        )
    return found


def replacing(olds: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The changed properties, and those of them that lead to another cluster.

    Another cluster is told by what its kubeconfig says of it; a `clusterIdentifier` in both tells
    it better, and then alone.
    """
    old, new = bare(dict(olds)), bare(dict(news))
    changed = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    if old.get(_IDENTIFIER) and new.get(_IDENTIFIER):
        return changed, [_IDENTIFIER] if _IDENTIFIER in changed else []
    moved = [name for name in _PLACES if name in changed]
    unknown = [name for name in moved if has_unknown(new.get(name))]
    if unknown or not moved:
        return changed, unknown
    before, after = _leads_to(old), _leads_to(new)
    return changed, moved if before and after and before != after else []


def _leads_to(config: Mapping[str, Any]) -> dict[str, Any] | None:
    content = kubeconfig.content_of(config.get("kubeconfig") or "")
    return kubeconfig.active_cluster(content, config.get("context") or "")
