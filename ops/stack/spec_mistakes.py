"""What the spec has to say of a stack that stand-in plugins refuse.

They refuse before the program can read the spec, so a mistyped `standins` or `throwaway` would hear
of nothing but the refusal.
"""

from __future__ import annotations

from pathlib import Path

from ops.stack import stackfile

REFUSAL = "stand-in plugins refuse stack"


def spec_report(project: Path, stack: str, complaint: str) -> str | None:
    """The spec's own report, if the complaint is a refusal and the spec has mistakes.

    None for a spec with encrypted values: only the engine can read those.
    """
    if REFUSAL not in complaint:
        return None
    from components.spec import SpecError, load  # noqa: PLC0415 -- for this rare case only

    file = stackfile.read(project, stack)
    if _has_encrypted(file.cluster):
        return None
    try:
        load(file.cluster, file.config)
    except SpecError as error:
        return str(error)
    return None


def _has_encrypted(value: object) -> bool:
    if isinstance(value, dict):
        return "secure" in value or any(map(_has_encrypted, value.values()))
    return isinstance(value, list) and any(map(_has_encrypted, value))
