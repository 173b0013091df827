"""Where the etcd binaries of a node come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from components.spec.models.model import Model, setting
from components.spec.report.refuse import refuse
from components.spec.values.fields import Folder
from components.spec.values.releases import URL

Method = Literal["release", "push", "package", "preinstalled"]
Architecture = Literal["amd64", "arm64", "ppc64le", "s390x"]

# The methods that fetch an archive of a release and check it.
FETCHES: tuple[Method, ...] = ("release", "push")
PLACEHOLDERS = ("version", "architecture")
_SHA256 = "^[0-9a-fA-F]{64}$"
_EXAMPLE_SHA256 = "ffe840ff9295808e88cce2794a18a5ac87f12a5203c8314d0bf6aa119b41bac5"


def _check_sums(value: Any) -> Any:
    """No example would do: each release has sums of its own."""
    if isinstance(value, Mapping):
        return value
    raise refuse(
        "is no mapping of architectures to checksums",
        remedy="{amd64: …} with the line of the archive in the SHA256SUMS of its release",
    )


def _check_sha256(value: str) -> str:
    if not re.fullmatch(_SHA256.strip("^$"), value):
        raise refuse(
            "is no SHA-256: 64 hexadecimal digits",
            remedy="remove it, or give it the line of the archive in the SHA256SUMS of its release",
        )
    return value.lower()


def _check_url(value: str) -> str:
    """A URL whose placeholders are the known ones."""
    try:
        used = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
        parts = urlsplit(value)
    except ValueError:
        raise refuse("is no URL: a brace or bracket is left open", example=URL) from None
    if unknown := sorted(used.difference(PLACEHOLDERS)):
        known = " and ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise refuse(f"has the unknown placeholder {{{unknown[0]}}}; {known} are", example=URL)
    if not re.fullmatch(r"[!-~]+", value) or re.search(r"[\"'\\`$<>|^]", value):
        raise refuse("has a space or another character that belongs in no URL", example=URL)
    if parts.scheme not in {"http", "https", "file"}:
        raise refuse("is no http, https or file URL", example=URL)
    if not (parts.path if parts.scheme == "file" else parts.netloc):
        raise refuse("names no host" if parts.scheme != "file" else "names no file", example=URL)
    if parts.password is not None:
        raise refuse("holds a password, which every preview and every node would show", example=URL)
    return value


Sha256 = Annotated[
    str, AfterValidator(_check_sha256), Field(json_schema_extra={"pattern": _SHA256})
]


Sums = Annotated[Mapping[Architecture, Sha256], BeforeValidator(_check_sums)]


class Install(Model):
    """Where the etcd binaries of a node come from. What a node sets itself comes on top of the
    cluster's, field by field."""

    method: Method | None = setting(None, example="release")
    """release: the node fetches a release archive; push: this machine fetches it and sends it;
    package: the distribution's package; preinstalled: somebody else puts them there.
    Default: release over ssh, preinstalled for local."""

    url: Annotated[str, AfterValidator(_check_url)] | None = setting(None, example=URL)
    """release and push: where the archive lies; {version} and {architecture} are filled in. push
    takes file URLs too. Default: etcd's releases on GitHub."""

    sha256: Sums = setting({}, example={"amd64": _EXAMPLE_SHA256})
    """release and push: SHA-256 of the archive for each architecture. Default: what etcd
    published, as far as this project knows the version."""

    directory: Folder | None = setting(None, example="/srv/etcd-releases")
    """preinstalled: folder that holds <version>/etcd, <version>/etcdctl and <version>/etcdutl; for
    local it may be relative to the project folder. Default: .toolchain/etcd for local."""


class InstallSettings(Install):
    """Where the binaries come from, with every setting filled."""

    method: Method
    """How they get onto the node."""

    url: str
    """release and push: where the archive lies, as a template; empty otherwise."""

    sha256: Mapping[Architecture, str]
    """release and push: SHA-256 of the cluster's version for each architecture known."""

    directory: str
    """preinstalled: the folder above <version>; empty otherwise."""
