"""Authority generations and lifetimes that do not fit together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from components.spec.report.finding import Finding
from components.spec.values.duration import format_duration

if TYPE_CHECKING:
    from components.spec.models.cluster import Cluster
    from components.spec.models.pki import Generation, Lifetime, Pki
    from components.spec.report.problems import Place

_HOUR = timedelta(hours=1)
_LONGEST = timedelta(days=36500)
_LIFETIMES = ("pki", "lifetimes")
_PROFILE = (("pki", "profile"),)


def findings(spec: Cluster) -> Iterator[Finding]:
    """Everything that can be said without opening a certificate."""
    yield from _trust(spec.pki)
    yield from _generations(spec.pki)
    yield from _lifetimes(spec.pki)


def _trust(pki: Pki) -> Iterator[Finding]:
    """Members must trust the authority that signs their certificates."""
    place = ("pki", "trusted")
    unique = list(dict.fromkeys(pki.trusted))
    if pki.signing not in unique:
        yield Finding(
            place,
            f"does not contain {pki.signing}, which signs: members would refuse each other",
            example=sorted({*unique, pki.signing}),
            rests_on=(place, ("pki", "signing")),
        )
    elif len(unique) < len(pki.trusted):
        yield Finding(place, "names a generation twice", example=unique, rests_on=(place,))


def _generations(pki: Pki) -> Iterator[Finding]:
    """A generation is external (certificate and key) or self-made (neither), never half."""
    for number, generation in pki.generations.items():
        yield from _halves(str(number), generation)


def _halves(number: str, generation: Generation) -> Iterator[Finding]:
    place = ("pki", "generations", number)
    given = [field for field in ("certificate", "key") if getattr(generation, field) is not None]
    if len(given) == 1:
        missing = "key" if given == ["certificate"] else "certificate"
        yield Finding(
            (*place, missing),
            f"is missing: an external authority needs its {missing} to sign",
            f"the PEM of the {missing}, or remove the {given[0]} for a self-made authority",
            rests_on=((*place, given[0]),),
        )
    if not given and generation.chain:
        yield Finding(
            (*place, "chain"),
            "belongs to an external authority, whose certificate and key are missing",
            "remove it, or give certificate and key too",
            rests_on=((*place, "certificate"), (*place, "key")),
        )
    if given and generation.intermediate:
        yield Finding(
            (*place, "intermediate"),
            "is for self-made authorities; an external one lists its parents in `chain`",
            example=False,
            rests_on=((*place, "certificate"), (*place, "key")),
        )


def _lifetimes(pki: Pki) -> Iterator[Finding]:
    """Nothing is renewed before it is issued, nothing outlives the authority that signed it."""
    roles = type(pki.lifetimes).model_fields
    wrong = [each for role in roles for each in _lengths((*_LIFETIMES, role), _of(pki, role))]
    yield from wrong
    refused = {finding.place for finding in wrong}
    windows = (each for role in roles for each in _window((*_LIFETIMES, role), _of(pki, role)))
    for finding in (*windows, *_outlived(pki)):
        if not refused & {finding.place, *finding.rests_on}:
            yield finding


def _lengths(place: Place, lifetime: Lifetime) -> Iterator[Finding]:
    """Whole hours, which is how certificates are issued; two at least, so that one may renew."""
    for field, least, usual in (("validity", 2 * _HOUR, "365d"), ("renew_before", _HOUR, "30d")):
        length: timedelta = getattr(lifetime, field)
        if length % _HOUR or length < least:
            whole = max(-(-length // _HOUR) * _HOUR, least)
            reason = f"is not a number of whole hours, {format_duration(least)} or more"
            yield Finding((*place, field), reason, example=format_duration(whole))
        elif length > _LONGEST:
            yield Finding((*place, field), "is more than a hundred years", example=usual)


def _window(place: Place, lifetime: Lifetime) -> Iterator[Finding]:
    if lifetime.renew_before >= lifetime.validity:
        yield Finding(
            (*place, "renew_before"),
            f"is not shorter than the validity of {format_duration(lifetime.validity)}: "
            "each `up` would renew",
            example=format_duration(max(lifetime.validity // 12 // _HOUR * _HOUR, _HOUR)),
            rests_on=((*place, "validity"), *_PROFILE),
        )


def _outlived(pki: Pki) -> Iterator[Finding]:
    """The authority is blamed where no leaf fits it, else the leaves that do not."""
    ca = pki.lifetimes.ca.validity
    leaves = {role: _of(pki, role).validity for role in type(pki.lifetimes).model_fields}
    del leaves["ca"]
    long = [role for role, validity in leaves.items() if validity > ca]
    if pki.signs_externally or not long:
        return
    rests_on = ((*_LIFETIMES, "ca", "validity"), ("pki", "signing"), *_PROFILE)
    if len(long) == len(leaves):
        longest = format_duration(max(leaves.values()))
        reason = f"is shorter than each leaf's validity, up to {longest}"
        place = (*_LIFETIMES, "ca", "validity")
        yield Finding(place, reason, example=longest, rests_on=(_LIFETIMES, *rests_on))
        return
    for role in long:
        place = (*_LIFETIMES, role, "validity")
        reason = f"is longer than the authority's {format_duration(ca)}"
        yield Finding(place, reason, example=format_duration(ca), rests_on=rests_on)


def _of(pki: Pki, role: str) -> Lifetime:
    lifetime: Lifetime = getattr(pki.lifetimes, role)
    return lifetime


def warnings(spec: Cluster) -> Iterator[str]:
    """Generations that nobody uses."""
    pki = spec.pki
    for number in pki.generations:
        if number != pki.signing and number not in pki.trusted:
            yield f"pki.generations.{number} neither signs nor is trusted: it is not used"
