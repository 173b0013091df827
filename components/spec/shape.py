"""Where a place in the stack file lies in the models: its field, its known keys, its secrecy."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from components.spec.problems import Place

_PEM_FIELDS = {"certificate", "chain"}


def _bare(annotation: Any) -> Any:
    """The annotation without Annotated and without `| None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        return _bare(options[0]) if len(options) == 1 else annotation
    return annotation


def _below(annotation: Any) -> Any:
    """What a mapping or list holds; None for anything else."""
    bare = _bare(annotation)
    arguments = get_args(bare)
    if get_origin(bare) is tuple:
        return arguments[0]
    is_mapping = isinstance(get_origin(bare), type) and issubclass(get_origin(bare), Mapping)
    return arguments[1] if is_mapping else None


def field_at(model: type[BaseModel], place: Place) -> FieldInfo | None:
    """The field that a place belongs to: the last one on the way there."""
    found: FieldInfo | None = None
    annotation: Any = model
    for step in place:
        bare = _bare(annotation)
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            field = bare.model_fields.get(str(step))
            if field is None:
                return None
            found, annotation = field, field.annotation
        else:
            annotation = _below(annotation)
    return found


def model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model that a mapping at this place has to fit; None where there is none."""
    annotation: Any = model
    for step in place:
        bare = _bare(annotation)
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            field = bare.model_fields.get(str(step))
            annotation = field.annotation if field else None
        else:
            annotation = _below(annotation)
    bare = _bare(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def is_secret(model: type[BaseModel], place: Place) -> bool:
    """Whether anything at this place must never be shown."""
    ways = (place[:length] for length in range(1, len(place) + 1))
    fields = (field_at(model, way) for way in ways)
    return any(field is not None and _bare(field.annotation) is SecretStr for field in fields)


def is_pem(place: Place) -> bool:
    """Whether a PEM block belongs here: not secret, but a key may have been pasted by mistake."""
    return any(step in _PEM_FIELDS for step in place)
