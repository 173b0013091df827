"""Which of the shared scripts others need: a payload stays in the state, twice, so nothing more.

A script says so in its first lines. `# needs: gate say` are files of `lib/`; `# backend: ask` are
functions of docs/development/backends.md, which each backend has in a file of its own choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from components.member.files import ScriptPath, script

_DEFINED = re.compile(r"^([a-z]\w*)\(\)", re.MULTILINE)
_NEEDS = re.compile(r"^# needs: (.*)$", re.MULTILINE)
_BACKEND = re.compile(r"^# backend: (.*)$", re.MULTILINE)


def with_libraries(scripts: Iterable[str], script_path: ScriptPath) -> tuple[str, ...]:
    """`scripts` and every library that they or those need, by path below `scripts/`."""
    scripts = tuple(scripts)
    found: set[str] = set()
    waiting = [*scripts]
    while waiting:
        fresh = needed_by(waiting.pop(), script_path) - found
        found |= fresh
        waiting += fresh
    return (*scripts, *sorted(found - {*scripts}))


@cache
def needed_by(path: str, script_path: ScriptPath) -> frozenset[str]:
    """The libraries that a script itself needs. A backend may have a function of its own in the
    script of an action, which is no library."""
    text = script(path, script_path).decode()
    named = {f"lib/{name}.sh" for name in _words(_NEEDS, text)}
    places = _places(script_path)
    asked = {places[name] for name in _words(_BACKEND, text) if name in places}
    return frozenset(named | asked)


def _words(line: re.Pattern[str], text: str) -> Iterator[str]:
    for words in line.findall(text):
        yield from words.split()


@cache
def _places(script_path: ScriptPath) -> Mapping[str, str]:
    """The library of each function."""
    paths = [
        path.relative_to(root).as_posix() for root in script_path for path in root.glob("lib/*.sh")
    ]
    return {
        name: path
        for path in paths
        for name in _DEFINED.findall(script(path, script_path).decode())
    }
