"""One reading of a stack file's text, the engine's; what looks like something else is refused.

The engine reads with Go's yaml.v3, Python's yaml is YAML 1.1: they differ over `no`, `1e1`, `1:30`
and more. Here plain values are resolved as the engine does it.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

NAMESPACE = "etcd-cluster:"
CONFIG_KEY = f"{NAMESPACE}cluster"
# Says that everything in the stack may be lost, so that stand-in plugins may touch it.
STANDINS_KEY = f"{NAMESPACE}standins"

# What an alias stands for is counted each time: a few lines could stand for gigabytes.
_NODES_MAX = 100_000
_SHOWN_MAX = 40
_PLAIN = "!plain"
_TEXT = "tag:yaml.org,2002:str"
_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# The forms that the engine takes for times, if there is such a day and hour.
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
    r"| +([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?)?"
)
# Which leap years repeat after: stands for the year 0, that Python does not know.
_LEAP_CYCLE_YEARS = 400
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]*")
# Octal without a mark, with one, hexadecimal, binary, with an exponent; digits in groups.
_ODD_NUMBER = re.compile(
    r"[-+]?(0[0-9]+(\.[0-9]*)?|0[oO][0-7]+|0[xX][0-9a-fA-F]+|0[bB][01]+"
    r"|([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?)"
)


_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_CHARACTER = r"has an escape such as \ud800 or \U00110000, which stands for no character"
_WIDE_MARKS = (
    *((b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32")),
    *((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")),
)


class UnreadableError(ValueError):
    """The text cannot be used; says where and why, but not of which file it is."""


class _Composer(yaml.BaseLoader):
    """Keeps apart what has quotes from what has none, and resolves neither. Its escapes are those
    that the engine knows."""

    ESCAPE_REPLACEMENTS = {  # type: ignore[misc]  # noqa: RUF012 -- as the base class has it
        mark: character
        for mark, character in yaml.BaseLoader.ESCAPE_REPLACEMENTS.items()
        if mark != "/"
    }

    def compose_scalar_node(self, anchor: dict[Any, yaml.Node]) -> yaml.ScalarNode:
        node = super().compose_scalar_node(anchor)
        if _SURROGATE.search(node.value):
            raise _refused(node, _NO_CHARACTER)
        return node


_Composer.add_implicit_resolver(_PLAIN, re.compile(""), None)


def content_of(path: Path) -> bytes:
    """The bytes of a stack file. Raises FileNotFoundError if nothing has that name, and
    UnreadableError if it cannot be read as a file."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):  # of a pipe one would wait for what nobody writes
            return path.read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            raise UnreadableError("is a link that leads nowhere") from None
        raise
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from None
    raise UnreadableError("is a folder, not a file" if stat.S_ISDIR(mode) else "is no plain file")


def parse(content: bytes, strictly: str = CONFIG_KEY) -> Any:
    """What the text says. Raises UnreadableError."""
    text = _decoded(content)
    try:
        node = yaml.compose(text, _Composer)
    except yaml.MarkedYAMLError as error:
        raise UnreadableError(_complaint(error)) from None
    except yaml.reader.ReaderError as error:
        reason = f"has the control character {error.character:#04x}"
        raise UnreadableError(reason) from None
    except RecursionError:
        raise UnreadableError("is nested too deeply") from None
    except UnreadableError:
        raise
    except (ValueError, OverflowError):  # of chr(), which yaml does not expect
        raise UnreadableError(_NO_CHARACTER) from None
    return None if node is None else _Reading(strictly).of(node)


def config_at(path: Path) -> dict[str, Any]:
    """The settings that a stack file has, by name; none of a file that is not there. Raises
    UnreadableError."""
    try:
        return config_of(parse(content_of(path)))
    except FileNotFoundError:
        return {}


def config_of(content: object) -> dict[str, Any]:
    """The settings of a parsed stack file; none where it has no mapping of them."""
    config = content.get("config") if isinstance(content, dict) else None
    return config if isinstance(config, dict) else {}


def fault_of(content: object) -> str:
    """Why the engine could not use a parsed stack file as one; empty if it could."""
    if content is None:
        return ""
    if not isinstance(content, dict):
        return "it is no mapping of keys to values"
    config = content.get("config")
    known = config is None or isinstance(config, dict)
    return "" if known else "its `config` is no mapping of keys to values"


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        for mark, name in _WIDE_MARKS:
            if content.startswith(mark):
                raise UnreadableError(f"is in {name}; save it as UTF-8") from None
        line = content[: error.start].count(b"\n") + 1
        reason = f"line {line} holds the byte {content[error.start]:#04x}, which is not UTF-8"
        raise UnreadableError(f"{reason}; save the file as UTF-8") from None


