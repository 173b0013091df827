"""`python toolchain/standins/language ENGINE-ADDRESS`: run the host, from any folder."""

import sys
from pathlib import Path

# Python puts this very folder first on its path; the project's root belongs there instead.
sys.path[0] = str(Path(__file__).resolve().parents[3])

from toolchain.standins.language.host import serve  # noqa: E402

serve()
