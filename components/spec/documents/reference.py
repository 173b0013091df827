"""The keys of a stack file as a page: `python -m components.spec.documents.reference`.

It is made from the schema, which is made from the models: what a key means is written down once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from components.spec.documents.schema import STANDINS, Schema, stack_schema
from components.spec.reading.stack_text import CONFIG_KEY, STANDINS_KEY

PATH = Path(__file__).parents[3] / "docs" / "reference" / "stack-file.md"

_HEAD = """\
# Keys of a stack file
Made by `make schema` from the models in `components/spec`; do not edit.

All but the last of them stand below `config` and `etcd-cluster:cluster` of
`stacks/Pulumi.<stack>.yaml`. What a node may set too is in the table of `nodes.<name>`; there it
wins over the cluster's. Durations are `90s`, `15m`, `36h`, `365d`, `1h30m`.

The file is UTF-8, and read as the engine reads it: `no` and `on` are texts. A number that is
another than it looks (`010`, `1e1`, `0x10`, `1_000`) is refused with its line, as is a key with
nothing after its colon; a node, a consumer or a generation alone may be a name and no more.
"""
_FLAGS = "Flags"  # as many as etcd has: the schema lists them
_DEFAULT, _NO_DEFAULT = " Default: ", " No default."


def text() -> str:
    """The page as it stands in the repository."""
    definitions = stack_schema()["$defs"]
    places = _places(definitions)
    sections = (_section(places[name], definitions[name]) for name in places if name != _FLAGS)
    return "\n".join((_HEAD, *sections, _beside()))


def _beside() -> str:
    """What stands in `config` by itself."""
    table = _table({"properties": {STANDINS_KEY: STANDINS}})
    return f"## Beside `{CONFIG_KEY}`\n\n{table}\n"


def _places(definitions: Schema) -> dict[str, list[str]]:
    """Where each definition is used, by its name; the first one is the cluster itself."""
    places: dict[str, list[str]] = {"Cluster": [""]}
    queue = ["Cluster"]
    while queue:
        name = queue.pop(0)
        for key, field in definitions[name].get("properties", {}).items():
            for used, below in _used(field):
                if used not in places:
                    queue.append(used)
                    places[used] = []
                places[used] += [f"{place}{key}{below}." for place in places[name]]
    return places


def _used(field: Any, below: str = "") -> Iterator[tuple[str, str]]:
    """The definitions that a field refers to, and what stands between: `.<name>` in a mapping."""
    if isinstance(field, list):
        for each in field:
            yield from _used(each, below)
    elif isinstance(field, dict):
        for key, value in field.items():
            if key == "$ref":
                yield value.rpartition("/")[2], below
            else:
                yield from _used(value, ".<name>" if key == "patternProperties" else below)


def _section(places: list[str], definition: Schema) -> str:
    where = ", ".join(f"`{place.rstrip('.')}`" for place in places if place)
    head = f"## {where or 'The cluster'}\n{definition.get('description', '')}\n"
    return f"{head}\n{_table(definition)}\n"


def _table(definition: Schema) -> str:
    rows = (f"| `{key}` | {default} | {about} |" for key, default, about in _rows(definition))
    return "\n".join(("| key | default | |", "|---|---|---|", *rows))


def _rows(definition: Schema) -> Iterator[tuple[str, str, str]]:
    """Key, default and meaning; what has to be given comes first."""
    required = definition.get("required", ())
    fields = definition.get("properties", {})
    for key in sorted(fields, key=lambda each: each not in required):
        about, _, default = fields[key].get("description", "").partition(_DEFAULT)
        about = _with_values(about.removesuffix(_NO_DEFAULT), fields[key])
        yield key, "required" if key in required else _cell(default.rstrip(".")), _cell(about)


def _with_values(about: str, field: Schema) -> str:
    """What it means, and the values that there are if these are words."""
    words = field.get("enum") or [
        word for each in field.get("anyOf", ()) for word in each.get("enum", ())
    ]
    if all(str(word) in about for word in words):
        return about
    return f"{about} One of {', '.join(f'`{_plain(word)}`' for word in words)}."


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _cell(words: str) -> str:
    return " ".join(words.replace("|", "\\|").replace("<", "&lt;").split())


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(text(), encoding="utf-8")
