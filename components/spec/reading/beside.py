"""This project's settings beside `cluster` in a stack file's `config`."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from components.spec.reading.stack_text import CONFIG_KEY, NAMESPACE, STANDINS_KEY
from components.spec.report.problems import Problem
from components.spec.report.show import brief, kind, plain

KNOWN = (CONFIG_KEY, STANDINS_KEY)
# A text too: `pulumi config set` writes nothing else.
_SWITCH = ("true", "false")


def problems_beside(settings: Mapping[str, object]) -> Iterator[Problem]:
    """Each setting that this project does not know, and each value that is none of its own."""
    for key, value in settings.items():
        if key == STANDINS_KEY and not isinstance(value, bool) and value not in _SWITCH:
            yield _no_switch(value)
        elif key.startswith(NAMESPACE) and key not in KNOWN:
            near = meant(key)
            remedy = f"did you mean `{near}`?" if near else "remove it"
            yield Problem(key, f"key {plain(key)}", "is no setting of this project", remedy)


def meant(key: str) -> str:
    """The setting that a mistyped one of this project stands for, empty if it is like none."""
    names = [known.removeprefix(NAMESPACE) for known in KNOWN]
    near = difflib.get_close_matches(key.removeprefix(NAMESPACE), names, n=1)
    return f"{NAMESPACE}{near[0]}" if near else ""


def _no_switch(value: object) -> Problem:
    return Problem(
        STANDINS_KEY,
        brief(value),
        f"{kind(value)} is neither true nor false",
        "true if everything that this stack holds may be lost, else false",
        example=True,
    )
