"""Which of the shared scripts others need: a payload stays in the state, twice, so nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from components.member.files import Roots, script

_DEFINED = re.compile(r"^([a-z]\w*)\(\)", re.MULTILINE)
_WORD = re.compile(r"[a-z]\w*")
_COMMENT = re.compile(r"^ *#.*", re.MULTILINE)


def with_libraries(scripts: Iterable[str], roots: Roots) -> tuple[str, ...]:
    """`scripts` and every library that they or those name a function of, by path below `scripts/`.
    The first half of a name that a script puts together has to be in a library it names too."""
    scripts = tuple(scripts)
    found: set[str] = set()
    unread: set[str] = set(scripts)
    while unread:
        words = set().union(*(_words(path, roots) for path in unread))
        needed = {path for path, functions in _libraries(roots).items() if functions & words}
        unread = needed - found
        found |= needed
    return (*scripts, *sorted(found))


@cache
def _libraries(roots: Roots) -> Mapping[str, frozenset[str]]:
    """The functions of each."""
    paths = {path.relative_to(root).as_posix() for root in roots for path in root.glob("lib/*.sh")}
    return {path: frozenset(_DEFINED.findall(_code(path, roots))) for path in paths}


@cache
def _words(path: str, roots: Roots) -> frozenset[str]:
    return frozenset(_WORD.findall(_code(path, roots)))


def _code(path: str, roots: Roots) -> str:
    return _COMMENT.sub("", script(path, roots).decode())
