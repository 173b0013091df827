"""Folders and files on a machine of its own."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator

from components.spec.report.refuse import refuse
from components.spec.values.fields import Folder

# Nothing that a unit file, an environment file, OpenRC's conf.d or a shell reads in its own way.
_FORM = re.compile(r"/[A-Za-z0-9._+/-]*")
_SYSTEM = frozenset(
    (
        *("/", "/bin", "/boot", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt"),
        *("/root", "/sbin", "/srv", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/sbin"),
        *("/usr/local/bin", "/usr/local/sbin", "/var", "/var/cache", "/var/lib", "/var/log"),
    )
)
# The unit hides these from etcd, but for its data.
_PEOPLES = ("/home", "/root")
_VOLATILE = ("/dev", "/proc", "/run", "/sys", "/tmp", "/var/run", "/var/tmp")  # noqa: S108


UNREADABLE = "holds what not every program on a node reads as a part of a name"
# What supervisord's configuration, a shell or an environment file would each read in its own way; a
# space is fine.
_UNREADABLE = frozenset(";%\"'\\#\n\r\t")


def unreadable_in(path: str) -> str:
    """The characters of a path on this machine that not every program on a node reads alike, with
    spaces between them; empty when it has none."""
    return " ".join(sorted(_UNREADABLE.intersection(path)))


def _check_root(value: str) -> str:
    if found := unreadable_in(value):
        raise refuse(f"{UNREADABLE}: {found}", example=".dev/nodes")
    return value


def fault_of_path(value: str) -> str:
    """Why a path is not usable on a machine of its own; empty when it is."""
    if not value.startswith("/"):
        return "is not absolute"
    if not _FORM.fullmatch(value):
        return "has other characters than letters, digits, / . _ + and -"
    if {".", ".."}.intersection(value.split("/")):
        return "goes through . or .."
    return ""


def fault_of_folder(value: str) -> str:
    """Why a folder cannot be given to etcd; empty when it can."""
    path = PurePosixPath(value)
    if str(path) in _SYSTEM:
        return "belongs to the whole machine: etcd gets a folder of its own"
    if any(path.is_relative_to(each) for each in _VOLATILE):
        return "is emptied by the machine itself"
    return ""


def _check_path(value: str) -> str:
    """An absolute path in its short form."""
    if reason := fault_of_path(value):
        raise refuse(reason, remedy="an absolute path such as /srv/etcd")
    return "/" + "/".join(part for part in value.split("/") if part)


def _check_folder(value: str) -> str:
    if reason := fault_of_folder(value):
        raise refuse(reason, remedy="a folder such as /srv/etcd")
    return value


def _check_read_only_folder(value: str) -> str:
    if any(PurePosixPath(value).is_relative_to(people) for people in _PEOPLES):
        raise refuse(
            "lies among people's folders, which a hardened service does not see",
            remedy="a folder such as /srv/etcd",
        )
    return value


AbsolutePath = Annotated[str, AfterValidator(_check_path)]
Root = Annotated[Folder, AfterValidator(_check_root)]
OwnFolder = Annotated[AbsolutePath, AfterValidator(_check_folder)]
ReadOnlyFolder = Annotated[OwnFolder, AfterValidator(_check_read_only_folder)]
"""What etcd reads and may not write."""
