"""The environment of what set-up runs."""

from __future__ import annotations

import os

_OF_PULUMI = "PULUMI_"
# Where a company serves plugins itself; it says nothing about a stack.
_MEANT_FOR_ALL = frozenset({"PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES"})


def of_a_person() -> dict[str, str]:
    """This process's environment without what a person's shell says of stacks of their own: their
    pass phrase, backend or account is none of the dev stack's."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OF_PULUMI) or name in _MEANT_FOR_ALL
    }
