"""A cluster of pods: what all members share, the members in their turn, the final health check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pulumi
from pulumi import Input, Output, ResourceOptions

from components.context import ClusterContext
from components.member.member import BootstrapRecord, Member
from components.member.transports import Command
from components.pki.authority import Authority
from components.pods import objects, text
from components.pods.command import pod_command
from components.pods.component import EtcdPod
from components.pods.layout import pods_of
from components.pods.manifests import services
from components.pods.manifests.budget import disruption_budget
from components.pods.manifests.names import PREFIX, consumer_secret, labels
from components.pods.manifests.policy import network_policy
from components.pods.manifests.secrets import consumer_data
from components.pods.payload import payload
from components.pods.place import require_same_place
from components.pods.rehearsal_component import PodRehearsal
from components.pods.settings import check_settings, health_settings
from components.turns import in_turn


class Pods(pulumi.ComponentResource):
    """All members as pods. `health` is the last word of the final look at them."""

    members: list[EtcdPod]
    health: Output[str]

    def __init__(
        self,
        name: str,
        context: ClusterContext,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("etcd-cluster:pods:Pods", name, None, opts)
        assert context.spec.kubernetes is not None  # noqa: S101 (checked with the stack file)
        kubernetes = context.spec.kubernetes
        self._name, self._spec, self._pods = name, context.spec, kubernetes
        members = pods_of(context.spec, context.project)
        context = replace(context, bootstrap_record=context.bootstrap_record.apply(self._in_place))
        checked = self._check(members[0], context.bootstrap_record)
        provider = objects.provider(f"{name}-api", self._pods, ResourceOptions(parent=self))
        self._within = ResourceOptions(parent=self, provider=provider, depends_on=[checked])
        whose = context.bootstrap_record.apply(lambda known: known.authority)
        shared = [*self._shared(whose), *self._consumers(context.authority)]
        child = ResourceOptions(parent=self, providers=[provider])
        tried = [
            PodRehearsal(
                f"{name}-{member.name}", member, self._pods, context, after=[checked], opts=child
            )
            for member in members
        ]
        # Nobody's turn comes before all are known to start.
        turn = [*shared, *(each.rehearsed for each in tried)]

        def take(member: Member, turn: Sequence[Any], leave_before: Sequence[Any]) -> EtcdPod:
            return EtcdPod(
                f"{name}-{member.name}",
                member,
                kubernetes,
                context,
                leave_before=leave_before,
                turn=turn,
                opts=child,
            )

        self.members = in_turn(members, turn, take)
        self.health = self._health().stdout
        self.register_outputs({"health": self.health})

    def _in_place(self, record: BootstrapRecord) -> BootstrapRecord:
        require_same_place(record, self._spec)
        return record

    def _check(self, member: Member, record: Output[BootstrapRecord]) -> Command:
        """Before anything of the cluster is touched."""
        facts, pods = text.check_facts(member), self._pods
        sent = record.apply(
            lambda known: payload("check", check_settings(member, pods, known), pods)
        )
        opts = ResourceOptions(parent=self)
        return pod_command(self._name, "check", member, facts=facts, stdin=sent, opts=opts)

    def _health(self) -> Command:
        """Whenever something reached a pod."""
        member = self.members[0].member
        settings = health_settings(member, self._pods)
        stdin = Output.all(*(pod.digest for pod in self.members)).apply(
            lambda seen: payload("health", {**settings, "pods": "".join(seen)}, self._pods)
        )
        facts = text.health_facts(member)
        opts = ResourceOptions(parent=self, depends_on=[self.members[-1].applied])
        return pod_command(self._name, "health", member, facts=facts, stdin=stdin, opts=opts)

    def _shared(self, authority: Output[str]) -> list[pulumi.Resource]:
        spec, pods, name = self._spec, self._pods, self._name
        whose = {f"{PREFIX}/authority": authority}
        return [
            objects.service(
                f"{name}-members",
                self._meta(pods.service, whose),
                services.headless_service(spec),
                self._within,
            ),
            objects.service(
                f"{name}-clients",
                self._meta(pods.client_service),
                services.client_service(spec),
                self._within,
            ),
            objects.budget(
                f"{name}-budget", self._meta(pods.service), disruption_budget(spec), self._within
            ),
            objects.network_policy(
                f"{name}-policy", self._meta(pods.service), network_policy(spec, pods), self._within
            ),
        ]

    def _consumers(self, authority: Authority) -> list[pulumi.Resource]:
        """Clients with pods in the same namespace mount these."""
        return [
            objects.secret(
                f"{self._name}-consumer-{consumer}",
                self._meta(consumer_secret(self._pods.service, consumer)),
                Output.all(authority.bundle, leaf.certificate_pem, leaf.key_pem).apply(
                    lambda pems: consumer_data(*pems)
                ),
                self._within,
                kind="kubernetes.io/tls",
            )
            for consumer, leaf in authority.consumers.items()
        ]

    def _meta(
        self, name: str, annotations: Mapping[str, Input[str]] | None = None
    ) -> dict[str, Any]:
        return objects.metadata(self._pods, name, labels(self._spec), annotations)
