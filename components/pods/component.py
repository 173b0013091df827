"""A member as a pod, as Pulumi resources."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi import Input, Output, ResourceOptions

from components.node.credentials import Credentials, Pair
from components.node.member import Founding, Member
from components.node.text import Action
from components.node.transports import Command
from components.pki.leaf import Leaf
from components.pods import objects, text
from components.pods.command import pod_command
from components.pods.manifests.entry import shut_door
from components.pods.manifests.names import PREFIX, entry_map, member_labels, pki_secret
from components.pods.manifests.secrets import files_digest, pki_data
from components.pods.manifests.statefulset import pod_template, stateful_set
from components.pods.payload import payload
from components.pods.rehearsal import rehearsal_objects
from components.pods.settings import (
    apply_settings,
    enter_settings,
    pod_settings,
    rehearse_settings,
)
from components.spec.kubernetes import Kubernetes


class EtcdPod(pulumi.ComponentResource):
    """One member. Its start is rehearsed first; then everything of it comes in its turn:
    certificates, the door that it may enter by, the StatefulSet, the way out, and the script that
    starts or restarts its pod."""

    rehearsed: Command
    applied: Command
    leaving: Command
    digest: Output[str]
    """Changes with whatever reaches the pod; secret."""

    def __init__(
        self,
        name: str,
        member: Member,
        pods: Kubernetes,
        founding: Output[Founding],
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("etcd-cluster:pods:EtcdPod", name, None, opts)
        self._name = name
        self._pods = pods
        self._founding = founding
        self.member = member

    def rehearse(
        self, bundle: Output[str], leaves: Mapping[str, Leaf], after: Sequence[Any]
    ) -> None:
        """Starts a pod from the member's template beside it: what etcd or Kubernetes refuses is
        known before anybody restarts."""
        known = Output.all(self._founding, bundle, _credentials(bundle, leaves))
        sent: Output[str] = known.apply(lambda values: self._rehearsal(*values))
        who = text.member_facts(self.member)
        self.rehearsed = self._command("rehearse", who, Output.secret(sent), after)

    def _rehearsal(self, founding: Founding, bundle: str, credentials: Credentials) -> str:
        settings = rehearse_settings(self.member, self._pods, self._cold(founding, bundle))
        manifests = rehearsal_objects(self.member, founding, self._pods, credentials)
        return payload("rehearse", settings, self._pods, [manifests])

    def _cold(self, founding: Founding, bundle: str) -> str:
        template = pod_template(self.member, founding, self._pods, bundle)
        return str(template["metadata"]["annotations"][f"{PREFIX}/cold"])

    def converge(
        self,
        bundle: Output[str],
        leaves: Mapping[str, Leaf],
        cluster: pulumi.Resource,
        after: Sequence[Any],
        leave_before: Sequence[Any],
    ) -> None:
        """Brings the member to its desired state once everything in `after` is done. When `cluster`
        goes as a whole nobody leaves anybody; otherwise it leaves before those of `leave_before`
        do."""
        credentials = _credentials(bundle, leaves)
        secret = self._secret(credentials, after)
        door = objects.config_map(
            f"{self._name}-entry",
            self._meta(entry_map(self.member.name)),
            shut_door(self.member),
            self._options(after),
        )
        who = text.member_facts(self.member)
        entered = self._command("enter", who, self._entry(), [secret, door])
        running = self._stateful_set(bundle, [entered])
        # Nobody is a member before the state knows the way out.
        behind = [running, *leave_before]
        self.leaving = self._command("leave", who, self._way_out(), behind, deleted_with=cluster)
        turn = self._turn(bundle, credentials)
        what = text.apply_facts(self.member, self._pods)
        self.applied = self._command("apply", what, turn, [self.leaving])
        self.digest = turn.apply(lambda sent: hashlib.sha256(sent.encode()).hexdigest())
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
        spec = Output.all(self._founding, bundle).apply(
            lambda known: stateful_set(member, known[0], pods, known[1])
        )
        authority = self._founding.apply(lambda founding: founding.authority)
        meta = self._meta(member.name, {f"{PREFIX}/authority": authority})
        return objects.stateful_set(f"{self._name}-pod", meta, spec, self._options(after))

    def _entry(self) -> Output[str]:
        member, pods = self.member, self._pods
        return self._founding.apply(
            lambda founding: payload("enter", enter_settings(member, pods, founding), pods)
        )

    def _way_out(self) -> Output[str]:
        return Output.from_input(
            payload("leave", pod_settings(self.member, self._pods), self._pods)
        )

    def _turn(self, bundle: Output[str], credentials: Output[Credentials]) -> Output[str]:
        member, pods = self.member, self._pods

        def packed(known: Sequence[Any]) -> str:
            founding, trusted, own = known
            cold = self._cold(founding, trusted)
            settings = apply_settings(member, pods, cold, files_digest(own))
            return payload("apply", settings, pods)

        return Output.secret(Output.all(self._founding, bundle, credentials).apply(packed))

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


def _credentials(bundle: Output[str], leaves: Mapping[str, Leaf]) -> Output[Credentials]:
    pairs = {role: Output.all(leaf.certificate_pem, leaf.key_pem) for role, leaf in leaves.items()}
    return Output.all(bundle=bundle, pairs=pairs).apply(
        lambda known: Credentials(
            bundle=known["bundle"],
            pairs={role: Pair(*pair) for role, pair in known["pairs"].items()},
        )
    )
