"""Every mutant has one place and can be looked for; and the hunt itself tells what it found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.hosts.machine import until
from tests.mutants.catalogue import MUTANTS
from tests.mutants.hunt import Found, Hunt, UnfitError, tiers_up_to
from tests.mutants.mutant import AREAS, Mutant
from tests.mutants.places import OUTSIDE, Source
from tests.mutants.report import line, table
from tests.mutants.tiers import LIMITS_S, Suite, Tier, Verdict, outcome
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


class ToldSuite:
    """In place of a suite: what runs of tests say, in order. `runs`: the tier of each, whether
    the product was broken then, and the limit."""

    def __init__(self, product: Path, *verdicts: Verdict) -> None:
        self.compiled = product / "compiled"
        self._file, self._verdicts = product / "ops/b.py", list(verdicts)
        self.runs: list[tuple[str, bool, float]] = []

    def run(self, tests: Sequence[str], tier: Tier, limit_s: float) -> Verdict:
        self.runs.append((tier, "BROKEN" in self._file.read_text(), limit_s))
        return self._verdicts.pop(0)


def hunted(product: Path, tiers: Sequence[Tier], *verdicts: Verdict) -> tuple[Found, list[Any]]:
    suite: Any = ToldSuite(product, *verdicts)
    hunt = Hunt(product, suite, tiers, LIMITS_S, baseline=False)
    (found,) = hunt.find([mutant("LIST", "1", "t.py")])
    return found, suite.runs


PASSED, FAILS = Verdict("passed", "", 1), Verdict("failed", "t.py::test_t", 1)
UNUSABLE, LATE = Verdict("unusable", "", 1, "?"), Verdict("timed out", "t.py::test_t", 300)
SLOW = Verdict("timed out", "none within 100 s", 100)


@pytest.mark.parametrize(
    ("verdicts", "tier", "undecided"),
    [
        ([FAILS], "test", ""),
        ([PASSED], "", ""),
        ([UNUSABLE], "", "unusable"),
        ([LATE, PASSED], "test", ""),
        ([LATE, SLOW], "", "timed out"),
        ([LATE, FAILS], "", "timed out"),
    ],
)
def test_only_a_mutant_makes_a_test_that_finds_it_late(
    product: Path, verdicts: list[Verdict], tier: str, undecided: str
) -> None:
    found, runs = hunted(product, ["test"], *verdicts)
    assert (found.tier, found.undecided) == (tier, undecided)
    assert runs == [("test", True, 300), ("test", False, 100)][: len(verdicts)]


def test_how_late_a_mutant_makes_a_test_is_said(product: Path) -> None:
    found, _ = hunted(product, ["test"], LATE, replace(PASSED, seconds=25))
    assert found.test == "t.py::test_t (timed out at 12 times what it takes unbroken)"


def test_soak_is_asked_for_what_no_tier_before_it_finds(product: Path) -> None:
    tiers = tiers_up_to("soak")
    found, runs = hunted(product, tiers, PASSED, PASSED, LATE, SLOW, FAILS)
    assert [tier for tier, _, _ in runs] == ["check", "check", "test", "test", "soak"]
    assert (found.tier, found.undecided) == ("soak", "")
    found, runs = hunted(product, tiers, PASSED, PASSED, FAILS)
    assert found.tier == "test"


def test_tests_of_a_tier_pass_unbroken_before_they_are_asked(product: Path) -> None:
    suite: Any = ToldSuite(product, PASSED, FAILS, FAILS)
    hunt = Hunt(product, suite, tiers_up_to("test"), LIMITS_S)
    found = hunt.find([mutant("LIST", "1", "t.py"), mutant("one", "1", "t.py")])
    assert next(found).tier == "check"
    assert [broken for _, broken, _ in suite.runs] == [False, True]
    suite = ToldSuite(product, FAILS)
    found = Hunt(product, suite, ["check"], LIMITS_S).find([mutant("LIST", "1", "t.py")])
    with pytest.raises(UnfitError, match=r"^without any mutant, check failed: t\.py::test_t$"):
        next(found)


BROKEN = "'BROKEN' in open('ops/b.py').read()"
TESTS = {
    "tests/test_unreadable.py": "import nothing_like_it",
    "tests/test_endless.py": f"import time\ndef test_it():\n  while {BROKEN}: time.sleep(0.1)\n",
    "tests/ops/test_one.py": f"def test_it(): assert not {BROKEN}\n",
}
ENDLESS = r"none within 30 s \(timed out at \d+ times what it takes unbroken\)"


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize(
    ("hint", "tier", "limit_s", "found"),
    [
        ("tests/test_unreadable.py", "check", 120, ("check", "tests/ops/test_one.py::test_it")),
        ("tests/test_unreadable.py", "test", 120, ("", "")),
        ("tests/test_endless.py", "check", 30, ("check", ENDLESS)),
    ],
)
def test_what_finds_a_mutant(
    product: Path, hint: str, tier: Tier, limit_s: int, found: tuple[str, str]
) -> None:
    """Tests that cannot be read find nothing; a test that a mutant keeps from its end does."""
    (product / "tests/ops").mkdir()
    for path, text in TESTS.items():
        (product / path).write_text(text)
    with Suite(product, product.parent / "t") as tests:
        hunt = Hunt(product, tests, [tier], {tier: limit_s}, baseline=False)
        (told,) = hunt.find([mutant("LIST", "1", hint)])
    assert told.tier == found[0]
    assert re.fullmatch(found[1], told.test)
    assert told.undecided == ("" if told.tier else "unusable")


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
        Found("c", "pki", "data-kept", "test", "tests/y.py::test_y", 3.0),
        Found("b", "gate", "data-kept", seconds=2.0),
        Found("d", "gate", "data-kept", seconds=3.0, undecided="timed out"),
    ]
    assert line(rows[0]) == "a  gate  data-kept  check  tests/x.py::test_x  1.0 s"
    assert line(rows[2]) == "b  gate  data-kept  not found  -  2.0 s"
    assert line(rows[3]) == "d  gate  data-kept  timed out  -  3.0 s"
    assert [text.split() for text in table(rows, ["check", "test"]).splitlines()] == [
        ["area", "check", "test", "timed", "out", "not", "found", "found"],
        ["gate", "1", "0", "1", "1", "33", "%"],
        ["pki", "0", "1", "0", "0", "100", "%"],
        ["all", "1", "1", "1", "1", "50", "%"],
    ]
