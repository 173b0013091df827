"""What a person does who follows a remedy's words."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from typing import Any

import yaml

from components.spec import Problem

Place = tuple[Any, ...]
_STEP = re.compile(r'\.("(?:[^"\\]|\\.)*"|[A-Za-z0-9_-]+)|\[(\d+)\]')


@dataclass(frozen=True)
class Mended:
    """A stack file after a remedy, and the places that it is to be accepted at. `named`: only its
    name was wrong; what it holds is looked at from now on."""

    raw: Any
    places: tuple[Place, ...]
    named: bool = False

    def concerns(self, place: Place) -> bool:
        """Whether a problem at this place says that the remedy was none."""
        if self.named:
            return place in self.places
        return any(place[: len(own)] == own for own in self.places)


def place_of(path: str) -> Place:
    """`cluster.a[0]."b.c"` as steps."""
    found: list[Any] = []
    for name, number in _STEP.findall(path.removeprefix("cluster")):
        found.append(int(number) if number else json.loads(name) if name[0] == '"' else name)
    return tuple(found)


def follow(raw: Any, problem: Problem) -> Mended | None:
    """None where the words name nothing that one could just do."""
    place, words = place_of(problem.path), problem.remedy
    if problem.example is not None:
        return _put(raw, place, problem.example)
    if words.startswith("remove it"):
        return _removed(raw, place)
    target = _target(raw, place, words)
    return target and _moved(raw, place, target)


def _target(raw: Any, place: Place, words: str) -> Place | None:
    """Where the key is to go."""
    if found := re.match(r"(?:did you mean|name it|use) `([^`{:]+)`\??$", words):
        return (*place[:-1], found[1])
    if found := re.match(r"use `flags: \{([^:]+): …\}`$", words):
        return (*place[:-1], "flags", found[1])
    if found := re.match(r"put it at `cluster\.nodes\.<name>\.(\w+)`$", words):
        return ("nodes", next(iter(raw["nodes"])), found[1])
    if found := re.match(r"put it at `(cluster\.[^`]+)`$", words):
        return place_of(found[1])
    return None


def _put(raw: Any, place: Place, value: Any) -> Mended:
    if not place:
        return Mended(value, ((),))
    changed = copy.deepcopy(raw)
    owner = _owner(changed, place)
    owner[_key(owner, place[-1])] = yaml.safe_load(json.dumps(value))
    return Mended(changed, (place,))


def _removed(raw: Any, place: Place) -> Mended:
    changed = copy.deepcopy(raw)
    owner = _owner(changed, place)
    del owner[_key(owner, place[-1])]
    return Mended(changed, (place,))


def _moved(raw: Any, place: Place, target: Place) -> Mended:
    changed = copy.deepcopy(raw)
    owner = _owner(changed, place)
    if isinstance(owner, list):  # of names
        owner[owner.index(place[-1])] = target[-1]
        return Mended(changed, (place, target))
    value = owner.pop(_key(owner, place[-1]))
    owner = _owner(changed, target)
    owner[_key(owner, target[-1])] = value
    return Mended(changed, (place, target), named=place[:-1] == target[:-1])


def _owner(raw: Any, place: Place) -> Any:
    for step in place[:-1]:
        key = _key(raw, step)
        if isinstance(raw, dict) and raw.get(key) is None:
            raw[key] = {}
        raw = raw[key]
    return raw


def _key(owner: Any, step: Any) -> Any:
    """Keys that YAML has read as numbers are text in a path."""
    if isinstance(owner, list):
        return step
    return next((key for key in owner if str(key) == str(step)), step)
