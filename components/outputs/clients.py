"""What every client of etcd needs on its disk: trust bundle, certificate, key."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import join
from typing import Self


@dataclass(frozen=True)
class ClientPaths:
    """Where a consumer keeps its three files, on its own machine."""

    ca: str
    certificate: str
    key: str

    @classmethod
    def in_directory(cls, directory: str, consumer: str) -> Self:
        """Named after the consumer, so that several can share a directory."""
        return cls(
            ca=join(directory, "ca.crt"),
            certificate=join(directory, f"{consumer}.crt"),
            key=join(directory, f"{consumer}.key"),
        )

    def contents(self, bundle: str, certificate: str, key: str) -> dict[str, str]:
        """The files: path to PEM text. The key's wants mode 0600."""
        return {self.ca: bundle, self.certificate: certificate, self.key: key}
