"""What a stand-in's process loads when it starts."""

from __future__ import annotations

import subprocess
import sys

import pulumi
import pytest

from tests.support.toolchain_folder import REPOSITORY
from toolchain.standins.quick_start import import_protocol_only


def test_the_sdk_is_not_hidden_where_it_is_in_use() -> None:
    assert pulumi.__name__ in sys.modules
    with pytest.raises(RuntimeError, match="loaded already"):
        import_protocol_only()


@pytest.mark.parametrize(
    ("module", "others"),
    [
        ("tls.plugin", ["cryptography"]),
        ("kubernetes.provider", ["kubernetes", "urllib3"]),
        ("command.provider", ["asyncssh"]),
        ("language.host", []),
    ],
)
def test_a_process_loads_neither_the_sdk_nor_a_library_before_it_needs_them(
    module: str, others: list[str]
) -> None:
    unwanted = ["pulumi.output", *others]
    program = f"import toolchain.standins.{module}; print([m for m in {unwanted} if m in modules])"
    assert printed(program) == "[]\n"


def test_the_sdk_is_whole_again_where_it_is_wanted() -> None:
    program = (
        "from pulumi.runtime.proto.plugin_pb2 import PluginInfo as before;"
        "import_all_again(); import pulumi;"
        "from pulumi.runtime.proto.plugin_pb2 import PluginInfo as after;"
        "print(pulumi.Output.__name__, after(version='1') == before(version='1'))"
    )
    assert printed(program) == "Output True\n"


def printed(program: str) -> str:
    """By a process of its own that has started quickly."""
    start = (
        "import sys; from sys import modules; sys.path[:0] = [sys.argv[1]];"
        "from toolchain.standins.quick_start import import_all_again, import_protocol_only;"
        "import_protocol_only();"
    )
    return subprocess.run(
        [sys.executable, "-c", start + program, REPOSITORY],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
