"""Where a place in the stack file lies in the models: its model, its field, its example."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from components.spec.report.problems import Place


def bare(annotation: Any) -> Any:
    """The annotation without Annotated and without `| None`."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        return bare(options[0]) if len(options) == 1 else annotation
    return annotation


def as_model(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation stands for, if it does."""
    plain = bare(annotation)
    return plain if isinstance(plain, type) and issubclass(plain, BaseModel) else None


def item(annotation: Any) -> Any:
    """What a mapping or list holds; None for anything else."""
    plain = bare(annotation)
    origin, arguments = get_origin(plain), get_args(plain)
    if origin is tuple:
        return arguments[0]
    return arguments[1] if isinstance(origin, type) and issubclass(origin, Mapping) else None


def _follow(model: type[BaseModel], place: Place) -> tuple[Any, FieldInfo | None, Place]:
    """The annotation at a place, the last field on the way, and the steps after that field."""
    annotation: Any = model
    field: FieldInfo | None = None
    after: Place = ()
    for step in place:
        owner = as_model(annotation)
        if owner is None:
            annotation, after = item(annotation), (*after, step)
        else:
            field, after = owner.model_fields.get(str(step)), ()
            annotation = field.annotation if field else None
    return annotation, field, after


def model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model that a mapping at this place has to fit; None where there is none."""
    return as_model(_follow(model, place)[0])


def example_at(model: type[BaseModel], place: Place) -> Any:
    """A value that would do at this place; None where none is known."""
    _, field, after = _follow(model, place)
    if not place:
        return model.model_config["json_schema_extra"]["examples"][0]  # type: ignore[index]
    if field is None or not field.examples:
        return None
    example = field.examples[-1] if after else field.examples[0]
    for _ in after:
        example = next(iter(example.values() if isinstance(example, dict) else example), None)
    return example


def key_example_at(model: type[BaseModel], place: Place) -> Any:
    """A key that would do for this one."""
    owner = example_at(model, place[:-1])
    return next(iter(owner), None) if isinstance(owner, dict) else None


def choices_at(model: type[BaseModel], place: Place) -> tuple[str, ...]:
    """The texts that a field knows, if it knows no others."""
    plain = bare(_follow(model, place)[0])
    return get_args(plain) if get_origin(plain) is Literal else ()


def takes_scalar(model: type[BaseModel], place: Place) -> bool:
    """Whether a single value or a list belongs here, not a mapping or nothing at all."""
    plain = bare(_follow(model, place)[0])
    origin = get_origin(plain)
    is_mapping = isinstance(origin, type) and issubclass(origin, Mapping)
    return plain is not None and as_model(plain) is None and not is_mapping


def holds_secret(model: type[BaseModel], place: Place) -> bool:
    """Whether a field on the way to this place is a secret."""
    ways = (place[:length] for length in range(1, len(place) + 1))
    return any(bare(_follow(model, way)[0]) is SecretStr for way in ways)
