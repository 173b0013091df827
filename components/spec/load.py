"""From a stack file's `cluster` object to a Cluster, or to everything that is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from pydantic import ValidationError

from components.spec.checks import findings
from components.spec.cluster import Cluster
from components.spec.empty import empty
from components.spec.finding import Finding
from components.spec.places import MISSING, look_up, overlap, position, within
from components.spec.problems import Place, Problem, SpecError, path_of
from components.spec.remedies import settled
from components.spec.salvage import salvage
from components.spec.shape import example_at
from components.spec.show import NOTHING, plain, show
from components.spec.stack_text import CONFIG_KEY
from components.spec.translate import findings_of


def load(raw: object, beside: Collection[str] = ()) -> Cluster:
    """The cluster that a stack file asks for.

    `raw` is the parsed value of `etcd-cluster:cluster`, secrets decrypted, `beside` the keys of the
    file's `config`. Raises SpecError with every problem, in the order of the file.
    """
    if raw is None:
        raise _absent(beside)
    cluster, refused = _judged(raw)
    if cluster is None or refused:
        raise _error(raw, [settled(raw, finding, _refused) for finding in refused])
    return cluster


def _refused(raw: object) -> list[Finding]:
    return _judged(raw)[1]


def _judged(raw: object) -> tuple[Cluster | None, list[Finding]]:
    """The cluster as far as there is one, and everything that is refused."""
    refused = empty(Cluster, raw)
    cluster: Cluster | None
    try:
        cluster = Cluster.model_validate(raw)
    except ValidationError as error:
        known = {finding.place for finding in refused}
        found = findings_of(Cluster, raw, error)
        refused += [finding for finding in found if finding.place not in known]
        cluster = salvage(raw, refused)
    if cluster is not None:
        refused += _new(findings(cluster), refused)
    return cluster, refused


def _absent(beside: Collection[str]) -> SpecError:
    example = example_at(Cluster, ())
    if CONFIG_KEY in beside:
        return _error(None, [Finding((), "has nothing after its colon", example=example)])
    for near in difflib.get_close_matches(CONFIG_KEY, beside, n=1):
        reason = f"is no setting of this project, and `{CONFIG_KEY}` is missing"
        return SpecError([Problem(near, f"key {plain(near)}", reason, _meant(), None)])
    return _error(None, [Finding((), f"`{CONFIG_KEY}` is missing", example=example)])


def _meant() -> str:
    return f"did you mean `{CONFIG_KEY}`?"


def _new(found: Iterable[Finding], refused: list[Finding]) -> list[Finding]:
    """The findings that neither repeat nor rest on what is refused already. What a misspelt key
    stands for is not missing."""
    meant = [(*known.place[:-1], known.meant) for known in refused if known.meant]
    wrong = [*meant, *(known.place for known in refused)]
    fresh = [
        finding
        for finding in found
        if not any(within(finding.place, place) for place in wrong) and not _rests(finding, wrong)
    ]
    doubted = [place for finding in fresh for place in finding.doubts]
    return [finding for finding in fresh if finding.doubts or not _rests(finding, doubted)]


def _rests(finding: Finding, places: list[Place]) -> bool:
    return any(overlap(one, other) for one in finding.rests_on for other in places)


def _error(raw: object, refused: list[Finding]) -> SpecError:
    ordered = sorted(refused, key=lambda finding: position(raw, finding.place))
    return SpecError(_problem(raw, finding) for finding in ordered)


def _problem(raw: object, finding: Finding) -> Problem:
    return Problem(
        path=path_of(finding.place),
        value=_value(raw, finding),
        reason=finding.reason,
        remedy=finding.remedy or plain(finding.example),
        example=finding.example,
    )


def _value(raw: object, finding: Finding) -> str:
    if finding.of_key:
        return f"key {plain(finding.place[-1])}"
    value = look_up(raw, finding.place)
    return NOTHING if value is MISSING else show(Cluster, finding.place, value)