def _complaint(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "is no YAML"
    if "'\\t'" in problem:
        problem = "a tab, where YAML takes spaces only"
    elif "but found another document" in problem:
        problem = "a second document begins; a stack file is one"
    mark = error.problem_mark or error.context_mark
    return f"{_line(mark)}: {problem}" if mark else problem


def _line(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}"


def _refused(node: yaml.Node, reason: str) -> UnreadableError:
    return UnreadableError(f"{_line(node.start_mark)}: {reason}")


class _Reading:
    """From nodes to values. Below `strictly` no plain value may be read otherwise than it looks;
    beside it are settings of others, who have their own way with them."""

    def __init__(self, strictly: str) -> None:
        self._strictly = strictly
        self._strict = False
        self._count = 0
        self._open: set[int] = set()

    def of(self, node: yaml.Node) -> Any:
        """The value of a node."""
        self._count += 1
        if self._count > _NODES_MAX:
            raise _refused(node, "its aliases stand for more than a stack file can need")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self._open:
            raise _refused(node, "it contains itself")
        if node.tag not in _TAGS:
            raise _refused(node, f"{node.tag} is a type that is not known here")
        self._open.add(id(node))
        try:
            return self._mapping(node) if isinstance(node, yaml.MappingNode) else self._list(node)
        finally:
            self._open.discard(id(node))

    def _list(self, node: yaml.Node) -> list[Any]:
        return [self.of(each) for each in node.value]

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        """Its keys as text, which is how the engine hands them on."""
        merged: dict[str, Any] = {}
        found: dict[str, Any] = {}
        lines: dict[str, str] = {}
        for key_node, value_node in node.value:
            if _is_merge(key_node):
                for each in self._merged(value_node):
                    merged = {**each, **merged}
                continue
            key = self._key(key_node)
            if key in found:
                reason = f"the key `{key}` is there twice, first in {lines[key]}"
                raise _refused(key_node, reason)
            lines[key] = _line(key_node.start_mark)
            before, self._strict = self._strict, self._strict or key == self._strictly
            found[key] = self.of(value_node)
            self._strict = before
        return {**merged, **found}

    def _merged(self, node: yaml.Node) -> Iterator[dict[str, Any]]:
        parts: Iterable[yaml.Node] = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for part in parts:
            value = self.of(part)
            if not isinstance(value, dict):
                raise _refused(part, "`<<` takes a mapping, or a list of mappings")
            yield value

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise _refused(node, "a key is one text")
        written: str = node.value
        value = self._scalar(node)
        if value is None:
            raise _refused(node, "a key is missing in front of its colon")
        # A number as the engine writes it, and true in its one form.
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if self._strict and text != written:
            raise _refused(
                node, f"the key {written} is read as {text}; in quotes it stays as it is"
            )
        return text

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        try:
            return _scalar(node)
        except UnreadableError:
            if self._strict:
                raise
            return node.value


def _is_merge(node: yaml.Node) -> bool:
    return node.tag == _PLAIN and node.value == "<<"


def _scalar(node: yaml.ScalarNode) -> Any:
    """As the engine hands it on."""
    text: str = node.value
    if node.tag == _TEXT:
        return text
    if node.tag != _PLAIN:
        raise _refused(node, f"{node.tag} is a type that is not known here")
    if text in _WORDS:
        return _WORDS[text]
    if _DATE.fullmatch(text) and _is_time(text):
        return f"{text} 00:00:00 +0000 UTC"
    return _number(node, text)


def _number(node: yaml.ScalarNode, text: str) -> int | float | str:
    """The number that a text stands for, or the text. What is a number to the engine and does not
    look like it, or like another, has to be written otherwise."""
    if _WHOLE.fullmatch(text):
        return int(text) if len(text) < len(str(2**64)) else float(text)
    if _DECIMAL.fullmatch(text) and any(map(str.isdigit, text)):
        value = float(text)
        return int(value) if value.is_integer() else value
    if text[0] != "_" and _ODD_NUMBER.fullmatch(text.replace("_", "")):
        told = f"{_short(text)} is read as {_read(text)}"
        raise _refused(node, f"{told}; write that, or quotes around what is no number")
    if _is_time(text) or _ENDLESS.fullmatch(text):
        raise _refused(node, f"{_short(text)} is read as a time or number; put a text in quotes")
    return text


def _is_time(text: str) -> bool:
    """Whether the engine reads a time there. 2026-02-30 is a text, as there is no such day."""
    found = _TIME.fullmatch(text)
    if not found:
        return False
    year, month, day, *clock = (int(part) for part in found.groups() if part)
    hour, minute, second = clock or (0, 0, 0)
    try:
        datetime(year or _LEAP_CYCLE_YEARS, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return False
    return True


def _read(text: str) -> str:
    """In words. Python itself puts no long numbers into words, nor does anybody read them."""
    if len(text) > _SHOWN_MAX:
        return "a number"
    digits = text.replace("_", "")
    marked = re.sub(r"^([-+]?)0([0-7]+)$", r"\g<1>0o\2", digits)
    try:
        return f"the number {int(marked, 0)}"
    except ValueError:
        return f"the number {float(digits):g}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"
