"""The state of a resource: the live object, and beside it what it was made from.

The form is the official plugin's, so that a state may go from one to the other.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from toolchain.standins.kubernetes.objects import Object
from toolchain.standins.kubernetes.secrecy import concealed, marked
from toolchain.standins.wire import bare

INPUTS = "__inputs"
API_VERSION = "__initialApiVersion"
MANAGER = "__fieldManager"


def made(inputs: Mapping[str, Any], live: Object, manager: str) -> dict[str, Any]:
    """The state of an object with these inputs, which carry secret marks."""
    secret_inputs = concealed(dict(inputs))
    return {
        **concealed(marked(live, secret_inputs)),
        INPUTS: secret_inputs,
        API_VERSION: bare(inputs.get("apiVersion", "")),
        MANAGER: manager,
    }


def inputs_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the object was made from, with secret marks."""
    found = state.get(INPUTS, {})
    return found if isinstance(found, dict) else {}


def live_of(state: Mapping[str, Any]) -> Object:
    """The object as it was when the state was made, without secret marks."""
    own = {INPUTS, API_VERSION, MANAGER}
    return {name: bare(part) for name, part in state.items() if name not in own}


def manager_of(state: Mapping[str, Any]) -> str:
    """Who owns the fields: as before, else a new name."""
    return bare(state.get(MANAGER)) or f"pulumi-kubernetes-{secrets.token_hex(4)}"
