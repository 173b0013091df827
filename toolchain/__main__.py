"""`python3 -m toolchain setup`: get everything that the project runs on."""

import sys

NEEDED = (3, 11)
if sys.version_info < NEEDED:
    sys.exit(f"error: Python {NEEDED[0]}.{NEEDED[1]} or newer is needed, this is {sys.version}")

from toolchain.command_line import main  # noqa: E402  (an older Python cannot even read it)

sys.exit(main(sys.argv[1:]))
