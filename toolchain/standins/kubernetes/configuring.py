"""What the engine asks about the provider itself, before it configures one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolchain.standins.kubernetes import kubeconfig
from toolchain.standins.wire import bare, has_unknown

_KNOWN = {
    *("kubeconfig", "context", "namespace", "enableSecretMutable", "enableConfigMapMutable"),
    _IDENTIFIER := "clusterIdentifier",
    *("version", "pluginDownloadURL", "__internal"),  # the engine's own
}
_ALSO_THE_OFFICIAL_DEFAULT = {"enableServerSideApply": (True, "true")}
_PLACES = ("kubeconfig", "context")


def refusals(news: Mapping[str, Any]) -> dict[str, str]:
    """Property to reason, for what the stand-in cannot do."""
    found = {
        name: f"the stand-in for the kubernetes plugin has no {name}: {value}"
        for name, value in bare(dict(news)).items()
        if name not in _KNOWN and value not in _ALSO_THE_OFFICIAL_DEFAULT.get(name, ())
    }
    if not news.get("kubeconfig"):
        found["kubeconfig"] = (
            "the stand-in for the kubernetes plugin takes no cluster by itself: "
            "give a kubeconfig, its path or its content"
        )
    return found


def replacing(olds: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The changed properties, and those of them that lead to another cluster.

    Another cluster is told by its identifier or, without one, by what its kubeconfig says of it.
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
