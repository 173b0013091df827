"""Names as Kubernetes takes them: of its objects, of a service, of a DNS domain, of an image."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from components.spec.report.refuse import refuse

_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_OBJECT = rf"^{_LABEL}(\.{_LABEL})*$"
# Beside it is <service>-client, and a label has 63 characters.
_SERVICE = "^[a-z]([-a-z0-9]{0,54}[a-z0-9])?$"
_HOST = r"[A-Za-z0-9]([-.A-Za-z0-9]*[A-Za-z0-9])?(:[0-9]+)?"
_STEP = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY = rf"^({_HOST}/)?{_STEP}(/{_STEP})*$"
_OBJECT_MAX = 253


def check_object(value: str) -> str:
    """A name of most kinds of objects: DNS labels in lower case between dots (RFC 1123)."""
    if len(value) > _OBJECT_MAX or not re.fullmatch(_OBJECT, value):
        raise refuse("is no name of an object: lower case letters, digits, dashes and dots")
    return value


def check_service(value: str) -> str:
    """A name that a service can have, with room for `-client` behind it (RFC 1035)."""
    if not re.fullmatch(_SERVICE, value):
        raise refuse(
            "is no name of a service: at most 56 lower case letters, digits and dashes, "
            "a letter first, a letter or digit last"
        )
    return value


def check_domain(value: str) -> str:
    """A DNS domain in lower case, without a dot at its end."""
    if re.fullmatch("[0-9.]+", value):
        raise refuse("is an address or a number, not a DNS domain")
    if not re.fullmatch(_OBJECT, value):
        raise refuse("is no DNS domain in lower case")
    return value


def check_repository(value: str) -> str:
    """The name of an image without tag and digest."""
    host, slash, last = value.partition("@")[0].rpartition("/")
    bare = f"{host}{slash}{last.partition(':')[0]}"
    known = re.fullmatch(_REPOSITORY, bare)
    if bare != value:
        raise refuse(
            "has a tag or a digest; the tag is made of `version`", example=bare if known else None
        )
    if not known:
        raise refuse("is no name of an image")
    return value


ObjectName = Annotated[
    str, AfterValidator(check_object), Field(json_schema_extra={"pattern": _OBJECT})
]
ServiceName = Annotated[
    str, AfterValidator(check_service), Field(json_schema_extra={"pattern": _SERVICE})
]
Domain = Annotated[str, AfterValidator(check_domain), Field(json_schema_extra={"pattern": _OBJECT})]
Repository = Annotated[
    str, AfterValidator(check_repository), Field(json_schema_extra={"pattern": _REPOSITORY})
]
