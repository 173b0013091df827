"""Inputs in the form in which the official plugin records them.

It turns a program's object into the Go type of its kind and back. Thereby amounts get the API
server's form, and members that the type leaves out while they are empty are gone. Here the names of
the members say what the types do, which is enough for the kinds that there are.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

from toolchain.standins.kubernetes.kinds import CONFIG_MAP, SECRET, SERVICE, Kind
from toolchain.standins.kubernetes.quantities import canonical
from toolchain.standins.kubernetes.refreshed import pruned
from toolchain.standins.kubernetes.secrecy import concealed
from toolchain.standins.wire import Secret, bare, has_unknown

# Names to texts, whose values are a program's own.
_TEXTS = {"annotations", "data", "labels", "matchLabels", "nodeSelector", "volumeAttributes"}
_AMOUNTS = {"limits", "overhead", "requests"}
_AMOUNT = {"divisor", "sizeLimit"}
# Left out where they are false or 0. Others differ from none then, such as `replicas`.
_SWITCHES = {
    *("hostIPC", "hostNetwork", "hostPID", "publishNotReadyAddresses", "readOnly"),
    *("stdin", "stdinOnce", "tty"),
}
_NUMBERS = {
    *("failureThreshold", "initialDelaySeconds", "periodSeconds", "successThreshold"),
    *("timeoutSeconds", "minReadySeconds", "healthCheckNodePort", "hostPort", "nodePort"),
}
# An empty text here says something else than none.
_WITH_EMPTY_TEXT = {"apiGroup", "runtimeClassName", "storageClassName", "volumeAttributesClassName"}


def normal(kind: Kind, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs in that form, with their secret marks. Inputs that have it stay as they are."""
    if kind == SECRET:
        return _secret(dict(inputs))
    texts = _TEXTS | ({"selector"} if kind == SERVICE else set())
    result = _members(inputs, texts)
    if kind == CONFIG_MAP and isinstance(bare(result.get("binaryData")), Mapping):
        result["binaryData"] = _within(result["binaryData"], _encoded_anew)
    return result


def compared(kind: Kind, inputs: Mapping[str, Any], live: Mapping[str, Any]) -> Any:
    """What new inputs are compared with, of a state with these inputs and this live object.

    A Secret does not pass through its type, so it is the live object that counts, as in the
    official plugin. What the API server drops, such as `annotations: {}`, differs with every `up`.
    """
    old = bare(normal(kind, inputs))
    return pruned(live, old) if kind == SECRET else old


def _members(value: Mapping[str, Any], texts: set[str]) -> dict[str, Any]:
    found = {name: _within(part, _member, name, texts) for name, part in value.items()}
    return {name: part for name, part in found.items() if not _left_out(name, bare(part), texts)}


def _member(value: Any, name: str, texts: set[str]) -> Any:
    if name in _AMOUNT:
        return canonical(value)
    if isinstance(value, Mapping):
        if name in _AMOUNTS:
            return {what: _within(amount, canonical) for what, amount in value.items()}
        return dict(value) if name in texts else _members(value, texts)
    if isinstance(value, list):
        return [_within(part, _element, texts) for part in value]
    return value


def _element(value: Any, texts: set[str]) -> Any:
    return _members(value, texts) if isinstance(value, Mapping) else value


def _left_out(name: str, value: Any, texts: set[str]) -> bool:
    if isinstance(value, bool):
        return not value and name in _SWITCHES
    if isinstance(value, int | float):
        return not value and name in _NUMBERS
    if isinstance(value, str):
        return not value and name not in _WITH_EMPTY_TEXT
    if isinstance(value, Mapping):
        return not value and name in texts | _AMOUNTS | {"binaryData"}
    return isinstance(value, list) and not value


def _secret(inputs: dict[str, Any]) -> dict[str, Any]:
    """With `stringData` in `data`, where the API server puts it."""
    texts, data = bare(inputs.get("stringData")), bare(inputs.get("data"))
    if has_unknown([texts, data]):
        return concealed(inputs)
    if isinstance(texts, Mapping) and texts:
        encoded = {name: _encoded(text) for name, text in texts.items()}
        kept = {name: part for name, part in inputs.items() if name != "stringData"}
        return concealed({**kept, "data": {**(data or {}), **encoded}})
    if isinstance(data, Mapping):
        return concealed({**inputs, "data": _encoded_anew(data)})
    return concealed(inputs)


def _encoded(text: Any) -> Any:
    return base64.b64encode(text.encode()).decode() if isinstance(text, str) else text


def _encoded_anew(data: Any) -> Any:
    return {name: _in_one_line(part) for name, part in data.items()}


def _in_one_line(text: Any) -> Any:
    """Without the ends of lines that base64 may have; what is none is for the server to refuse."""
    try:
        decoded = base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True)
    except (TypeError, binascii.Error):
        return text
    return base64.b64encode(decoded).decode()


def _within(value: Any, change: Callable[..., Any], *arguments: Any) -> Any:
    """The changed value, secret if it was."""
    if isinstance(value, Secret):
        return Secret(_within(value.value, change, *arguments))
    return change(value, *arguments)
