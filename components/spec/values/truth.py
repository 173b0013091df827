"""Words that people, and readers of YAML 1.1, take for true or false. The engine reads YAML 1.2,
which knows `true` and `false` alone."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "on", "y"), True),
    **dict.fromkeys(("false", "no", "off", "n"), False),
}
_NUMBERS: Mapping[str, bool] = {"1": True, "0": False}


def truth_of(value: object) -> bool | None:
    """What a truth value, a word or a number was meant to say; None for anything else."""
    if not isinstance(value, bool | int | str):
        return None
    return {**WORDS, **_NUMBERS}.get(str(value).lower())
