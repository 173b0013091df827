"""What each resource takes: the one table that check, diff and the provider read.

Names, kinds, secrets and defaults are those of the official plugin's schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Kind(Enum):
    """The kind of a value, by the name that the official plugin gives it in a refusal."""

    TEXT = "string"
    TEXTS = "[]string"
    TEXT_MAP = "map[string]string"
    NUMBER = "float64"
    INTEGER = "int"
    SWITCH = "bool"
    VALUES = "[]interface {}"
    OBJECT = "map[string]interface {}"
    SOURCE = "types.AssetOrArchive"


@dataclass(frozen=True)
class Field:
    """One input. `replaces`: adding or removing it as a whole replaces the resource."""

    kind: Kind
    required: bool = False
    secret: bool = False
    replaces: bool = False
    default: Any = None
    object: ObjectType | None = None


@dataclass(frozen=True)
class ObjectType:
    """The inputs of a resource, or of an object within them; `name` is as refusals show it."""

    name: str
    fields: Mapping[str, Field] = field(repr=False)

    @property
    def short_name(self) -> str:
        """The name without its package."""
        return self.name.rpartition(".")[2]

    def replacing(self) -> frozenset[str]:
        """The fields whose coming and going replaces the resource."""
        return frozenset(name for name, field in self.fields.items() if field.replaces)


TEXT = Field(Kind.TEXT)
SECRET_TEXT = Field(Kind.TEXT, secret=True)
TRIGGERS = Field(Kind.VALUES, replaces=True)

_LOGIN = {
    "host": Field(Kind.TEXT, required=True),
    "port": Field(Kind.NUMBER, default=22),
    "user": Field(Kind.TEXT, default="root"),
    "password": SECRET_TEXT,
    "privateKey": SECRET_TEXT,
    "privateKeyPassword": SECRET_TEXT,
    "hostKey": TEXT,
    "agentSocketPath": TEXT,
    "dialErrorLimit": Field(Kind.INTEGER, default=10),
    "perDialTimeout": Field(Kind.INTEGER, default=15),
}
PROXY = ObjectType("remote.ProxyConnection", _LOGIN)
CONNECTION = ObjectType("remote.Connection", {**_LOGIN, "proxy": Field(Kind.OBJECT, object=PROXY)})
_CONNECTION_FIELD = Field(Kind.OBJECT, required=True, secret=True, object=CONNECTION)

_COMMAND = {
    "create": TEXT,
    "update": TEXT,
    "delete": TEXT,
    "stdin": TEXT,
    "environment": Field(Kind.TEXT_MAP),
    "logging": TEXT,
    "addPreviousOutputInEnv": Field(Kind.SWITCH),
    "triggers": TRIGGERS,
}
LOCAL_COMMAND = ObjectType(
    "local.CommandInputs",
    {
        **_COMMAND,
        "dir": TEXT,
        "interpreter": Field(Kind.TEXTS),
        "assetPaths": Field(Kind.TEXTS),
        "archivePaths": Field(Kind.TEXTS),
    },
)
REMOTE_COMMAND = ObjectType("remote.CommandInputs", {**_COMMAND, "connection": _CONNECTION_FIELD})
COPY_TO_REMOTE = ObjectType(
    "remote.CopyToRemoteInputs",
    {
        "connection": _CONNECTION_FIELD,
        "source": Field(Kind.SOURCE, required=True),
        "remotePath": Field(Kind.TEXT, required=True),
        "triggers": TRIGGERS,
    },
)
