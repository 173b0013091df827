"""The command plugin on machines that do not exist: every command succeeds, nothing is dialled."""

import sys
from pathlib import Path


def main() -> None:
    """Serve the plugin until the engine is gone."""
    # In place of this folder, whose module names would hide others.
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from toolchain.standins.command import remote, sending  # noqa: PLC0415
    from toolchain.standins.command.output import Output  # noqa: PLC0415
    from toolchain.standins.command.provider import CommandProvider  # noqa: PLC0415
    from toolchain.standins.serving import engine_address, serve  # noqa: PLC0415

    remote.run = lambda *_: Output("done")
    sending.send = lambda *_: None
    serve(CommandProvider(engine_address()))


main()
