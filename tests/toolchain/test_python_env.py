"""The environment that set-up has made for this repository."""

from __future__ import annotations

from tests.support.toolchain_folder import REPOSITORY
from toolchain.layout import Layout


def test_what_an_up_imports_is_compiled_wherever_python_may_not_do_it() -> None:
    (packages,) = Layout(REPOSITORY).venv.glob("lib/python*/site-packages")
    for name in ("asyncssh", "pulumi", "grpc"):
        assert any(packages.glob(f"{name}/__pycache__/*.pyc")), name
