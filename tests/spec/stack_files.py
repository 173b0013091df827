"""Stack files for tests: a small good one, and changes to it."""

from __future__ import annotations

import copy
from typing import Any

from components.spec import Problem, SpecError, load

GOOD: dict[str, Any] = {
    "name": "dev",
    "version": "3.6.16",
    "transport": "local",
    "runtime": "supervisor",
    "nodes": {f"etcd{n}": {"address": f"10.0.0.1{n}"} for n in (1, 2, 3)},
}


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """A good stack file with values put at dotted paths; `...` removes what is there."""
    raw = copy.deepcopy(GOOD)
    for path, value in changes:
        put(raw, path.split("."), copy.deepcopy(value))
    return raw


def put(raw: Any, steps: list[str], value: Any) -> None:
    """Set, replace or (with `...`) remove one value."""
    for step in steps[:-1]:
        raw = raw[int(step)] if isinstance(raw, list) else below(raw, step)
    last = int(steps[-1]) if isinstance(raw, list) else steps[-1]
    if value is ...:
        del raw[last]
    else:
        raw[last] = value


def below(raw: Any, step: str) -> Any:
    """What stands there; nothing after a colon is a mapping to fill."""
    if raw.get(step) is None:
        raw[step] = {}
    return raw[step]


def the_problem(raw: object) -> Problem:
    """The only one that a stack file has."""
    found = problems_of(raw)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def assert_named(raw: object, path: str, reason: str, remedy: str) -> None:
    """It has one problem, of that place, whose reason and remedy hold these words."""
    problem = the_problem(raw)
    assert problem.path == f"cluster.{path}"
    assert reason in problem.reason
    assert remedy in problem.remedy


def take_example(raw: object, problem: Problem) -> None:
    """Puts the value that would do in the place of the one that is refused."""
    put(raw, problem.path.replace("[", ".").replace("]", "").split(".")[1:], problem.example)


def problems_of(raw: object) -> tuple[Problem, ...]:
    """What is wrong with a stack file; nothing for a good one."""
    try:
        load(raw)
    except SpecError as error:
        return error.problems
    return ()
