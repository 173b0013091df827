"""What the text of a node's command says: its facts, one `name=value` a line, in a here-document
in front of the fixed script."""

from __future__ import annotations

_OPENING = ": <<'FACTS'"
_CLOSING = "FACTS"


def facts(text: object) -> dict[str, str]:
    """The facts in the order of the text; none in what is no such text."""
    if not isinstance(text, str):
        return {}
    lines = text.splitlines()
    if not lines or lines[0] != _OPENING or _CLOSING not in lines:
        return {}
    pairs = (line.partition("=") for line in lines[1 : lines.index(_CLOSING)])
    return {name: value for name, _, value in pairs}


def script(text: object) -> str:
    """What follows the facts."""
    return text.partition(f"\n{_CLOSING}\n")[2] if isinstance(text, str) else ""


def changes(old: object, new: object) -> list[str]:
    """Line by line what a reviewer should see: `- name=value`, `+ name=value`. A script that
    itself has changed is one line, not its text."""
    before, after = facts(old), facts(new)
    lines = []
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) == after.get(name):
            continue
        if name in before:
            lines.append(f"- {name}={before[name]}")
        if name in after:
            lines.append(f"+ {name}={after[name]}")
    if before and script(old) != script(new):
        lines.append("~ the script itself")
    return lines
