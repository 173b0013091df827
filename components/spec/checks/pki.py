"""Authority generations and lifetimes that do not fit together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from components.spec.duration import format_duration
from components.spec.finding import Finding

if TYPE_CHECKING:
    from components.spec.cluster import Cluster
    from components.spec.pki import Generation, Lifetime, Pki

_LONGEST = timedelta(days=36500)
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
    ca = pki.lifetimes.ca
    for role in type(pki.lifetimes).model_fields:
        lifetime: Lifetime = getattr(pki.lifetimes, role)
        place = ("pki", "lifetimes", role)
        if lifetime.validity > _LONGEST:
            yield Finding((*place, "validity"), "is more than a hundred years", example="3650d")
        elif lifetime.renew_before >= lifetime.validity:
            yield Finding(
                (*place, "renew_before"),
                f"is not shorter than the validity of {format_duration(lifetime.validity)}: "
                "each `up` would renew",
                example=format_duration(max(lifetime.validity / 12, timedelta(seconds=1))),
                rests_on=((*place, "validity"), *_PROFILE),
            )
        if lifetime.validity > ca.validity and not pki.signs_externally:
            yield Finding(
                (*place, "validity"),
                f"is longer than the authority's {format_duration(ca.validity)}",
                example=format_duration(ca.validity),
                rests_on=(("pki", "lifetimes", "ca", "validity"), ("pki", "signing"), *_PROFILE),
            )


def warnings(spec: Cluster) -> Iterator[str]:
    """Generations that nobody uses."""
    pki = spec.pki
    for number in pki.generations:
        if number != pki.signing and number not in pki.trusted:
            yield f"pki.generations.{number} neither signs nor is trusted: it is not used"
