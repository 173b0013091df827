"""A stack file that the engine could not read, or could not be started with."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.stack import stackfile


@pytest.mark.parametrize("provider", ["5", "true", "[a]", "{a: b}", '"a\\0b"'])
def test_a_secrets_provider_that_is_no_text_is_named(tmp_path: Path, provider: str) -> None:
    file = tmp_path / "Pulumi.t.yaml"
    file.write_text(f"secretsprovider: {provider}\nconfig: {{}}\n")
    assert stackfile.fault(file).startswith(("secretsprovider is no text", "line 1: "))


@pytest.mark.parametrize("provider", ["passphrase", '"awskms://alias/etcd?region=eu-central-1"'])
def test_one_that_is_text_is_none(tmp_path: Path, provider: str) -> None:
    file = tmp_path / "Pulumi.t.yaml"
    file.write_text(f"secretsprovider: {provider}\nconfig: {{}}\n")
    assert stackfile.fault(file) == ""
