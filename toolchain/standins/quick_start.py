"""Starts a plugin process without the SDK's start-up work.

The protocol classes lie inside the package `pulumi`, whose `__init__` imports the whole SDK:
0.3 s at each start of a plugin, and the engine waits for it. A stand-in needs nothing but the
classes, so it puts empty packages of the same names and places before them.
"""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType


def import_protocol_only() -> None:
    """From now on, `pulumi.runtime.proto.<module>` is importable in this process, no other part.

    For the main program of a plugin only: in a process that uses the SDK it would be missing.
    Raises ModuleNotFoundError when the SDK is not installed, RuntimeError when it is loaded.
    """
    if "pulumi" in sys.modules:
        raise RuntimeError("the SDK is loaded already")
    spec = find_spec("pulumi")
    if spec is None or not spec.origin:
        raise ModuleNotFoundError("the Pulumi SDK is not installed", name="pulumi")
    folder = Path(spec.origin).parent
    for name in ("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
        package = ModuleType(name)
        package.__path__ = [str(folder.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package
