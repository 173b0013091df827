"""Every mutant has one place and can be looked for; and the hunt itself tells what it found."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from lab.hosts.machine import until
from tests.mutants.catalogue import MUTANTS
from tests.mutants.hunt import Found, Hunt
from tests.mutants.mutant import AREAS, Mutant
from tests.mutants.places import OUTSIDE, Source
from tests.mutants.report import line, table
from tests.mutants.tiers import Suite, Tier, outcome
from tests.promises import PROMISES

PROJECT = Path(__file__).resolve().parents[2]
LEAST_OF_AN_AREA = 4


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(PROJECT)


def test_every_mutant_has_one_place(source: Source) -> None:
    counts = {mutant.id: len(source.places(mutant)) for mutant in MUTANTS}
    assert {name: count for name, count in counts.items() if count != 1} == {}


def test_every_mutant_is_another_text() -> None:
    assert [mutant.id for mutant in MUTANTS if mutant.former == mutant.broken] == []
    assert [name for name, count in Counter(each.id for each in MUTANTS).items() if count > 1] == []


def test_every_area_and_every_promise_has_mutants() -> None:
    counts = Counter(mutant.area for mutant in MUTANTS)
    assert counts.keys() == AREAS.keys()
    assert min(counts.values()) >= LEAST_OF_AN_AREA
    assert {mutant.promise for mutant in MUTANTS} == PROMISES.keys()


def test_every_hint_is_a_test_that_there_is() -> None:
    hints = {hint for mutant in MUTANTS for hint in mutant.hints}
    assert [hint for hint in sorted(hints) if not _is_there(hint)] == []
    assert [mutant.id for mutant in MUTANTS if not mutant.hints] == []
    tests = {test for tests in AREAS.values() for test in tests}
    assert [test for test in sorted(tests) if not (PROJECT / test).exists()] == []


def _is_there(hint: str) -> bool:
    file, _, test = hint.partition("::")
    path = PROJECT / file
    name = test.partition("[")[0]
    defined = re.compile(rf"^(?:def )?{name}\b", re.MULTILINE)
    return path.is_file() and bool(defined.search(path.read_text()))


SCRIPT = "out=1\nfirst() {\n  say a\n}\n\nsecond() (\n  say a\n)\nout=1\n"
PROGRAM = (
    "LIST = [1]\n\nclass Both:\n    def one(self):\n        return 1\n\ndef one():\n    return 1\n"
)


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """A checkout with one script and one program."""
    tmp_path /= "checkout"
    for folder in ("components", "ops", "tests"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "components/a.sh").write_text(SCRIPT)
    (tmp_path / "ops/b.py").write_text(PROGRAM)
    return tmp_path


def mutant(function: str, former: str, *hints: str) -> Mutant:
    return Mutant("m", "ops", function, former, "BROKEN", "data-kept", hints)


@pytest.mark.parametrize(
    ("function", "former", "count"),
    [
        ("first", "say a", 1),
        ("second", "say", 1),
        ("first", "say b", 0),
        ("third", "say a", 0),
        (OUTSIDE, "out=1", 2),
        (OUTSIDE, "say a", 0),
        ("LIST", "[1]", 1),
        ("one", "return 1", 1),
        ("Both.one", "return 1", 1),
        ("Both", "return 1", 1),
    ],
)
def test_a_place_is_a_function_and_a_text(
    product: Path, function: str, former: str, count: int
) -> None:
    assert len(Source(product).places(mutant(function, former))) == count


def test_a_mutant_is_taken_back(product: Path) -> None:
    source, file = Source(product), product / "components/a.sh"
    with source.broken(mutant("second", "say a")):
        assert file.read_text() == SCRIPT.replace("(\n  say a", "(\n  BROKEN")
    assert file.read_text() == SCRIPT
    with pytest.raises(ValueError, match="2 places match"), source.broken(mutant("", "out=1")):
        pass


FAILED = "F\n=== short test summary info ===\n"


@pytest.mark.parametrize(
    ("code", "said", "meant", "test"),
    [
        (0, "1 passed", "passed", ""),
        (5, "no tests ran", "passed", ""),
        (1, f"{FAILED}FAILED a.py::test_a[x - y] - assert 0\n1 failed", "failed", "a.py::test_a[x"),
        (1, f"{FAILED}ERROR a.py::test_a - fixture 'b' not found", "failed", "a.py::test_a"),
        (1, f"Timeout (>9.0s) from pytest-timeout.{FAILED}FAILED a.py::b", "timed out", "a.py::b"),
        (2, f"{FAILED}ERROR a.py - ModuleNotFoundError", "unusable", ""),
        (4, "ERROR: file or directory not found: b.py", "unusable", ""),
    ],
)
def test_what_a_run_of_tests_says(code: int, said: str, meant: str, test: str) -> None:
    assert outcome(code, said) == (meant, test)


BROKEN = "'BROKEN' in open('ops/b.py').read()"
TESTS = {
    "tests/test_unreadable.py": "import nothing_like_it",
    "tests/test_endless.py": f"import time\ndef test_it():\n  while {BROKEN}: time.sleep(0.1)\n",
    "tests/ops/test_one.py": f"def test_it(): assert not {BROKEN}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hint", "tier", "limit_s", "found"),
    [
        pytest.param(
            *(
                "tests/test_unreadable.py",
                "check",
                120,
                ("check", "tests/ops/test_one.py::test_it"),
            ),
            marks=pytest.mark.soak,
        ),
        pytest.param("tests/test_unreadable.py", "test", 120, ("", ""), marks=pytest.mark.soak),
        pytest.param(
            *("tests/test_endless.py", "check", 10, ("check", "timed out: none within 10 s")),
            marks=pytest.mark.soak,
        ),
    ],
)
def test_what_finds_a_mutant(
    product: Path, hint: str, tier: Tier, limit_s: int, found: tuple[str, str]
) -> None:
    """Tests that cannot be read find nothing; a test without an end does."""
    (product / "tests/ops").mkdir()
    for path, text in TESTS.items():
        (product / path).write_text(text)
    with Suite(product, product.parent / "t") as tests:
        hunt = Hunt(product, tests, [tier], limit_s=limit_s)
        told = hunt.find(Source(product), mutant("LIST", "1", hint))
    assert (told.tier, told.test) == found
    assert bool(told.unusable) == (not told.tier)


LEAVES_A_PROCESS = """
import subprocess, sys
def test_it(tmp_path):
    command = [sys.executable, "-c", "import time; time.sleep(60)", str(tmp_path)]
    left = subprocess.Popen(command, start_new_session=True)
    open("left", "w").write(str(left.pid))
