"""Networks that may be let in."""

from __future__ import annotations

import ipaddress
from typing import Annotated

from pydantic import AfterValidator

from components.spec.report.refuse import refuse

_EXAMPLE = "10.0.0.0/8"


def check_network(value: str) -> str:
    """A network as `address/length` (CIDR); a single address is a network of one."""
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        pass
    try:
        meant = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise refuse(
            "is neither a network (address/length) nor an address", example=_EXAMPLE
        ) from None
    raise refuse("is an address inside a network, not the network's own", example=str(meant))


Network = Annotated[str, AfterValidator(check_network)]
