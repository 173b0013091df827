"""Check: what the plugin refuses about a resource's inputs, and what it makes of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.standins.command.schema import Field, Kind, ObjectType
from toolchain.standins.wire import UNKNOWN, Archive, Asset, Secret

_PYTHON_TYPES: Mapping[Kind, type | tuple[type, ...]] = {
    Kind.TEXT: str,
    Kind.TEXTS: list,
    Kind.TEXT_MAP: dict,
    Kind.NUMBER: (int, float),
    Kind.INTEGER: int,
    Kind.SWITCH: bool,
    Kind.VALUES: list,
    Kind.OBJECT: dict,
    Kind.SOURCE: (Asset, Archive),
}
_GO_TYPES: Mapping[type, str] = {
    str: "string",
    bool: "bool",
    int: "float64",
    float: "float64",
    list: "[]interface {}",
    dict: "map[string]interface {}",
    Asset: "*asset.Asset",
    Archive: "*archive.Archive",
}


@dataclass(frozen=True)
class Failure:
    """One refused input."""

    property: str
    reason: str


def check(resource: ObjectType, news: Mapping[str, Any]) -> tuple[dict[str, Any], list[Failure]]:
    """The inputs with defaults and secret marks, and why they are refused.

    Refused inputs get no defaults.
    """
    failures = list(_object_failures(resource, news))
    return _normal_object(resource, news, with_defaults=not failures), failures


def _object_failures(kind: ObjectType, values: Mapping[str, Any]) -> Iterator[Failure]:
    for name, value in values.items():
        field = kind.fields.get(name)
        if field is None:
            yield Failure(name, f"Unrecognized field '{name}' on '{kind.name}'")
        else:
            yield from _field_failures(kind, name, field, value)
    for name, field in kind.fields.items():
        if field.required and values.get(name) is None:
            yield Failure(name, f"Missing required field '{name}' on '{kind.name}'")


def _field_failures(kind: ObjectType, name: str, field: Field, value: Any) -> Iterator[Failure]:
    value = _shown(value)
    if value is UNKNOWN or value is None:
        return
    if not _is_a(value, field.kind):
        got = _GO_TYPES[type(value)]
        wanted = field.kind.value
        reason = f"Field '{name}' on '{kind.name}' must be a '{wanted}'; got '{got}' instead"
        yield Failure(name, reason)
    elif field.object is not None:
        yield from _nested_failures(f"{kind.short_name}.{name}", name, field.object, value)
    elif field.kind is Kind.SOURCE:
        yield from _source_failures(value)
    else:
        for place, item in _texts_within(name, field.kind, value):
            yield from _field_failures(kind, place, Field(Kind.TEXT), item)


def _is_a(value: Any, kind: Kind) -> bool:
    if isinstance(value, bool):
        return kind is Kind.SWITCH
    return isinstance(value, _PYTHON_TYPES[kind])


def _texts_within(name: str, kind: Kind, value: Any) -> Iterator[tuple[str, Any]]:
    if kind is Kind.TEXT_MAP:
        yield from ((f"{name}[{key}] value", item) for key, item in value.items())
    elif kind is Kind.TEXTS:
        yield from ((f"{name}[{index}]", item) for index, item in enumerate(value))


def _nested_failures(where: str, name: str, kind: ObjectType, value: Any) -> Iterator[Failure]:
    inner = list(_object_failures(kind, value))
    if inner:
        lines = "".join(f"\n\t{failure.property}: {failure.reason}" for failure in inner)
        text = f"An error occurred decoding '{where}': {len(inner)} failures decoding:{lines}"
        yield Failure(name, text)


def _source_failures(source: Asset | Archive) -> Iterator[Failure]:
    if isinstance(source, Archive):
        if "path" not in source.fields:
            yield Failure("archive", "archive must be a path to a file or directory")
    elif not {"path", "text"} & set(source.fields):
        yield Failure("asset", "asset must be a path-based file asset or a text asset")


def _normal_object(
    kind: ObjectType, values: Mapping[str, Any], *, with_defaults: bool
) -> dict[str, Any]:
    result = {
        name: _normal(kind.fields[name], value, with_defaults=with_defaults)
        if name in kind.fields
        else value
        for name, value in values.items()
        if value is not None
    }
    if with_defaults:
        for name, field in kind.fields.items():
            if field.default is not None:
                result.setdefault(name, field.default)
    return result


def _normal(field: Field, value: Any, *, with_defaults: bool) -> Any:
    if field.kind is Kind.TEXT and value == Secret(UNKNOWN):
        return Secret("")  # the official plugin loses what is secret and unknown at once
    if field.kind is Kind.TEXT_MAP and isinstance(value, dict):
        text = Field(Kind.TEXT)
        return {k: _normal(text, v, with_defaults=with_defaults) for k, v in value.items()}
    shown = _shown(value)
    if field.object is not None and isinstance(shown, dict):
        shown = _normal_object(field.object, shown, with_defaults=with_defaults)
    return Secret(shown) if field.secret or isinstance(value, Secret) else shown


def _shown(value: Any) -> Any:
    """The value without its own secret mark; marks further within stay."""
    return value.value if isinstance(value, Secret) else value
