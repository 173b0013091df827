"""Asks every member how it is: with etcdctl, and with a TLS handshake of our own."""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ops.errors import OperationError

_TIMEOUT_S = 3
_PLACE_IN_C = re.compile(r"\s*\(?_ssl\.c:\d+\)?:?\s*")


@dataclass(frozen=True)
class Access:
    """Files of a client that the cluster trusts."""

    ca: Path
    certificate: Path
    key: Path

    def etcdctl(self, question: str, urls: Sequence[str]) -> list[str]:
        """The command that asks these for their `health` or `status`."""
        return [
            "etcdctl",
            *("endpoint", question, "--write-out=json"),
            f"--endpoints={','.join(urls)}",
            f"--cacert={self.ca}",
            f"--cert={self.certificate}",
            f"--key={self.key}",
            f"--dial-timeout={_TIMEOUT_S}s",
            f"--command-timeout={_TIMEOUT_S}s",
        ]


@dataclass(frozen=True)
class Answers:
    """By client URL. `status` lacks members that did not answer; an expiry is seconds since the
    epoch, or the reason why no handshake came about."""

    health: Mapping[str, Mapping[str, Any]]
    status: Mapping[str, Mapping[str, Any]]
    expiry: Mapping[str, float | str]


def ask(urls: Sequence[str], access: Access) -> Answers:
    """All at once; within a few seconds even if nobody answers."""
    with ThreadPoolExecutor() as pool:
        health = pool.submit(answers_of, access.etcdctl("health", urls))
        status = [pool.submit(answers_of, access.etcdctl("status", [url])) for url in urls]
        expiry = {url: pool.submit(served_until, url, access) for url in urls}
        return Answers(
            health={found["endpoint"]: found for found in health.result()},
            status={f["Endpoint"]: f["Status"] for each in status for f in each.result()},
            expiry={url: found.result() for url, found in expiry.items()},
        )


def answers_of(command: Sequence[str]) -> list[dict[str, Any]]:
    """What an etcdctl says in JSON; nothing if it does not answer. Raises OperationError if the
    program is not there."""
    # etcdctl refuses to start when a flag and its environment variable are both given.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ETCDCTL_")}
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=4 * _TIMEOUT_S,
        )
        answers = json.loads(done.stdout or "null")
    except FileNotFoundError:
        message = f"no `{command[0]}` on PATH: `make setup` lays one into .toolchain/bin"
        if command[0] == "kubectl":
            message = "no `kubectl` on PATH: install it, as this cluster lives in Kubernetes"
        raise OperationError(message) from None
    except (ValueError, subprocess.TimeoutExpired):
        return []
    return answers if isinstance(answers, list) else []


def served_until(url: str, access: Access) -> float | str:
    """When the certificate that a member really serves ends, or why it serves none."""
    where = urlsplit(url)
    try:
        context = ssl.create_default_context(cafile=str(access.ca))
        context.load_cert_chain(access.certificate, access.key)
        address = (where.hostname or "", where.port or 2379)
        with (
            socket.create_connection(address, timeout=_TIMEOUT_S) as connection,
            context.wrap_socket(connection, server_hostname=where.hostname) as tls,
        ):
            certificate = tls.getpeercert() or {}
            return float(ssl.cert_time_to_seconds(str(certificate["notAfter"])))
    except OSError as error:
        return _PLACE_IN_C.sub("", error.strerror or str(error))
