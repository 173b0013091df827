"""`python toolchain/standins/language ENGINE-ADDRESS`: run the host, from any folder."""

import sys
from pathlib import Path


def main() -> None:
    """Serve the host until the engine is gone."""
    # Python puts this very folder first on its path; the project's root belongs there instead.
    sys.path[0] = str(Path(__file__).resolve().parents[3])
    from toolchain.standins.quick_start import import_protocol_only  # noqa: PLC0415

    # The engine starts a host also where it only wants to know about it.
    import_protocol_only()
    from toolchain.standins.language.host import serve  # noqa: PLC0415

    serve()


main()
