"""The base of every model: frozen, no unknown keys, nothing of a value in pydantic's own errors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from components.spec.report.refuse import refuse
from components.spec.values.truth import truth_of


class Model(BaseModel):
    """A frozen part of the spec."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )


def setting(default: Any = ..., *, example: Any = None, **more: Any) -> Any:
    """A field with a default and a value that a person could write there.

    The example stands in refusals and in the JSON Schema; without one the default does.
    """
    example = default if example is None else example
    return Field(default, examples=[example], **more)


def _none(value: Any) -> Any:
    if truth_of(value) is False:
        raise refuse("is no mapping of keys to values", remedy="remove it, or give it `none`")
    return None if value == "none" else value


OrNone = BeforeValidator(_none)
"""`none`: for a node that has not what is set for all. An empty key says nothing."""

# For models whose missing values are filled in before pydantic looks for them.
FILLED = ConfigDict(json_schema_extra=lambda schema: schema.pop("required", None))
