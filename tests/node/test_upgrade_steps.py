"""From which version to which: asked on every node, before anything is touched."""

from __future__ import annotations

import pytest

from components.machine.preparation import upgrade
from components.spec.values.versions import SUPPORTED, UPGRADE_FLOORS, recommended
from tests.node.stack_files import first_member
from tests.support.preparation import run_step


@pytest.fixture
def step(shell, tmp_path):
    """The check on a node that runs one version and is to run another."""

    def run(runs: str, wanted: str, *, data: str = "data/member"):
        current = tmp_path / "node/etc/current"
        current.mkdir(parents=True, exist_ok=True)
        (current / "bin").unlink(missing_ok=True)
        (current / "bin").symlink_to(f"/srv/bin/{runs}")
        (tmp_path / "node" / data).mkdir(parents=True, exist_ok=True)
        settings = {**upgrade.step(first_member(version=wanted)).settings, "version": wanted}
        return run_step(shell, "upgrade", "check", settings, folder=tmp_path)

    return run


@pytest.mark.parametrize(
    ("runs", "wanted"),
    [
        ("3.6.16", "3.6.16"),
        ("3.6.1", "3.6.16"),
        ("3.6.16", "3.6.1"),
        ("3.5.32", "3.6.16"),
        ("3.5.100", "3.6.16"),
        ("3.6.11", "3.7.3"),
        ("3.7.3", "3.6.16"),
        ("3.6.16", "3.5.35"),
    ],
)
def test_a_step_that_etcd_supports(step, runs, wanted):
    assert step(runs, wanted).ok().errors == ""


@pytest.mark.parametrize(
    ("runs", "wanted", "floor"), [("3.5.31", "3.6.16", "3.5.32"), ("3.6.9", "3.7.3", "3.6.11")]
)
def test_a_release_below_the_floor(step, runs, wanted, floor):
    refused = step(runs, wanted)
    assert refused.status == 1
    refused.failed(
        f"it runs etcd {runs}, and the stack file asks for {wanted}",
        f"every member must run {floor} or newer first (",
        f"set version to {recommended(floor.rpartition('.')[0])}, run `up`, and then go on",
    )


@pytest.mark.promise("skipped-minor-refused", "any")
@pytest.mark.parametrize(
    ("runs", "wanted"), [("3.5.35", "3.7.3"), ("3.7.3", "3.5.35"), ("3.4.45", "3.6.16")]
)
def test_a_skipped_minor(step, runs, wanted):
    refused = step(runs, wanted)
    assert refused.status == 1
    between = {"3.5.35": "3.6.16", "3.7.3": "3.6.16", "3.4.45": "3.5.35"}[runs]
    refused.failed(
        f"it runs etcd {runs}, and the stack file asks for {wanted}",
        "from one minor to the next only",
        f"set version to {between}, run `up`, and then go on",
    )


def test_a_node_without_data_may_start_with_any(step):
    step("3.5.35", "3.7.3", data="data").ok()


@pytest.mark.parametrize("series", SUPPORTED)
def test_the_table_of_floors_is_what_nodes_get(series):
    settings = upgrade.step(first_member(version=recommended(series))).settings
    before = settings["release_before"].rpartition(".")[0]
    floor = UPGRADE_FLOORS.get((before, series))
    assert settings["floor_before"] == (str(floor.version) if floor else "")
    assert settings["floor_reason"] == (floor.reason if floor else "")
