"""Every way in which a stack file may be a little wrong: another value, no value, a key of another
place, a key that is mistyped."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

# One of each kind, and what people write who think of other programs.
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 5, -1, 2379, 2380, 10**6, 10**30, 1.5, 3.6),
    *("", "x", "no", "010", "5", "2379", "true", "1h", "90", "365d", "90m", "0s", "None"),
    *("10.0.0.12", "10.0.0.0/8", "10.0.0.1/8", "127.0.0.1", "[::1]:2379", "etcd.example.org", "*"),
    *("x86_64", "aarch64", "v3.6.16", "3.4.0", "3.6", "latest", "wipe", "Local", "SSH", "docker"),
    *("/", "/tmp/x", "relative", "~/x", "/var/lib/etcd/data", "/etc/etcd", "root", "A b", "rsa"),
    *(
        "a\nb",
        "a'b",
        "a\\b",
        "TLS_A,TLS_B",
        "https://x/{y}",
        "file:///x",
        "https://u:p@h/x",
        "10GB",
    ),
    *("2048m", "-----BEGIN CERTIFICATE-----", "ssh-rsa AAAA", "Etcd_1", "a" * 70, "é"),
    *([], [1], ["x"], [None], ["x", "x"], [5, "x"], [["x"]], {}, {"x": 1}, {"x": None}),
)

# What holds things by names.
NAMED = ("nodes", "consumers", "generations")


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a stack file, lists' included."""
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for step, below in steps:
        yield (*above, step)
        if isinstance(below, dict | list):
            yield from places(below, (*above, step))


def at(raw: Any, place: tuple[Any, ...]) -> Any:
    """What stands there."""
    for step in place:
        raw = raw[step]
    return raw


def hollow(raw: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each kind of place once with nothing there; a mapping also with a name that nobody knows, or
    that holds nothing of use."""
    firsts: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for place in places(raw):
        firsts.setdefault(_kind(place), place)
    for place in firsts.values():
        for value in (None, {"x": None}, {"x": 1}) if isinstance(at(raw, place), dict) else (None,):
            yield f"{place} = {value!r}", _with(raw, place, value)


def _kind(place: tuple[Any, ...]) -> tuple[Any, ...]:
    """The place whatever the names that a person has chosen."""
    above = ("", *place)
    return tuple(
        "*" if isinstance(step, int) or owner in NAMED else step
        for owner, step in zip(above, place, strict=False)
    )


def mutants(raw: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each with what was done."""
    for place in places(raw):
        for value in VALUES:
            yield f"{place} = {value!r}", _with(raw, place, value)
        if isinstance(place[-1], str):
            yield f"{place} is missing", _without(raw, place)
            yield from _renamed(raw, place)
    for place in [(), *places(raw)]:
        if isinstance(at(raw, place), dict):
            yield from _added(raw, place)


def _renamed(raw: dict[str, Any], place: tuple[Any, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in sorted(_misspelt(place[-1])):
        other = _without(raw, place)
        at(other, place[:-1])[name] = copy.deepcopy(at(raw, place))
        yield f"{place} as {name}", other


def _added(raw: dict[str, Any], place: tuple[Any, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in _settings(raw):
        if name not in at(raw, place):
            yield f"{name} in {place}", _with(raw, (*place, name), value)


def _settings(raw: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Settings with their values, to be put where they do not belong."""
    yield from raw.items()
    yield from next(iter(raw["nodes"].values()) or {}).items()
    yield from (("metrics", ["10.0.0.0/8"]), ("max-txn-ops", 256), ("data-dir", "/x"))
    yield from (("backup", True), ("port", 2379), ("chain", ""), ("user", "etcd"))


def _misspelt(name: str) -> set[str]:
    return {name[:-1], f"{name}s", name.upper(), name.replace("_", "-"), f"-{name}"} - {name, ""}


def _with(raw: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(raw)
    at(changed, place[:-1])[place[-1]] = copy.deepcopy(value)
    return changed


def _without(raw: dict[str, Any], place: tuple[Any, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(raw)
    del at(changed, place[:-1])[place[-1]]
    return changed
