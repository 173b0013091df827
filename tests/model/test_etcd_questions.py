"""The simulated etcd and real ones answer the same questions in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.model.questions import RELEASES, Interview, asked_of
from tests.model.real_etcd import RealCluster
from tests.model.simulated_etcd import SimulatedCluster
from tests.node.conftest import reserved_network
from tests.node.machine import BINARIES

# Most of the time, each of them waits.
AT_ONCE = 3
Pending = Mapping[str, Future[list[str]]]

OF_EACH = [(version, name) for version in RELEASES for name in asked_of(version)]
MARKS = {
    "3.5.35": [pytest.mark.slow, pytest.mark.soak],
    "3.6.16": [pytest.mark.slow, pytest.mark.soak],
    "3.7.3": [pytest.mark.slow, pytest.mark.soak],
}
REAL = [pytest.param(version, name, marks=MARKS[version]) for version, name in OF_EACH]


@pytest.fixture(scope="module")
def ask_real_ones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Pending]]:
    """By version and situation: what a real cluster answers in another way. All situations of a
    version begin when the first is asked for."""
    folder = tmp_path_factory.mktemp("real")

    def interview(version: str, situation: Callable[[Interview], None]) -> list[str]:
        with reserved_network() as network:
            place = folder / version / situation.__name__
            return answers(RealCluster(place, network, version), situation)

    with ThreadPoolExecutor(AT_ONCE) as pool:

        @cache
        def ask(version: str) -> Pending:
            situations = asked_of(version).items()
            return {name: pool.submit(interview, version, asked) for name, asked in situations}

        yield ask


def answers(
    cluster: RealCluster | SimulatedCluster, asked: Callable[[Interview], None]
) -> list[str]:
    """Those that differ from the list's."""
    interview = Interview(cluster)
    with ExitStack() as ends:
        ends.callback(cluster.close)
        asked(interview)
    assert interview.count
    return interview.wrong


@pytest.mark.parametrize(("version", "situation"), REAL)
def test_a_real_etcd(ask_real_ones, version: str, situation: str) -> None:
    if not (BINARIES / version / "etcd").exists():
        pytest.skip(f"needs etcd {version}; `make etcds` gets it")
    wrong = ask_real_ones(version)[situation].result()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("version", "situation"), OF_EACH)
def test_the_simulated_etcd(tmp_path: Path, version: str, situation: str) -> None:
    wrong = answers(SimulatedCluster(tmp_path / "world", version), asked_of(version)[situation])
    assert not wrong, "\n".join(wrong)
