"""`python toolchain/standins/kubernetes ENGINE-ADDRESS`: run the plugin, from any folder."""

import sys
from pathlib import Path


def main() -> None:
    """Serve the plugin until the engine is gone."""
    # In place of this folder, whose module names would hide others.
    sys.path[0] = str(Path(__file__).resolve().parents[3])
    from toolchain.standins.quick_start import import_protocol_only  # noqa: PLC0415

    import_protocol_only()
    from toolchain.standins.kubernetes.provider import KubernetesProvider  # noqa: PLC0415
    from toolchain.standins.serving import engine_address, serve  # noqa: PLC0415

    serve(KubernetesProvider(engine_address()))


main()
