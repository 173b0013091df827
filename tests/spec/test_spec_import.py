"""The spec stands alone: no Pulumi, nothing slow that a plain stack file does not need."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.spec.machines import REMOTE
from tests.spec.stack_files import GOOD

PROGRAM = """
import sys
from components.spec import load
load({good!r})
print(*(name for name in ("pulumi", "grpc", "cryptography") if name in sys.modules))
"""


@pytest.mark.parametrize("good", [GOOD, REMOTE], ids=["local", "ssh"])
def test_loading_imports_neither_pulumi_nor_cryptography(good: dict[str, Any]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(good=good)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == ""
