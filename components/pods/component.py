"""A member as a pod, as Pulumi resources."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi import Input, Output, ResourceOptions

from components.context import ClusterContext
from components.member.command_text import Action
from components.member.credentials import Credentials
from components.member.issued import credentials_of
from components.member.member import Member
from components.member.transports import Command
from components.pods import objects, text
from components.pods.command import pod_command
from components.pods.manifests.entry import bootstrap_guard
from components.pods.manifests.names import PREFIX, entry_map, member_labels, pki_secret
from components.pods.manifests.secrets import files_digest, pki_data
from components.pods.manifests.statefulset import cold_of, pod_template, stateful_set
from components.pods.payload import payload
from components.pods.settings import (
    apply_settings,
    enter_settings,
    pod_settings,
)
from components.spec.models.kubernetes import Kubernetes


class EtcdPod(pulumi.ComponentResource):
    """One member. Its resources come in its turn: certificates, the bootstrap guard, the
    StatefulSet, the command that removes it, and the command that starts or restarts its pod."""

    applied: Command
    leaving: Command
    digest: Output[str]
    """Changes with whatever reaches the pod; secret."""

    def __init__(
        self,
        name: str,
        member: Member,
        pods: Kubernetes,
        context: ClusterContext,
        *,
        leave_before: Sequence[Any],
        turn: Sequence[Any],
        opts: ResourceOptions | None = None,
    ) -> None:
        """Its turn comes when everything in `turn` is done. Destroying the stack removes no member;
        otherwise it is removed before those of `leave_before`."""
        super().__init__("etcd-cluster:pods:EtcdPod", name, None, opts)
        self._name, self._pods, self.member = name, pods, member
        self._bootstrap_record, bundle = context.bootstrap_record, context.authority.bundle
        credentials = credentials_of(member, context.authority)
        secret = self._secret(credentials, turn)
        guard = objects.config_map(
            f"{self._name}-entry",
            self._meta(entry_map(self.member.name)),
            bootstrap_guard(self.member),
            self._options(turn),
        )
        who = text.member_facts(self.member)
        entered = self._command("enter", who, self._entry(), [secret, guard])
        running = self._stateful_set(bundle, [entered])
        # Nobody is a member before the state knows the way out.
        behind = [running, *leave_before]
        whole = context.stash
        self.leaving = self._command("leave", who, self._way_out(), behind, deleted_with=whole)
        sent = self._turn(bundle, credentials)
        what = text.apply_facts(self.member, self._pods)
        self.applied = self._command("apply", what, sent, [self.leaving])
        self.digest = sent.apply(lambda payload: hashlib.sha256(payload.encode()).hexdigest())
        self.register_outputs({})

    def _secret(self, credentials: Output[Credentials], after: Sequence[Any]) -> Any:
        annotations = {f"{PREFIX}/signing": str(self.member.cluster.pki.signing)}
        return objects.secret(
            f"{self._name}-pki",
            self._meta(pki_secret(self.member.name), annotations),
            credentials.apply(pki_data),
            self._options(after),
        )

    def _stateful_set(self, bundle: Output[str], after: Sequence[Any]) -> Any:
        member, pods = self.member, self._pods
        spec = Output.all(self._bootstrap_record, bundle).apply(
            lambda known: stateful_set(member, known[0], pods, known[1])
        )
        authority = self._bootstrap_record.apply(lambda record: record.authority)
        meta = self._meta(member.name, {f"{PREFIX}/authority": authority})
        return objects.stateful_set(f"{self._name}-pod", meta, spec, self._options(after))

    def _entry(self) -> Output[str]:
        member, pods = self.member, self._pods
        return self._bootstrap_record.apply(
            lambda record: payload("enter", enter_settings(member, pods, record), pods)
        )

    def _way_out(self) -> Output[str]:
        return Output.from_input(
            payload("leave", pod_settings(self.member, self._pods), self._pods)
        )

    def _turn(self, bundle: Output[str], credentials: Output[Credentials]) -> Output[str]:
        member, pods = self.member, self._pods

        def packed(known: Sequence[Any]) -> str:
            record, trusted, own = known
            cold = cold_of(pod_template(member, record, pods, trusted))
            settings = apply_settings(member, pods, cold, files_digest(own))
            return payload("apply", settings, pods)

        return Output.secret(Output.all(self._bootstrap_record, bundle, credentials).apply(packed))

    def _command(
        self,
        action: Action,
        facts: Mapping[str, str],
        stdin: Output[str],
        after: Sequence[Any],
        **options: Any,
    ) -> Command:
        opts = self._options(after, provider=None, **options)
        return pod_command(self._name, action, self.member, facts=facts, stdin=stdin, opts=opts)

    def _meta(
        self, name: str, annotations: Mapping[str, Input[str]] | None = None
    ) -> dict[str, Any]:
        labels = member_labels(self.member.cluster, self.member.name)
        return objects.metadata(self._pods, name, labels, annotations)

    def _options(self, after: Sequence[Any], **options: Any) -> ResourceOptions:
        return ResourceOptions(parent=self, depends_on=list(after), **options)
