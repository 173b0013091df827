"""The provider's configuration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "kubernetes:config:"

# What the official plugin also reads from the environment of whoever runs it.
_VARIABLES = {
    "deleteUnreachable": "PULUMI_K8S_DELETE_UNREACHABLE",
    "enableConfigMapMutable": "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
    "enablePatchForce": "PULUMI_K8S_ENABLE_PATCH_FORCE",
    "enableSecretMutable": "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
    "enableServerSideApply": "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
    "upsertExistingObjects": "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
}


@dataclass(frozen=True)
class Settings:
    """What holds for every object of one provider."""

    kubeconfig: str = ""
    """A path or a content; empty for what kubectl would take."""
    context: str = ""
    namespace: str = ""
    """Where objects go that name none; empty for the context's own."""
    delete_unreachable: bool = False
    config_maps_mutable: bool = False
    secrets_mutable: bool = False
    force: bool = False
    """Take over fields that somebody else manages."""
    upsert: bool = False
    """Take over objects that exist."""

    def content_mutable(self, kind: str) -> bool:
        """Whether the data of a Secret or ConfigMap may change in place."""
        return self.secrets_mutable if kind == "Secret" else self.config_maps_mutable


def of_variables(variables: Mapping[str, str]) -> Settings:
    """The settings of a Configure request."""

    def text(name: str) -> str:
        return variables.get(PREFIX + name, "")

    return Settings(
        kubeconfig=text("kubeconfig"),
        context=text("context"),
        namespace=text("namespace"),
        delete_unreachable=switch(variables, "deleteUnreachable"),
        config_maps_mutable=switch(variables, "enableConfigMapMutable"),
        secrets_mutable=switch(variables, "enableSecretMutable"),
        force=switch(variables, "enablePatchForce"),
        upsert=switch(variables, "upsertExistingObjects"),
    )


def switch(variables: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """Whether a switch is on: by the configuration, else by the environment."""
    given = variables.get(PREFIX + name, os.environ.get(_VARIABLES[name]))
    return default if given is None else given == "true"
