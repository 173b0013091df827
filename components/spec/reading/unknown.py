"""Keys that no model knows: the nearest known one, or where the key belongs."""

from __future__ import annotations

import difflib

from pydantic import BaseModel

from components.spec.models.settings import Node, Settings
from components.spec.report.finding import Finding
from components.spec.report.problems import ROOT, Place
from components.spec.report.shape import model_at
from components.spec.values.flag_policy import managed_by, minors_with


def unknown_key(model: type[BaseModel], place: Place) -> Finding:
    """The refusal of a key, with the key that was probably meant."""
    name = str(place[-1])
    owner = model_at(model, place[:-1])
    known = list(owner.model_fields) if owner else []
    otherwise = f"known here: {', '.join(sorted(known))}"
    if owner is not model and name in model.model_fields:
        remedy = f"put it at `{ROOT}.{name}`"
        reason = "is set for the whole cluster"
        return Finding(place, reason, remedy, belongs=(name,), otherwise=otherwise)
    if owner is model and name in Node.model_fields:
        return Finding(place, "is each node's own", f"put it at `{ROOT}.nodes.<name>.{name}`")
    if owner is not None and issubclass(owner, Settings) and minors_with(name):
        field = managed_by(name)
        return Finding(place, "is an etcd flag", f"use {field or f'`flags: {{{name}: …}}`'}")
    near = difflib.get_close_matches(name.lower().replace("-", "_"), known, n=1)
    if near:
        return Finding(
            place,
            "is no known key",
            f"did you mean `{near[0]}`?",
            meant=near[0],
            belongs=(*place[:-1], near[0]),
            otherwise=otherwise,
        )
    return Finding(place, "is no known key", otherwise)
