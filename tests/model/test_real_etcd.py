"""Real etcd answers as the list of questions says. `make test` asks the recommended release when
the model has changed (`tests/unchanged.py`); soak asks every minor's."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from components.spec.values.versions import recommended
from tests.model.questions import OF_EACH, SITUATIONS, releases_of, wrong_answers
from tests.model.real_etcd import RealCluster
from tests.node.conftest import reserved_network
from tests.node.machine import BINARIES

pytestmark = pytest.mark.slow

# Most of the time, each of them waits.
AT_ONCE = 3
Pending = dict[tuple[str, str], Future[list[str]]]
REAL = [
    pytest.param(*each, marks=[] if each[0] == recommended() else pytest.mark.soak)
    for each in OF_EACH
]


@pytest.fixture(scope="module")
def pending(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pending]:
    """By version and situation: what a real cluster answers in another way. All that this run asks
    begin at once."""
    folder = tmp_path_factory.mktemp("real")

    def interview(version: str, situation: str) -> list[str]:
        with reserved_network() as network:
            place = folder / version / situation
            return wrong_answers(RealCluster(place, network, version), SITUATIONS[situation])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {each: pool.submit(interview, *each) for each in _asked(request.session.items)}


def _asked(items: list[Any]) -> list[tuple[str, str]]:
    """Versions and situations of the tests that were selected and can run."""
    ours = [
        item.callspec.params for item in items if item.originalname == test_a_real_etcd.__name__
    ]
    found = [(params["version"], params["situation"]) for params in ours]
    return [each for each in found if not _missing(*each)]


def _missing(version: str, situation: str) -> list[str]:
    return [each for each in releases_of(version, situation) if not (BINARIES / each).exists()]


@pytest.mark.parametrize(("version", "situation"), REAL)
def test_a_real_etcd(pending: Pending, version: str, situation: str) -> None:
    if missing := _missing(version, situation):
        pytest.skip(f"needs etcd {', '.join(missing)}; `make etcds-of-soak` gets it")
    wrong = pending[version, situation].result()
    assert not wrong, "\n".join(wrong)
