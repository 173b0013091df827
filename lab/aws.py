"""S3 and KMS on loopback, for stacks that keep their state and their secrets with AWS."""

from __future__ import annotations

import json
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import boto3
import pytest
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from lab.stack import Secrets

REGION = "us-east-1"
# What a caller's shell may say of AWS counts as little as what it says of Pulumi.
NO_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "",
    "AWS_SECRET_ACCESS_KEY": "",
    "AWS_SESSION_TOKEN": "",
    "AWS_PROFILE": "",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_REGION": REGION,
}
CREDENTIALS = {
    **NO_CREDENTIALS,
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
}


class Server:
    """A port of moto. All of them see the same buckets and keys, which outlive a `pause`. Each
    answer comes `delay_s` later than it could."""

    def __init__(self, delay_s: float = 0) -> None:
        self._port, self._delay_s = 0, delay_s
        self._start()
        self.url = f"http://127.0.0.1:{self._port}"

    def _start(self) -> None:
        moto = DomainDispatcherApplication(create_backend_app)

        def application(*request: Any) -> Any:
            time.sleep(self._delay_s)
            return moto(*request)

        self._server = make_server(
            "127.0.0.1",
            self._port,
            application,
            threaded=True,
            request_handler=MotoRequestHandler,
        )
        self._port = self._server.port
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Closes the port."""
        self._server.shutdown()
        self._server.server_close()

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Nobody answers at its address meanwhile."""
        self.stop()
        try:
            yield
        finally:
            self._start()


class Aws:
    """A bucket that keeps every version of its objects, and a key, each behind its own port."""

    def __init__(self, delay_s: float = 0) -> None:
        self.s3, self.kms = Server(delay_s), Server(delay_s)
        self._name = f"etcd-{secrets.token_hex(4)}"
        self._bucket().create()
        self._bucket().Versioning().enable()
        kms = _session().client("kms", endpoint_url=self.kms.url)
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName=f"alias/{self._name}", TargetKeyId=key)

    @property
    def backend(self) -> str:
        """For PULUMI_BACKEND_URL."""
        query = f"region={REGION}&endpoint={self.s3.url}&s3ForcePathStyle=true"
        return f"s3://{self._name}?{query}"

    @property
    def secrets_provider(self) -> str:
        """For `pulumi stack init --secrets-provider`."""
        return f"awskms://alias/{self._name}?region={REGION}&endpoint={self.kms.url}"

    @property
    def secrets(self) -> Secrets:
        """For a stack whose secrets are encrypted with the key. A pass phrase costs a quarter of a
        second of a processor each time that the engine runs."""
        return {
            "secrets_provider": self.secrets_provider,
            "extra_environment": {**CREDENTIALS, "PULUMI_CONFIG_PASSPHRASE_FILE": ""},
        }

    def objects(self) -> dict[str, bytes]:
        """Name to content of what lies in the bucket now."""
        return {found.key: _content(found) for found in self._versions() if found.is_latest}

    def ever_written(self) -> list[tuple[str, bytes]]:
        """Name and content of every version of every object, deleted ones included."""
        return [(found.key, _content(found)) for found in self._versions()]

    def writes(self) -> set[str]:
        """What tells apart every write of an object so far."""
        return {found.id for found in self._versions()}

    def locks(self) -> list[dict[str, Any]]:
        """The stack locks in the bucket."""
        found = self._versions(".pulumi/locks/")
        return [json.loads(_content(lock)) for lock in found if lock.is_latest]

    @contextmanager
    def held_lock(self, run: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
        """Lets the engine come as far as to hold its stack's lock, and no further meanwhile."""
        deadline = time.monotonic() + 30
        while run.pid not in [lock["pid"] for lock in self.locks()]:
            assert time.monotonic() < deadline, run.communicate()[0]
            time.sleep(0.02)
        run.send_signal(signal.SIGSTOP)
        try:
            yield run
        finally:
            run.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Closes both ports."""
        self.s3.stop()
        self.kms.stop()

    def _versions(self, prefix: str = "") -> list[Any]:
        """Of all objects, also of those that are gone; without the marks of their deletion."""
        found = self._bucket().object_versions.filter(Prefix=prefix)
        return [version for version in found if version.size is not None]

    def _bucket(self) -> Any:
        return _session().resource("s3", endpoint_url=self.s3.url).Bucket(self._name)


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    """State and secrets for the stacks of a module."""
    made = Aws()
    yield made
    made.stop()


def _content(version: Any) -> bytes:
    content: bytes = version.get()["Body"].read()
    return content


def _session() -> boto3.Session:
    return boto3.Session(
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
    )
