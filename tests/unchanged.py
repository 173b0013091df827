"""Tests of what seldom changes run when it, they themselves or a pinned version has changed since
all of them passed on this machine. `--unchanged=soak`, as soak asks, makes them soak tests."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from lab.cache import cache_folder


@dataclass(frozen=True)
class Subject:
    """`tests`, `inputs`: patterns of files, the tests being inputs too. `pins`: a file of which
    only the lines that match matter."""

    name: str
    tests: tuple[str, ...]
    inputs: tuple[str, ...]
    pins: tuple[str, str]


STAND_INS = Subject(
    "stand-ins",
    tests=(
        *("tests/toolchain/test_standin_*.py", "tests/kubernetes/test_standin_*.py"),
        "tests/engine/test_toolchain_*.py",
    ),
    inputs=(
        "toolchain/standins/**/*",
        "tests/kubernetes/standin_*.py",
        "tests/support/command_*.py",
        "tests/support/*kubernetes*",
        "tests/support/conformance.py",
        "../shared/conformance/**/*",  # what the official plugins answered, where that is at hand
    ),
    pins=("requirements.txt", r"^pulumi(?:-tls|-command|-kubernetes)?==\S+"),
)
REAL_ETCD = Subject(
    "questions to etcd",
    tests=("tests/model/test_real_etcd.py",),
    # Every run holds the simulated etcd to the answers.
    inputs=tuple(f"tests/model/{name}.py" for name in ("answers", "questions", "real_etcd")),
    pins=("components/spec/values/versions.py", r"^NEWEST = .*"),
)
SUBJECTS = (STAND_INS, REAL_ETCD)
FAST, SLOW = "fast", "slow"  # check runs the ones, test the others
Kept = dict[str, dict[str, Any]]  # of each set: digest, the date, and which tests passed


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--unchanged",
        choices=("left-out", "soak"),
        default="left-out",
        help="tests of what has not changed since they passed: left out, or all of them in soak",
    )


def pytest_configure(config: pytest.Config) -> None:
    for subject in SUBJECTS:
        config.pluginmanager.register(_Tests(config, subject), subject.name)


class _Tests:
    """Of a subject in one run; with xdist of the controller, which decides, or of a worker."""

    def __init__(self, config: pytest.Config, subject: Subject) -> None:
        self._config, self._subject = config, subject
        self._in_soak = config.getoption("unchanged") == "soak"
        self._is_worker = hasattr(config, "workerinput")
        # Decided once: workers have to collect the same.
        self._kept: Kept = (
            config.workerinput[subject.name]
            if self._is_worker
            else kept(subject, digest(subject, config.rootpath))
        )
        self._all: dict[str, list[str]] = {}
        self._left: list[str] = []
        self._passed: set[str] = set()
        self._failed: set[str] = set()
        self._skipped: set[str] = set()

    # Not `tryfirst`, so that others see all tests; a plugin still comes before `-m` selects.
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        ours = [
            item for item in items if self._is_ours(item) and not item.get_closest_marker("soak")
        ]
        if self._in_soak:
            for item in ours:
                item.add_marker("soak")
            return
        if list(self._config.args) != self._config.getini("testpaths"):
            return  # somebody asks for these files
        self._all = {FAST: [], SLOW: []}
        for item in ours:
            self._all[SLOW if item.get_closest_marker("slow") else FAST].append(item.nodeid)
        known = {test for each in self._kept.values() for test in each["passed"]}
        left = [item for item in ours if item.nodeid in known]
        self._left = [item.nodeid for item in left]
        items[:] = [item for item in items if item not in left]
        self._config.hook.pytest_deselected(items=left)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)
        elif report.skipped:
            self._skipped.add(report.nodeid)
        elif report.when == "call":
            self._passed.add(report.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[self._subject.name] = self._kept

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        if found := getattr(node, "workeroutput", {}).get(self._subject.name):
            self._all, self._left = found

    def pytest_sessionfinish(self) -> None:
        if self._is_worker:
            self._config.workeroutput[self._subject.name] = (self._all, self._left)
            return
        for name, tests in self._all.items():
            ended = (self._passed | self._skipped) - self._failed
            if tests and self._passed & {*tests} and {*tests} <= ended | {*self._left}:
                passed = [test for test in tests if test not in self._skipped]
                keep(self._subject, name, digest(self._subject, self._config.rootpath), passed)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._left:
            last = max(each["on"] for each in self._kept.values())
            terminalreporter.write_line(
                f"{self._subject.name}: unchanged since they passed on {last}; "
                f"{len(self._left)} tests left to soak"
            )

    def _is_ours(self, item: pytest.Item) -> bool:
        file = item.nodeid.partition("::")[0]
        return any(fnmatch(file, pattern) for pattern in self._subject.tests)


def digest(subject: Subject, root: Path) -> str:
    """Changes with the subject, with what tests it and with the versions it is about."""
    found = hashlib.sha256()
    for path in _inputs(subject, root):
        found.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    file, pattern = subject.pins
    pinned = re.findall(pattern, (root / file).read_text(), re.MULTILINE)
    found.update(repr(pinned).encode())
    return found.hexdigest()


def _inputs(subject: Subject, root: Path) -> Iterator[Path]:
    for pattern in (*subject.tests, *subject.inputs):
        for path in sorted(root.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def kept(subject: Subject, now: str) -> Kept:
    """What has passed as it is now."""
    try:
        known: Kept = json.loads(_record(subject).read_text())
    except FileNotFoundError:
        return {}
    return {name: each for name, each in known.items() if each["digest"] == now}


def keep(subject: Subject, name: str, now: str, passed: list[str]) -> None:
    """Notes that a set of tests has passed today; what has not passed as it is now goes."""
    today = datetime.now(UTC).date().isoformat()
    known = {**kept(subject, now), name: {"digest": now, "on": today, "passed": passed}}
    record = _record(subject)
    part = record.with_suffix(".part")
    part.write_text(json.dumps(known, indent=1) + "\n")
    part.replace(record)


def _record(subject: Subject) -> Path:
    return cache_folder("unchanged") / f"{subject.name.replace(' ', '-')}.json"
