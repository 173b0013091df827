"""The text that leads kubectl and Pulumi to an API server."""

from __future__ import annotations

import yaml
from pydantic import SecretStr

from components.spec.report.refuse import refuse

_REMEDY = (
    "`kubectl config view --raw --flatten --minify | "
    "pulumi config set --secret --path etcd-cluster:cluster.kubernetes.kubeconfig`"
)


def check_kubeconfig(secret: SecretStr) -> SecretStr:
    """The text itself, not the name of a file. No reason holds any part of it."""
    text = secret.get_secret_value()
    if "\n" not in text.strip() and text.startswith(("/", "~", ".")):
        raise refuse("is the name of a file, not the text in it", remedy=_REMEDY)
    try:
        config = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        config = None
    if not isinstance(config, dict) or not config.get("clusters"):
        raise refuse("is no kubeconfig: it names no clusters", remedy=_REMEDY)
    return secret
