"""The rehearsal of a member's start in a pod of its own, as a Pulumi resource."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from components.context import ClusterContext
from components.member.credentials import Credentials
from components.member.issued import credentials_of
from components.member.member import BootstrapRecord, Member
from components.member.transports import Command
from components.pods import text
from components.pods.command import pod_command
from components.pods.manifests.statefulset import cold_of, pod_template
from components.pods.payload import payload
from components.pods.rehearsal import rehearsal_objects
from components.pods.settings import rehearse_settings
from components.spec.models.kubernetes import Kubernetes


class PodRehearsal(pulumi.ComponentResource):
    """A pod from the member's template has started beside it: what etcd or Kubernetes refuses is
    known before anybody restarts."""

    rehearsed: Command

    def __init__(
        self,
        name: str,
        member: Member,
        pods: Kubernetes,
        context: ClusterContext,
        *,
        after: Sequence[Any],
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("etcd-cluster:pods:Rehearsal", name, None, opts)

        def packed(record: BootstrapRecord, bundle: str, credentials: Credentials) -> str:
            cold = cold_of(pod_template(member, record, pods, bundle))
            manifests = rehearsal_objects(member, record, pods, credentials)
            return payload("rehearse", rehearse_settings(member, pods, cold), pods, [manifests])

        authority = context.authority
        known = Output.all(
            context.bootstrap_record, authority.bundle, credentials_of(member, authority)
        )
        self.rehearsed = pod_command(
            name,
            "rehearse",
            member,
            facts=text.member_facts(member),
            stdin=known.apply(lambda values: packed(*values)),
            opts=ResourceOptions(parent=self, depends_on=list(after)),
        )
        self.register_outputs({})
