"""The simulated etcd and real ones answer the same questions in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.model.questions import RELEASES, Interview, asked_of
from tests.model.real_etcd import RealCluster
from tests.model.simulated_etcd import SimulatedCluster
from tests.node.conftest import reserved_network
from tests.node.machine import BINARIES

# Most of the time, each of them waits.
AT_ONCE = 5

OF_EACH = [(version, name) for version in RELEASES for name in asked_of(version)]
MARKS = {
    "3.5.33": [pytest.mark.slow, pytest.mark.soak],
    "3.6.14": [pytest.mark.slow],
    "3.7.1": [pytest.mark.slow, pytest.mark.soak],
}
REAL = [pytest.param(version, name, marks=MARKS[version]) for version, name in OF_EACH]


@pytest.fixture(scope="module")
def answers_of_real_ones(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Future[list[str]]]]:
    """By situation: what a real cluster of this version answers in another way."""
    version: str = request.param
    if not (BINARIES / version / "etcd").exists():
        pytest.skip(f"needs etcd {version}; `make etcds` gets it")
    folder = tmp_path_factory.mktemp("real")

    def interview(situation: Callable[[Interview], None]) -> list[str]:
        with reserved_network() as network:
            cluster = RealCluster(folder / situation.__name__, network, version)
            return answers(cluster, situation)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(interview, asked) for name, asked in asked_of(version).items()}


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


@pytest.mark.parametrize(
    ("answers_of_real_ones", "situation"), REAL, indirect=["answers_of_real_ones"]
)
def test_a_real_etcd(answers_of_real_ones, situation: str) -> None:
    wrong = answers_of_real_ones[situation].result()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("version", "situation"), OF_EACH)
def test_the_simulated_etcd(tmp_path: Path, version: str, situation: str) -> None:
    wrong = answers(SimulatedCluster(tmp_path / "world", version), asked_of(version)[situation])
    assert not wrong, "\n".join(wrong)
