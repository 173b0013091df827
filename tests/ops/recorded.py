"""Events of real runs, recorded with `--json` and cut down to what is looked at.

`traceback` comes from a language host that lets the program be interrupted, as the official one
does; all others from the dev stack.
"""

from __future__ import annotations

from pathlib import Path

from ops.engine.events import Event, parse

FOLDER = Path(__file__).parent / "events"


def events(name: str) -> list[Event]:
    lines = (FOLDER / f"{name}.jsonl").read_text().splitlines()
    return [event for line in lines if (event := parse(line))]


def text(name: str) -> str:
    return (FOLDER / name).read_text()
