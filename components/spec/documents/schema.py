"""The JSON Schema of a whole stack file, for editors: `python -m components.spec.documents.schema`.

It completes and describes keys and catches most slips while typing; `load` stays the judge.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from components.spec.models.cluster import Cluster
from components.spec.reading.stack_text import CONFIG_KEY, STANDINS_KEY
from components.spec.values.fields import LABEL_PATTERN
from components.spec.values.flag_policy import known_flags, managed_by, minors_with
from components.spec.values.versions import SUPPORTED

Schema = dict[str, Any]

PATH = Path(__file__).parents[3] / "stacks" / "schema.json"

_KINDS: dict[str, Schema] = {
    "bool": {"type": "boolean"},
    "number": {"type": "integer", "minimum": 0},
    "duration": {"type": "string"},
    "list": {"type": "array", "items": {"type": "string"}},
    "text": {"type": "string"},
}
_SECRET: Schema = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"secure": {"type": "string"}},
            "required": ["secure"],
            "additionalProperties": False,
        },
    ]
}
STANDINS: Schema = {
    "description": "Whether stand-in plugins may touch the stack; true says that everything it"
    " holds may be lost. Default: false.",
    "anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}],
}
_NUMBER_PATTERN = "^[1-9][0-9]{0,3}$"


def stack_schema() -> Schema:
    """The schema of a `stacks/Pulumi.<stack>.yaml`."""
    cluster = Cluster.model_json_schema()
    defs = {name: _tidy(each) for name, each in cluster.pop("$defs").items()}
    cluster = _tidy(cluster)
    for owner in (cluster, defs["Node"]):
        about = owner["properties"]
        about["flags"] = {"$ref": "#/$defs/Flags", **_described(about["flags"])}
        about["firewall"] = _named_or_whole(about["firewall"], defs["Firewall"], "backend")
        for field in ("metrics", "shell_profile"):
            about[field] = _or_none(about[field])
    about = defs["Ssh"]["properties"]
    about["jump"] = _or_none(about["jump"])
    about = cluster["properties"]
    about["nodes"] = _named(about["nodes"], LABEL_PATTERN, _or_empty("Node"))
    about["consumers"] = _consumers(about["consumers"])
    about = defs["Pki"]["properties"]
    about["generations"] = _named(about["generations"], _NUMBER_PATTERN, _or_empty("Generation"))
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "Stack file of an etcd cluster",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {CONFIG_KEY: {"$ref": "#/$defs/Cluster"}, STANDINS_KEY: STANDINS},
                "required": [CONFIG_KEY],
            },
            "secretsprovider": {"type": "string", "description": "Who encrypts secrets."},
            "encryptionsalt": {"type": "string", "description": "Written by Pulumi."},
            "encryptedkey": {"type": "string", "description": "Written by Pulumi."},
            "environment": {"description": "Pulumi ESC environments to import."},
        },
        "required": ["config"],
        "additionalProperties": False,
        "$defs": {"Cluster": cluster, "Flags": _flags(), **defs},
    }


def _tidy(node: Any) -> Any:
    """Pydantic's schema without its titles, nulls and computed defaults; secrets as Pulumi's."""
    if isinstance(node, list):
        return [_tidy(each) for each in node]
    if isinstance(node, str):
        return " ".join(node.split())
    if not isinstance(node, dict):
        return node
    if node.get("format") == "password":
        return {**_SECRET, **_described(node)}
    options = [each for each in node.get("anyOf", []) if each != {"type": "null"}]
    if len(options) == 1 and len(node["anyOf"]) > 1:
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        return _tidy({**options[0], **rest})
    return {key: _tidy(value) for key, value in node.items() if not _is_noise(key, value)}


def _is_noise(key: str, value: Any) -> bool:
    is_title = key == "title" and isinstance(value, str)
    return is_title or (key == "default" and (value is None or isinstance(value, dict)))


def _described(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key in {"description", "examples"}}


def _or_empty(name: str) -> Schema:
    """A body that may be left out: `apiserver:` and nothing more."""
    return {"anyOf": [{"$ref": f"#/$defs/{name}"}, {"type": "null"}]}


def _named(schema: Schema, pattern: str, body: Schema) -> Schema:
    """A mapping whose keys have a form."""
    limits = {key: value for key, value in schema.items() if key == "minProperties"}
    return {
        "type": "object",
        "patternProperties": {pattern: body},
        "additionalProperties": False,
        **limits,
        **_described(schema),
    }


def _named_or_whole(schema: Schema, whole: Schema, key: str) -> Schema:
    """A mapping, or just the value of its first key."""
    choice = {"enum": whole["properties"][key]["enum"]}
    return {"anyOf": [choice, {"$ref": schema["$ref"]}], **_described(schema)}


def _or_none(schema: Schema) -> Schema:
    """A mapping, or the word for a node that has none."""
    return {"anyOf": [{"const": "none"}, {"$ref": schema["$ref"]}], **_described(schema)}


def _consumers(schema: Schema) -> Schema:
    """Names with their subjects, or just a list of names."""
    name = {"type": "string", "pattern": LABEL_PATTERN}
    listed = {"type": "array", "items": name, "uniqueItems": True}
    named = _named({}, LABEL_PATTERN, _or_empty("Consumer"))
    return {"anyOf": [listed, named], **_described(schema)}


def _flags() -> Schema:
    """Every flag of any supported minor that a person may set."""
    kinds = {name: kind for series in SUPPORTED for name, kind in known_flags(series).items()}
    properties = {
        name: {**_KINDS[kind], "description": f"etcd {', '.join(minors_with(name))}"}
        for name, kind in sorted(kinds.items())
        if not managed_by(name)
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def text() -> str:
    """The schema as it stands in the repository."""
    return json.dumps(stack_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
