"""`python toolchain/standins/command ENGINE`: the plugin process, from whatever folder."""

import sys
from pathlib import Path

# Python puts this very folder first on its path; the project's root belongs there instead.
sys.path[0] = str(Path(__file__).resolve().parents[3])

from toolchain.standins.command.provider import CommandProvider  # noqa: E402
from toolchain.standins.serving import engine_address, serve  # noqa: E402

serve(CommandProvider(engine_address()))
