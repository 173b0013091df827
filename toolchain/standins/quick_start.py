"""Starts a plugin process without the SDK's start-up work.

The protocol classes lie inside the package `pulumi`, whose `__init__` imports the whole SDK:
0.3 s at each start of a plugin, and the engine waits for it. A stand-in needs nothing but the
classes, so it puts empty packages of the same names and places before them.
"""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

SDK = "pulumi"


def import_protocol_only() -> None:
    """From now on, `pulumi.runtime.proto.<module>` is importable in this process, no other part.

    For the main program of a plugin only: in a process that uses the SDK it would be missing.
    Raises ModuleNotFoundError when the SDK is not installed, RuntimeError when it is loaded.
    """
    if SDK in sys.modules:
        raise RuntimeError("the SDK is loaded already")
    spec = find_spec(SDK)
    if spec is None or not spec.origin:
        raise ModuleNotFoundError("the Pulumi SDK is not installed", name=SDK)
    folder = Path(spec.origin).parent
    for name in (SDK, f"{SDK}.runtime", f"{SDK}.runtime.proto"):
        package = ModuleType(name)
        package.__path__ = [str(folder.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package


def import_all_again() -> None:
    """From now on the whole SDK is importable, as if `import_protocol_only` had not been called.

    Messages that were made before stay what they are: protobuf has one class for each.
    """
    for name in [name for name in sys.modules if name.split(".")[0] == SDK]:
        del sys.modules[name]
