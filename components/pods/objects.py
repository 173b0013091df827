"""Objects of Kubernetes as Pulumi resources: only this file imports its SDK of Kubernetes, which
machines have no use for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi_kubernetes as kubernetes
from pulumi import Input, Output, ResourceOptions

from components.spec.models.kubernetes import Kubernetes

# Scripts wait, and say what they waited for; an object of ours may be written over what kubectl has
# done to it (`kubectl rollout undo` after a change that etcd refused).
ANNOTATIONS = {"pulumi.com/skipAwait": "true", "pulumi.com/patchForce": "true"}


def provider(name: str, pods: Kubernetes, opts: ResourceOptions) -> kubernetes.Provider:
    """The API server that the stack file names."""
    text = None if pods.kubeconfig is None else pods.kubeconfig.get_secret_value()
    return kubernetes.Provider(
        name,
        kubeconfig=None if text is None else Output.secret(text),
        context=pods.context,
        namespace=pods.namespace,
        # Whatever else of a kubeconfig changes, such as the server's name, it leads to the same
        # cluster. Otherwise every object would be made anew, and the former, which is the same one,
        # deleted.
        cluster_identifier=pods.namespace,
        # A Secret that is made anew for each renewal would be missing for a moment.
        enable_secret_mutable=True,
        enable_config_map_mutable=True,
        opts=opts,
    )


def metadata(
    pods: Kubernetes,
    name: str,
    labels: Mapping[str, str],
    annotations: Mapping[str, Input[str]] | None = None,
) -> dict[str, Any]:
    """Of any object. Its name is fixed: members know each other by it."""
    return {
        "name": name,
        "namespace": pods.namespace,
        "labels": dict(labels),
        "annotations": {**ANNOTATIONS, **(annotations or {})},
    }


def service(name: str, meta: Any, spec: Any, opts: ResourceOptions) -> kubernetes.core.v1.Service:
    """A Service."""
    return kubernetes.core.v1.Service(name, metadata=meta, spec=spec, opts=opts)


def budget(
    name: str, meta: Any, spec: Any, opts: ResourceOptions
) -> kubernetes.policy.v1.PodDisruptionBudget:
    """A PodDisruptionBudget."""
    return kubernetes.policy.v1.PodDisruptionBudget(name, metadata=meta, spec=spec, opts=opts)


def network_policy(
    name: str, meta: Any, spec: Any, opts: ResourceOptions
) -> kubernetes.networking.v1.NetworkPolicy:
    """A NetworkPolicy."""
    return kubernetes.networking.v1.NetworkPolicy(name, metadata=meta, spec=spec, opts=opts)


def config_map(
    name: str, meta: Any, data: Any, opts: ResourceOptions
) -> kubernetes.core.v1.ConfigMap:
    """A ConfigMap whose data scripts change."""
    return kubernetes.core.v1.ConfigMap(
        name,
        metadata=meta,
        data=data,
        opts=ResourceOptions.merge(opts, ResourceOptions(ignore_changes=["data"])),
    )


def secret(
    name: str, meta: Any, data: Input[Any], opts: ResourceOptions, kind: str = "Opaque"
) -> kubernetes.core.v1.Secret:
    """A Secret; `data` is base64."""
    return kubernetes.core.v1.Secret(
        name, metadata=meta, data=Output.secret(data), type=kind, opts=opts
    )


def stateful_set(
    name: str, meta: Any, spec: Input[Any], opts: ResourceOptions
) -> kubernetes.apps.v1.StatefulSet:
    """A StatefulSet. Its volumes' size is that of volumes still to be made: Kubernetes takes no
    change of it, and making the set anew for it would end the pod."""
    kept = ResourceOptions(ignore_changes=["spec.volumeClaimTemplates"])
    return kubernetes.apps.v1.StatefulSet(
        name, metadata=meta, spec=spec, opts=ResourceOptions.merge(opts, kept)
    )
