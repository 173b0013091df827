"""The provider's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolchain.standins.kubernetes.kinds import CONFIG_MAP, SECRET, Kind

_PREFIX = "kubernetes:config:"
_MUTABLE = {SECRET: "enableSecretMutable", CONFIG_MAP: "enableConfigMapMutable"}


@dataclass(frozen=True)
class Settings:
    """What holds for every object of one provider."""

    kubeconfig: str = ""
    """A path or a content."""
    context: str = ""
    namespace: str = ""
    """Where objects go that name none; empty for the context's own."""
    mutable: frozenset[Kind] = frozenset()
    """Secret and ConfigMap, where their content may change in place."""


def of_variables(variables: Mapping[str, str]) -> Settings:
    """The settings of a Configure request."""

    def text(name: str) -> str:
        return variables.get(_PREFIX + name, "")

    return Settings(
        kubeconfig=text("kubeconfig"),
        context=text("context"),
        namespace=text("namespace"),
        mutable=frozenset(kind for kind, name in _MUTABLE.items() if text(name) == "true"),
    )