"""


@pytest.mark.slow
def test_what_a_test_leaves_behind_is_ended(product: Path) -> None:
    (product / "tests/test_it.py").write_text(LEAVES_A_PROCESS)
    with Suite(product, product.parent / "t") as tests:
        assert tests.run(["tests/test_it.py"], "check", 60).outcome == "passed"
        left = Path("/proc", (product / "left").read_text())
        until(lambda: not left.exists(), 5, lambda: f"{left} is still there")


def test_a_table_counts_by_area_and_tier() -> None:
    rows = [
        Found("a", "gate", "data-kept", "check", "tests/x.py::test_x", 1.0),
        Found("b", "gate", "data-kept", "", "", 2.0),
        Found("c", "pki", "data-kept", "test", "tests/y.py::test_y", 3.0),
    ]
    assert line(rows[0]) == "a  gate  data-kept  check  tests/x.py::test_x  1.0 s"
    assert line(rows[1]) == "b  gate  data-kept  not found  -  2.0 s"
    assert [text.split() for text in table(rows).splitlines()] == [
        ["area", "check", "test", "soak", "not", "found", "found"],
        ["gate", "1", "0", "0", "1", "50", "%"],
        ["pki", "0", "1", "0", "0", "100", "%"],
        ["all", "1", "1", "0", "1", "67", "%"],
    ]
