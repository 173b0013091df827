"""How a machine is logged in to: user, key or agent, rights, dial limits, jump host."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, StrictBool

from components.spec.models.model import Model, OrNone, setting
from components.spec.values.fields import Count, Host, Port
from components.spec.values.host_key import EXAMPLE as EXAMPLE_HOST_KEY
from components.spec.values.host_key import HostKey
from components.spec.values.machine_names import LoginName
from components.spec.x509.pem import SecretKey

_EXAMPLE_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----…"


class Jump(Model):
    """A host in between, which forwards the connection to the node's own sshd."""

    host: Host = setting(example="jump.example.org")
    """IP address or DNS name of the jump host."""

    port: Port = setting(22)
    """TCP port of its sshd. Default: 22."""

    user: LoginName = setting("root", example="jump")
    """Who logs in there. Default: root."""

    host_key: HostKey | None = setting(None, example=EXAMPLE_HOST_KEY)
    """Its public host key, compared at every connection. No default: required."""

    private_key: SecretKey | None = setting(None, example=_EXAMPLE_KEY)
    """Private key that logs in there; a secret. Default: what logs in to the node."""

    private_key_password: SecretStr | None = setting(None, example="…")
    """What that key is encrypted with; a secret. Default: the key is not encrypted."""

    agent: StrictBool = setting(default=False, example=True)
    """Whether the agent of SSH_AUTH_SOCK logs in there. Default: false."""


class Ssh(Model):
    """How this machine logs in to a node. What a node sets itself comes on top of the cluster's,
    field by field."""

    user: LoginName = setting("root", example="ops")
    """Who logs in. Another user than root needs sudo or doas. Default: root."""

    port: Port = setting(22)
    """TCP port of sshd. Default: 22."""

    host: Host | None = setting(None, example="etcd1.example.org")
    """IP address or DNS name that is dialled. Default: the node's address."""

    sudo: StrictBool = setting(default=False, example=True)
    """Whether `sudo` gives the rights of root, without asking for a password. Default: false."""

    doas: StrictBool = setting(default=False, example=True)
    """Whether `doas` gives the rights of root, without asking for a password. Default: false."""

    private_key: SecretKey | None = setting(None, example=_EXAMPLE_KEY)
    """Private key that logs in, in OpenSSH's form or PEM; a secret. Default: none, so the agent
    is needed."""

    private_key_password: SecretStr | None = setting(None, example="…")
    """What the private key is encrypted with; a secret. Default: the key is not encrypted."""

    agent: StrictBool = setting(default=False, example=True)
    """Whether the agent of SSH_AUTH_SOCK logs in. Default: false."""

    dial_attempts: Annotated[Count, Field(ge=1, le=100)] = setting(3)
    """How often an unreachable node is dialled. Default: 3."""

    dial_timeout_s: Annotated[Count, Field(ge=1, le=600)] = setting(5)
    """How long one attempt to dial takes at most, in seconds. Default: 5."""

    jump: Annotated[Jump | None, OrNone] = setting(None, example={"host": "jump.example.org"})
    """A host in between, none for a node without. A node's own replaces the cluster's as a whole.
    Default: none."""


class JumpSettings(Jump):
    """A jump host with every setting filled."""

    host_key: str
    """Its public host key."""


class SshSettings(Ssh):
    """How a node is logged in to, with every setting filled."""

    host: str
    """What is dialled."""

    jump: JumpSettings | None
    """A host in between."""
