"""Property values as the plugin protocol carries them, and as Python values.

The protocol sends a resource's properties as a protobuf Struct. Values that JSON does not know
are objects marked by a signature key: secrets, assets, archives and outputs; an unknown value is
a magic string. `to_plain` turns a Struct into a dict in which those are `Secret`, `Asset`,
`Archive` and `UNKNOWN`; `from_plain` is its inverse. The signatures are those of the SDK
(pulumi/runtime/rpc.py), repeated here because importing the SDK's runtime costs 0.3 s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (a public constant)
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Unknown(Enum):
    """The type of UNKNOWN: a value that a preview cannot know yet."""

    UNKNOWN = UNKNOWN_TEXT

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True)
class Secret:
    """A value the engine encrypts and never shows."""

    value: Any

    def __repr__(self) -> str:
        return "Secret(...)"


@dataclass(frozen=True)
class Asset:
    """A file: `fields` holds its `hash` and one of `path`, `text`, `uri`."""

    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Archive:
    """A folder: `fields` holds its `hash` and one of `path`, `uri`, `assets` (name to Asset)."""

    fields: Mapping[str, Any]


def to_plain(struct: Struct) -> dict[str, Any]:
    """The properties of a message; whole numbers are ints."""
    return {name: _plain(value) for name, value in struct.fields.items()}


def from_plain(properties: Mapping[str, Any]) -> Struct:
    """The message for properties; the inverse of `to_plain`."""
    return Struct(fields={name: _message(value) for name, value in properties.items()})


def bare(value: Any) -> Any:
    """The value without its secret marks, at every depth."""
    if isinstance(value, Secret):
        return bare(value.value)
    if isinstance(value, dict):
        return {name: bare(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    return value


def has_unknown(value: Any) -> bool:
    """Whether the value is, or holds, UNKNOWN."""
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, Mapping):
        return any(map(has_unknown, value.values()))
    if isinstance(value, list):
        return any(map(has_unknown, value))
    return value is UNKNOWN


def _plain(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "struct_value":
            return _marked(to_plain(value.struct_value))
        case "list_value":
            return [_plain(item) for item in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return UNKNOWN if value.string_value == UNKNOWN_TEXT else value.string_value
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _marked(fields: dict[str, Any]) -> Any:
    """What a decoded object stands for: its signature says."""
    match fields.pop(SIGNATURE, None):
        case None:
            return fields
        case str(signature) if signature == SECRET:
            return Secret(fields.get("value"))
        case str(signature) if signature == ASSET:
            return Asset(fields)
        case str(signature) if signature == ARCHIVE:
            return Archive(fields)
        case str(signature) if signature == OUTPUT:
            inner = fields.get("value", UNKNOWN)
            return Secret(inner) if fields.get("secret") else inner
        case signature:
            return {SIGNATURE: signature, **fields}


def _message(value: Any) -> Value:
    match value:
        case Secret():
            return _message({SIGNATURE: SECRET, "value": value.value})
        case Asset():
            return _message({SIGNATURE: ASSET, **value.fields})
        case Archive():
            return _message({SIGNATURE: ARCHIVE, **value.fields})
        case Mapping():
            return Value(struct_value=from_plain(value))
        case list() | tuple():
            return Value(list_value=ListValue(values=map(_message, value)))
        case _:
            return Value(**_scalar(value))


def _scalar(value: Any) -> dict[str, Any]:
    """The field of the message that holds a value without parts."""
    match value:
        case None:
            return {"null_value": NULL_VALUE}
        case Unknown():
            return {"string_value": UNKNOWN_TEXT}
        case bool():
            return {"bool_value": value}
        case int() | float():
            return {"number_value": value}
        case str():
            return {"string_value": value}
        case _:
            raise TypeError(f"no protocol form for a value of type {type(value).__name__}")
