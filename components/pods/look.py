"""The look at the place in Kubernetes, before anything is remembered of a cluster there."""

from __future__ import annotations

from pathlib import Path

import pulumi
from pulumi import Output, ResourceOptions

from components.node.text import command_text
from components.node.transports import TRANSPORTS, Command, CommandText
from components.pods import text
from components.pods.layout import pods_of
from components.pods.payload import payload
from components.pods.settings import look_settings
from components.spec import Cluster


def look(name: str, spec: Cluster, project: Path, parent: pulumi.Resource) -> list[Command]:
    """The command; none for a cluster on machines. A mistyped namespace would be remembered as the
    one in which the cluster was founded."""
    if spec.kubernetes is None:
        return []
    member = pods_of(spec, project)[0]
    texts = CommandText(
        create=command_text(member, "look", "create", text.look_facts(member, spec.kubernetes)),
        update=command_text(member, "look", "update", {}),
    )
    sent = payload("look", look_settings(member, spec.kubernetes), spec.kubernetes)
    opts = ResourceOptions(parent=parent)
    return [
        TRANSPORTS["kubernetes"].command(
            f"{name}-look", member.node, texts, Output.secret(sent), opts
        )
    ]
