"""Which worker runs which tests, and in which order: the longest files first, unless asked for in
an order of their own. The longest of all comes first on a busy processor too, as in the end
everything waits for it."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.timing.summary import kept_seconds

BEHIND = 3  # the niceness of all but the longest
_LONGEST = pytest.StashKey[str]()
# Their modules share one Kubernetes cluster, which a worker keeps while it runs.
SHARED = "tests/kubernetes/"


class FilesTogether(LoadFileScheduling):
    """A file stays with one worker, and so do files that share a cluster."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """What stays together."""
    file = nodeid.partition("::")[0]
    return SHARED if file.startswith(SHARED) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    """In place of `--dist loadfile`; others stay as they are."""
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # the order is that of collection
    return FilesTogether(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    """For a run that may be cut off."""
    parser.addoption("--in-order", action="store_true", help="begin with what is named first")


@pytest.hookimpl(trylast=True)  # when `-m` has selected
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A long file that begins last would keep all others waiting. Tests of a file, or of files
    that share a cluster, stay in their order."""
    if config.getoption("--in-order"):
        return
    known = kept_seconds()
    seconds: Counter[str] = Counter()
    for item in items:
        seconds[scope(item.nodeid)] += known.get(item.nodeid, 1)  # type: ignore[assignment]
    items.sort(key=lambda item: -seconds[scope(item.nodeid)])
    if seconds:
        config.stash[_LONGEST] = seconds.most_common(1)[0][0]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a test starts is as nice as its worker."""
    beside = hasattr(item.config, "workerinput") and item.get_closest_marker("slow")
    if beside and scope(item.nodeid) != item.config.stash.get(_LONGEST, ""):
        os.nice(max(0, BEHIND - os.nice(0)))
