"""How a validator says no: a reason, a remedy and, where one value would do, that value."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

REFUSED = "refused"
ECHO = "echo"


def refuse(reason: str, *, example: object = None, remedy: str = "") -> PydanticCustomError:
    """The error to raise in a validator.

    Without a remedy text the example is the remedy; without either, the field's own example is.
    Neither may contain any part of a secret.
    """
    return PydanticCustomError(
        REFUSED, "{reason}", {"reason": reason, "remedy": remedy, "example": example}
    )


def echo() -> PydanticCustomError:
    """The error for a value that cannot be judged because another one is refused already."""
    return PydanticCustomError(ECHO, "another value is refused")
