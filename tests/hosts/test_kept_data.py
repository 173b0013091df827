"""Machines that leave and come back, with what a user has who sets nothing: data that is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from lab.hosts.hosts import Hosts
from tests.hosts.kept import DATA, Kept, kept_cluster, leave_and_return, notes

# A node that leaves and returns is in tests/journeys too, without what the machine remembers.
pytestmark = [pytest.mark.slow, pytest.mark.soak]


@pytest.fixture(scope="module")
def cluster(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with kept_cluster(hosts, tmp_path_factory.mktemp("kept")) as cluster:
        yield cluster


def test_who_leaves_after_an_upgrade_and_a_defragmentation_comes_back_as_a_new_member(
    cluster: Kept,
) -> None:
    cluster.upgrade()
    cluster.stack.change(maintenance={"defragment": "1"})
    cluster.stack.up().ok()
    assert "snapshots" in set().union(*map(notes, cluster.leaving))
    assert all("defragmented" in notes(host) for host in cluster.hosts)
    output = leave_and_return(cluster, lambda _: cluster.stack.up())
    for host in cluster.leaving:
        assert re.search(rf"{host.name}: stopped, data kept in {DATA}\.retired-", output)
    assert "snapshots" in set().union(*map(notes, cluster.leaving)), "a kept snapshot is gone"
