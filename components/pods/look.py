"""The look at the place in Kubernetes, before anything is remembered of a cluster there."""

from __future__ import annotations

from pathlib import Path

import pulumi
from pulumi import ResourceOptions

from components.member.transports import Command
from components.pods import text
from components.pods.command import pod_command
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
    return [
        pod_command(
            name,
            "look",
            member,
            facts=text.look_facts(member, spec.kubernetes),
            stdin=payload("look", look_settings(member, spec.kubernetes), spec.kubernetes),
            opts=ResourceOptions(parent=parent),
        )
    ]
