"""Where in Kubernetes the pods of a cluster live, and what each of them has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from components.spec.models.model import Model, setting
from components.spec.values.fields import Count, Label, Line, as_tuple
from components.spec.values.kubeconfig import check_kubeconfig
from components.spec.values.kubernetes_names import Domain, ObjectName, Repository, ServiceName
from components.spec.values.networks import Network
from components.spec.values.quantity import Bytes, Processors

Labels = Annotated[tuple[Label, ...], BeforeValidator(as_tuple)]


class Storage(Model):
    """The volume of each member. It outlives the stack unless that is thrown away."""

    storage_class: ObjectName | None = setting(None, example="local-path")
    """Storage class of the volumes. Default: the one that Kubernetes takes for its default."""

    size: Bytes = setting("8Gi")
    """Size of each volume; more than quota_mib, as snapshots and the log lie there too.
    Default: 8Gi."""


class Resources(Model):
    """What a member's container asks for. Memory is also its limit; processors have none, since a
    throttled member misses heartbeats."""

    cpu: Processors = setting("500m")
    """Processors. Default: 500m."""

    memory: Bytes = setting("2Gi")
    """Memory. Default: 2Gi."""


class Access(Model):
    """Who reaches a port, beside the members themselves. Nobody named means everybody."""

    namespaces: Labels = setting((), example=["kube-system"])
    """Namespaces whose pods do. Default: none named."""

    networks: Annotated[tuple[Network, ...], BeforeValidator(as_tuple)] = setting(
        (), example=["10.0.0.0/8"]
    )
    """Networks that do, for what has no pod of its own. Default: none named."""


class Kubernetes(Model):
    """The place of a cluster of pods."""

    namespace: Label = setting(example="etcd")
    """Namespace of all objects; it must be there. One cluster to a namespace."""

    kubeconfig: Annotated[SecretStr, AfterValidator(check_kubeconfig)] | None = setting(
        None, example="apiVersion: v1…"
    )
    """Text of the kubeconfig that leads there; a secret. Default: that of KUBECONFIG, or
    ~/.kube/config."""

    context: Annotated[Line, Field(min_length=1)] | None = setting(None, example="prod")
    """Context of the kubeconfig. Default: its current one."""

    service: ServiceName = setting("etcd")
    """Name of the headless service, under which the members find each other; clients have
    <service>-client. Default: etcd."""

    cluster_domain: Domain = setting("cluster.local")
    """DNS domain of the Kubernetes cluster. Default: cluster.local."""

    image: Repository = setting("gcr.io/etcd-development/etcd")
    """Repository of the etcd image; its tag is v<version>.
    Default: gcr.io/etcd-development/etcd."""

    storage: Storage = setting(Storage(), example={"storage_class": "local-path", "size": "8Gi"})
    """The volume of each member. Default: 8Gi of the default storage class."""

    resources: Resources = setting(Resources(), example={"cpu": "1", "memory": "4Gi"})
    """What each member asks for. Default: 500m and 2Gi."""

    spread: Literal["required", "preferred"] = setting("required")
    """Whether two members may share a node when there is no other: required keeps one waiting
    instead. Default: required."""

    start_timeout_s: Annotated[Count, Field(ge=10, le=3600)] = setting(300)
    """How long a pod may take to be healthy, in seconds, its image included. Default: 300."""

    priority_class: ObjectName | None = setting(None, example="etcd")
    """Priority class of the pods; it must be there. Default: none."""

    clients: Access = setting(Access(), example={"namespaces": ["kube-system"]})
    """Who reaches the client port. Default: everybody, by certificate."""

    metrics: Access = setting(Access(), example={"namespaces": ["monitoring"]})
    """Who reaches the metrics port, which asks for no certificate. Default: everybody."""

    @property
    def domain(self) -> str:
        """The DNS domain of the members' names, each `<pod>.<domain>`."""
        return f"{self.service}.{self.namespace}.svc.{self.cluster_domain}"

    @property
    def client_service(self) -> str:
        """Name of the service for clients, which leads to any ready member."""
        return f"{self.service}-client"

    def names_of(self, name: str) -> tuple[str, ...]:
        """What a member's certificates name, each short, with the namespace, and in full (document
        000): its pod, the services, and any pod of the headless one."""
        service = self.service
        bare = (f"{name}-0.{service}", service, f"*.{service}", self.client_service)
        within = f".{self.namespace}"
        ends = ("", within, f"{within}.svc", f"{within}.svc.{self.cluster_domain}")
        return tuple(f"{host}{end}" for host in bare for end in ends)

    def host_of(self, name: str) -> str:
        """DNS name of a member's pod: the only one of its StatefulSet."""
        return f"{name}-0.{self.domain}"
