"""The same as Pulumi outputs. Only this file of the package knows Pulumi."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pulumi
from pulumi import Output

from .found import Outputs
from .problems import OutputsError

T = TypeVar("T")
Files = Output[dict[str, str]]
"""Path to the text that belongs there; secret. A key's file wants mode 0600."""


@dataclass(frozen=True)
class Flags:
    """Command line flags, each `--name=value`, the files that they name, and the paths of those
    that are read at the start only."""

    flags: Output[list[str]]
    restart_on: Output[list[str]]
    files: Files


@dataclass(frozen=True)
class Kubeadm:
    """A ClusterConfiguration, as an object and as YAML text, and the files that it names."""

    configuration: Output[dict[str, Any]]
    yaml: Output[str]
    files: Files


@dataclass(frozen=True)
class Etcdctl:
    """Environment variables by name, and the files that they name."""

    environment: Output[dict[str, str]]
    files: Files


@dataclass(frozen=True)
class Prometheus:
    """Entries of a `scrape_configs` list, and the files that they name."""

    scrape_configs: Output[list[dict[str, Any]]]
    files: Files


@dataclass(frozen=True)
class Certificate:
    """A client certificate with its intermediates, and its key (secret); PEM texts."""

    certificate: Output[str]
    key: Output[str]


class EtcdOutputs:
    """What a stack of etcd-cluster tells its users.

    An output that is not there, a consumer without a certificate and secrets that could not be
    decrypted end the program with a report of them. Files and keys are secret; everything else is
    plain, so that a preview shows it.
    """

    def __init__(self, reference: pulumi.StackReference) -> None:
        self._reference = reference

    @property
    def endpoints(self) -> Output[list[str]]:
        """Client URLs."""
        return self._whole("endpoints")

    @property
    def ca_bundle(self) -> Output[str]:
        """PEM text that clients trust."""
        return self._whole("ca_bundle")

    @property
    def members(self) -> Output[dict[str, dict[str, str]]]:
        """Node name to `{address, client_url, peer_url}`."""
        return self._whole("members")

    @property
    def version(self) -> Output[str]:
        """The etcd release."""
        return self._whole("version")

    def apiserver(self, consumer: str = "apiserver") -> Flags:
        """For kube-apiserver."""
        return self._flags("apiserver", consumer)

    def k3s(self, consumer: str = "k3s") -> Flags:
        """For `k3s server`."""
        return self._flags("k3s", consumer)

    def kubeadm(self, consumer: str = "apiserver") -> Kubeadm:
        """For `kubeadm init --config`."""
        return Kubeadm(
            self._plain("kubeadm", consumer, "configuration"),
            self._plain("kubeadm", consumer, "yaml"),
            self._secret("apiserver", consumer, "files"),
        )

    def etcdctl(self, consumer: str = "operator") -> Etcdctl:
        """For etcdctl, and what is built on it, such as a backup."""
        environment = self._plain("etcdctl", consumer, "environment")
        return Etcdctl(environment, self._secret("etcdctl", consumer, "files"))

    def prometheus(self, consumer: str = "prometheus") -> Prometheus:
        """For Prometheus."""
        jobs = self._plain("prometheus", consumer, "scrape_configs")
        return Prometheus(jobs, self._secret("prometheus", consumer, "files"))

    def certificate(self, consumer: str) -> Certificate:
        """For any other client, with `endpoints` and `ca_bundle`."""
        return Certificate(
            self._plain("consumers", consumer, "certificate"),
            self._secret("consumers", consumer, "key"),
        )

    def _flags(self, name: str, consumer: str) -> Flags:
        return Flags(
            self._plain(name, consumer, "flags"),
            self._plain(name, consumer, "restart_on"),
            self._secret(name, consumer, "files"),
        )

    def _secret(self, name: str, consumer: str, field: str) -> Output[Any]:
        return Output.secret(self._read(lambda found: found.field(name, consumer, field)))

    def _plain(self, name: str, consumer: str, field: str) -> Output[Any]:
        # An output with a secret anywhere arrives as secret in whole.
        return Output.unsecret(self._read(lambda found: found.field(name, consumer, field)))

    def _whole(self, name: str) -> Output[Any]:
        return Output.unsecret(self._read(lambda found: found.output(name)))

    def _read(self, pick: Callable[[Outputs], T]) -> Output[T]:
        def read(found: list[Any]) -> T:
            try:
                return pick(Outputs(*found))
            except OutputsError as error:
                # The one error that engines show without a traceback.
                raise pulumi.RunError(str(error)) from None

        return Output.all(self._reference.name, self._reference.outputs).apply(read)
