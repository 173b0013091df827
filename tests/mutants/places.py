"""Finds the place of a mutant by the function's name and its text, so that files may move."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.mutants.mutant import Mutant

ROOTS = ("components", "ops")
SCRIPTS = frozenset({".sh", ".initd"})
# Code of a script that stands in none of its functions.
OUTSIDE = ""

_FUNCTION = re.compile(r"^(\w+)\(\) [{(]\n.*?^[})]$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Span:
    """The text of something that has a name, by positions in its file."""

    name: str
    file: Path
    start: int
    end: int


@dataclass(frozen=True)
class Place:
    """Where a mutant's former text begins."""

    file: Path
    start: int


class Source:
    """Everything below `folder` that a mutant may change. Read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._texts: dict[Path, str] = {}
        self._spans: dict[str, list[Span]] = {}
        for file in _files(folder):
            text = self._texts[file] = file.read_text()
            for span in _spans(file, text):
                self._spans.setdefault(span.name, []).append(span)

    def places(self, mutant: Mutant) -> list[Place]:
        """Every place that the mutant could mean."""
        return [
            Place(span.file, start)
            for span in self._spans.get(mutant.function, [])
            for start in _occurrences(self._texts[span.file], mutant.former, span)
        ]

    @contextmanager
    def broken(self, mutant: Mutant) -> Iterator[None]:
        """The file with the mutant in it, for as long as this lasts. ValueError unless there is
        exactly one place for it."""
        places = self.places(mutant)
        if len(places) != 1:
            message = f"{mutant.id}: {len(places)} places match, there must be one"
            raise ValueError(message)
        (place,) = places
        text = self._texts[place.file]
        end = place.start + len(mutant.former)
        place.file.write_text(text[: place.start] + mutant.broken + text[end:])
        try:
            yield
        finally:
            place.file.write_text(text)


def _files(folder: Path) -> Iterator[Path]:
    for root in ROOTS:
        for file in sorted((folder / root).rglob("*")):
            if file.suffix == ".py" or file.suffix in SCRIPTS:
                yield file


def _spans(file: Path, text: str) -> list[Span]:
    return _of_python(file, text) if file.suffix == ".py" else _of_script(file, text)


def _of_script(file: Path, text: str) -> list[Span]:
    found = [Span(each[1], file, each.start(), each.end()) for each in _FUNCTION.finditer(text)]
    edges = [0, *(edge for span in found for edge in (span.start, span.end)), len(text)]
    outside = [Span(OUTSIDE, file, *pair) for pair in list(pairwise(edges))[::2]]
    return [*found, *outside]


def _of_python(file: Path, text: str) -> list[Span]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return [
        Span(name, file, starts[first - 1], starts[last])
        for name, first, last in _named(ast.parse(text).body)
    ]


def _named(body: Sequence[ast.stmt], owner: str = "") -> Iterator[tuple[str, int, int]]:
    """Name, first and last line."""
    for node in body:
        last = node.end_lineno or node.lineno
        for name in _names(node):
            yield owner + name, node.lineno, last
        if isinstance(node, ast.ClassDef):
            yield from _named(node.body, f"{owner}{node.name}.")


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _occurrences(text: str, former: str, span: Span) -> Iterator[int]:
    start = text.find(former, span.start, span.end)
    while start >= 0:
        yield start
        start = text.find(former, start + 1, span.end)
