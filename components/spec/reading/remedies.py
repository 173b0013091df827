"""Remedies are tried before they are offered: whoever does what a report says is not refused there
again."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from components.spec.report.finding import Finding
from components.spec.report.places import MISSING, key_of, look_up, within
from components.spec.report.problems import Place, path_of
from components.spec.report.show import plain

Judge = Callable[[object], list[Finding]]

REMOVE = "remove it"
OR_GIVE = f"{REMOVE}, or give it "
_ROUNDS = 6
# How much a mistyped key is like the known one, for that to be meant whatever stands there.
_ALIKE = 0.8


def settled(raw: object, finding: Finding, judge: Judge) -> Finding:
    """The finding with a remedy that is accepted in this file. `judge` finds what is refused."""
    if finding.belongs is not None:
        return _moved(raw, finding, finding.belongs, judge)
    if finding.of_key or not finding.place or not isinstance(raw, dict):
        return finding
    if finding.example is not None:
        finding = _valued(raw, finding, judge)
    return _removed(raw, finding, judge) if finding.remedy.startswith(REMOVE) else finding


def _moved(raw: object, finding: Finding, target: Place, judge: Judge) -> Finding:
    """A key that belongs elsewhere, or is another one: if that is free, and takes the value."""
    if look_up(raw, target) is not MISSING:
        alone = f"`{target[-1]}`" if target[:-1] == finding.place[:-1] else f"`{path_of(target)}`"
        return replace(finding, remedy=f"{REMOVE}: {alone} is there already", meant="")
    if _is_alike(finding.place[-1], target[-1]) and target[:-1] == finding.place[:-1]:
        return finding
    changed = copy.deepcopy(raw)
    value = look_up(changed, finding.place)
    _remove(changed, finding.place)
    if _put(changed, target, value) and not _inside(judge(changed), target):
        return finding
    return replace(finding, remedy=finding.otherwise, meant="")


def _is_alike(written: str | int, known: str | int) -> bool:
    bare = str(written).lower().replace("-", "_").strip("_")
    return difflib.SequenceMatcher(None, bare, str(known)).ratio() >= _ALIKE


def _valued(raw: object, finding: Finding, judge: Judge) -> Finding:
    """Where the value that is offered would be refused in its turn, what is offered then."""
    changed = copy.deepcopy(raw)
    if not _put(changed, finding.place, finding.example):
        return finding
    again = finding
    for _ in range(_ROUNDS):
        inside = _inside(judge(changed), finding.place)
        if not inside:
            found = look_up(changed, finding.place)
            remedy = finding.remedy.replace(plain(finding.example), plain(found))
            return replace(finding, remedy=remedy, example=found)
        again = inside[0]
        if again.place == finding.place and (again.example is None or again.remedy == REMOVE):
            return _without_value(finding, again)
        if again.remedy == REMOVE:
            _remove(changed, again.place)
        elif again.example is None or not _put(changed, again.place, again.example):
            break
    return _begun(finding, look_up(changed, finding.place), again)


def _begun(finding: Finding, value: object, again: Finding) -> Finding:
    """A person has to give the rest."""
    begun = f"{plain(value)}, with `{path_of(again.place)}` as well"
    if finding.remedy.startswith(REMOVE):
        begun = f"{OR_GIVE}{begun}"
    elif finding.remedy:
        begun = finding.remedy
    return replace(finding, example=None, remedy=begun)


def _removed(raw: object, finding: Finding, judge: Judge) -> Finding:
    """Where a person has to give what would be missing then, what that is."""
    changed = copy.deepcopy(raw)
    _remove(changed, finding.place)
    missed = _inside(judge(changed), finding.place)
    if not missed:
        return finding
    if finding.example is not None:
        return replace(finding, remedy=finding.remedy.removeprefix(OR_GIVE))
    return replace(finding, remedy=missed[0].remedy or plain(missed[0].example))


def _without_value(finding: Finding, again: Finding) -> Finding:
    """No value would do: the key itself is out of place, or what it stands for is the person's."""
    if finding.remedy.startswith(REMOVE):
        return replace(finding, remedy=REMOVE, example=None)
    if again.remedy.startswith((REMOVE, "did you mean", "if `", "see `")):
        return replace(finding, reason=again.reason, remedy=again.remedy, example=None)
    like = f"{plain(finding.example)} or the like: {again.remedy}"
    return replace(finding, remedy=finding.remedy or like, example=None)


def _inside(found: list[Finding], place: Place) -> list[Finding]:
    return [each for each in found if within(each.place, place) and not each.of_key]


def _put(raw: Any, place: Place, value: object) -> bool:
    """Whether there was room for it."""
    for step in place[:-1]:
        below = look_up(raw, (step,))
        if below is MISSING or below is None:
            if not isinstance(raw, dict):
                return False
            below = {}
            raw[_own(raw, step)] = below
        raw = below
    if isinstance(raw, dict):
        raw[_own(raw, place[-1])] = copy.deepcopy(value)
    elif isinstance(raw, list) and isinstance(place[-1], int) and place[-1] < len(raw):
        raw[place[-1]] = copy.deepcopy(value)
    else:
        return False
    return True


def _own(owner: dict[Any, Any], step: str | int) -> Any:
    key = key_of(owner, step)
    return step if key is MISSING else key


def _remove(raw: Any, place: Place) -> None:
    owner = look_up(raw, place[:-1])
    if isinstance(owner, dict):
        owner.pop(_own(owner, place[-1]), None)
