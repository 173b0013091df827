"""What the program's own process inherits."""

from __future__ import annotations

import os

# The official Python host hands over the stack's configuration in these, secrets in plain text.
_CONFIGURATION = ("PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS")


def forget_configuration() -> None:
    """The SDK has read it before the program began; nothing that the program starts inherits it."""
    for name in _CONFIGURATION:
        os.environ.pop(name, None)
