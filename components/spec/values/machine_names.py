"""Names of users and groups on a machine."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from components.spec.report.refuse import refuse

# What useradd takes everywhere (shadow, busybox): POSIX's portable names, in lower case.
NAME_PATTERN = "^[a-z_][-a-z0-9_]{0,31}$"
# Who logs in may come from a directory: capitals, dots, `name@domain`.
LOGIN_PATTERN = "^[A-Za-z0-9_][-A-Za-z0-9_.@]{0,63}$"


def _check_name(value: str) -> str:
    if not re.fullmatch(NAME_PATTERN.strip("^$"), value):
        raise refuse(
            "is no name of a user or group: at most 32 lower case letters, digits, dashes and "
            "underscores, a letter or underscore first",
            example="etcd",
        )
    return value


def _check_unprivileged(value: str) -> str:
    if value == "root":
        raise refuse("etcd needs no rights of root", example="etcd")
    return value


def _check_login(value: str) -> str:
    if not re.fullmatch(LOGIN_PATTERN.strip("^$"), value):
        raise refuse("is no name that sshd knows a user by", example="ops")
    return value


Name = Annotated[
    str, AfterValidator(_check_name), Field(json_schema_extra={"pattern": NAME_PATTERN})
]
UnprivilegedName = Annotated[Name, AfterValidator(_check_unprivileged)]
LoginName = Annotated[
    str, AfterValidator(_check_login), Field(json_schema_extra={"pattern": LOGIN_PATTERN})
]
