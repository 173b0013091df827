"""From a stack file's `cluster` object to a Cluster, or to everything that is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pydantic import ValidationError

from components.spec.checks import findings
from components.spec.models.cluster import Cluster
from components.spec.reading.beside import KNOWN, meant, problems_beside
from components.spec.reading.empty import empty
from components.spec.reading.remedies import settled
from components.spec.reading.salvage import salvage
from components.spec.reading.stack_text import CONFIG_KEY
from components.spec.reading.translate import findings_of
from components.spec.report.finding import Finding
from components.spec.report.places import MISSING, look_up, overlap, position, within
from components.spec.report.problems import Place, Problem, SpecError, path_of
from components.spec.report.shape import example_at
from components.spec.report.show import NOTHING, plain, show

_NO_CONFIG: Mapping[str, object] = MappingProxyType({})


def load(raw: object, config: Mapping[str, object] = _NO_CONFIG) -> Cluster:
    """The cluster that a stack file asks for.

    `raw` is the parsed value of `etcd-cluster:cluster`, secrets decrypted, `config` the settings in
    the file by name. Raises SpecError with every problem: those beside the cluster, then those in
    it, in the order of the file.
    """
    wrong = [*problems_beside(config)]
    if raw is None:
        raise _absent(config, wrong)
    cluster, refused = _judged(raw)
    if cluster is None or refused or wrong:
        found = _problems(raw, [settled(raw, finding, _refused) for finding in refused])
        raise SpecError([*wrong, *found])
    return cluster


def _refused(raw: object) -> list[Finding]:
    return _judged(raw)[1]


def _judged(raw: object) -> tuple[Cluster | None, list[Finding]]:
    """The cluster as far as there is one, and everything that is refused."""
    refused = empty(Cluster, raw)
    cluster: Cluster | None
    emptied: list[Place] = []
    try:
        cluster = Cluster.model_validate(raw)
    except ValidationError as error:
        known = {finding.place for finding in refused}
        found = findings_of(Cluster, raw, error)
        refused += [finding for finding in found if finding.place not in known]
        cluster, emptied = salvage(raw, refused)
    if cluster is not None:
        refused += _new(findings(cluster), refused, emptied)
    return cluster, refused


def _absent(config: Mapping[str, object], wrong: list[Problem]) -> SpecError:
    for near in _misspelt(config):
        reason = f"is no setting of this project, and `{CONFIG_KEY}` is missing"
        told = Problem(near, f"key {plain(near)}", reason, f"did you mean `{CONFIG_KEY}`?")
        return SpecError([told, *(problem for problem in wrong if problem.path != near)])
    given = CONFIG_KEY in config
    reason = "has nothing after its colon" if given else f"`{CONFIG_KEY}` is missing"
    finding = Finding((), reason, example=example_at(Cluster, ()))
    return SpecError([*wrong, *_problems(None, [finding])])


def _misspelt(config: Mapping[str, object]) -> list[str]:
    """What stands where the cluster should, if it is not there."""
    if CONFIG_KEY in config:
        return []
    others = [key for key in config if key not in KNOWN and meant(key) in {"", CONFIG_KEY}]
    return difflib.get_close_matches(CONFIG_KEY, others, n=1)


def _new(found: Iterable[Finding], refused: list[Finding], emptied: list[Place]) -> list[Finding]:
    """The findings that neither repeat nor rest on what is refused already, or made up in its
    place. What a mistyped key stands for is not missing."""
    meant = [(*known.place[:-1], known.meant) for known in refused if known.meant]
    wrong = [*meant, *emptied, *(known.place for known in refused)]
    fresh = [
        finding
        for finding in found
        if not any(within(finding.place, place) for place in wrong) and not _rests(finding, wrong)
    ]
    doubted = [place for finding in fresh for place in finding.doubts]
    return [finding for finding in fresh if finding.doubts or not _rests(finding, doubted)]


def _rests(finding: Finding, places: list[Place]) -> bool:
    return any(overlap(one, other) for one in finding.rests_on for other in places)


def _problems(raw: object, refused: list[Finding]) -> list[Problem]:
    ordered = sorted(refused, key=lambda finding: position(raw, finding.place))
    return [_problem(raw, finding) for finding in ordered]


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
