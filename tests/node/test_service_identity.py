"""A member whose data folder is lost is not started empty by its own service."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.node.machine import Shell
from tests.node.test_runtime_scripts import run
from tests.support.scripts import SCRIPTS


@pytest.mark.parametrize("config", ["etcd.env", "conf.yml"])
def test_a_member_that_lost_its_data_does_not_start(
    shell: Shell, tmp_path: Path, config: str
) -> None:
    data, link = tmp_path / "data", tmp_path / config
    start = f'sh=$2; "$sh" "{SCRIPTS}/keep-identity.sh" "$1" "$1/data" echo started 2>&1'

    def started() -> tuple[int, str]:
        return run(shell, start, tmp_path, shell.sh)

    data.mkdir()
    assert started() == (0, "started\n")
    link.symlink_to(f"current/new/{config}")
    assert started() == (0, "started\n")
    link.unlink()
    link.symlink_to(f"current/existing/{config}")
    status, told = started()
    assert (status, told.startswith(f"not started: its data folder {data}/member is gone")) == (
        1,
        True,
    )
    (data / "member").mkdir()
    assert started() == (0, "started\n")
