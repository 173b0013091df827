"""What the spec and the schema say of stack files as they stand: without engine, network or pass
phrase, so encrypted values are taken as given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from components.spec import Cluster, SpecError, load, warnings_of
from components.spec.documents.schema import stack_schema
from components.spec.reading.stack_text import (
    CONFIG_KEY,
    NAMESPACE,
    UnreadableError,
    config_of,
    content_of,
    parse,
)
from components.spec.report.problems import Place, path_of
from ops.screen.terminal import complain, say

# In place of what is encrypted: a text that is also YAML with clusters, as a kubeconfig must be.
_SEALED = "clusters: [encrypted]"


@dataclass(frozen=True)
class Judgement:
    """`refused`: why the file is, as a report; empty for a good one."""

    refused: str = ""
    warnings: tuple[str, ...] = ()


def check(project: Path, paths: list[Path]) -> bool:
    """Says of each file whether it is good; True if all are."""
    good = True
    for path in paths:
        name, judged = path.relative_to(project), judge_file(path)
        if judged.refused:
            good = False
            complain(f"{name}: refused\n{judged.refused}")
            continue
        say(f"{name}: good")
        for warning in judged.warnings:
            say(f"  warning: {warning}")
    return good


def judge_file(path: Path) -> Judgement:
    """What there is to say of a stack file."""
    try:
        return judge(content_of(path))
    except UnreadableError as error:
        return _unreadable(error)


def judge(text: bytes) -> Judgement:
    """What there is to say of the text of a stack file."""
    try:
        content = parse(text)
    except UnreadableError as error:
        return _unreadable(error)
    beside = config_of(content)
    raw = beside.get(CONFIG_KEY)
    sealed = {path_of(place) for place in _sealed(raw)}
    given = _opened(raw)
    try:
        load(given, beside)
        report = ""
    except SpecError as error:
        known = [problem for problem in error.problems if problem.path not in sealed]
        report = str(SpecError(known)) if known else ""
    lines = [report, *_schema_errors(content, inside=not report)]
    if refused := "\n".join(line for line in lines if line):
        return Judgement(refused)
    return Judgement(warnings=warnings_of(Cluster.model_validate(given)))


def _unreadable(error: UnreadableError) -> Judgement:
    return Judgement(f"  cannot be read: {error}")


def _is_sealed(value: object) -> bool:
    return isinstance(value, dict) and [*value] == ["secure"] and isinstance(value["secure"], str)


def _sealed(value: object, place: Place = ()) -> Iterator[Place]:
    """Where something encrypted stands."""
    if _is_sealed(value):
        yield place
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _sealed(each, (*place, str(key)))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _sealed(each, (*place, number))


def _opened(value: object) -> object:
    if _is_sealed(value):
        return _SEALED
    if isinstance(value, dict):
        return {key: _opened(each) for key, each in value.items()}
    return [_opened(each) for each in value] if isinstance(value, list) else value


def _schema_errors(content: object, *, inside: bool) -> Iterator[str]:
    """What an editor marks; in settings of this project only if `inside`, where the spec's words
    are better."""
    validator = Draft202012Validator(stack_schema(), format_checker=FormatChecker())
    for error in validator.iter_errors(json.loads(json.dumps(content, default=str))):
        place = tuple(error.absolute_path)
        if place[:2] == ("config", CONFIG_KEY):
            where = path_of(place[2:])
        else:
            where = ".".join(map(str, place)) or "the file"
        if inside or not _is_ours(place):
            yield f"  {where}: {error.message}"


def _is_ours(place: Place) -> bool:
    return len(place) > 1 and place[0] == "config" and str(place[1]).startswith(NAMESPACE)
