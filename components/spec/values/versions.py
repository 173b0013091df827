"""Version policy: which etcd minors this project runs, and the floors known for each.

Sources: etcd's release notes from 2026-07-23 on, and its upgrade guides for 3.6 and 3.7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from components.spec.report.refuse import refuse

_FORM = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})")


@dataclass(frozen=True, order=True)
class Version:
    """An etcd release, ordered as releases are."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """`3.6.16` and nothing else; ValueError otherwise."""
        found = _FORM.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is no etcd version")
        return cls(*map(int, found.groups()))

    @property
    def series(self) -> str:
        """The minor that the release belongs to, such as `3.6`."""
        return f"{self.major}.{self.minor}"

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True)
class Floor:
    """A release below which something known is wrong."""

    version: Version
    reason: str


SUPPORTED = ("3.5", "3.6", "3.7")
VERSION_PATTERN = rf"^({'|'.join(map(re.escape, SUPPORTED))})\.[0-9]{{1,4}}$"

# The newest release of each minor that this project is tested with.
NEWEST = {"3.5": Version(3, 5, 35), "3.6": Version(3, 6, 16), "3.7": Version(3, 7, 3)}

_JULY_2026 = "fixes GHSA-xg4h (watch shows keys past RBAC) and GHSA-6vch (TLS handshake exhaustion)"
# Read in the sources of each release. A member that joins receives a snapshot.
_SNAPSHOT = "makes a received snapshot durable before its WAL record"
_HASH = "fixes a data race of hashing and restoring the store"

# Running below one of these is allowed, with a warning.
FLOORS = {
    "3.5": (
        Floor(Version(3, 5, 33), _JULY_2026),
        Floor(Version(3, 5, 35), f"{_SNAPSHOT}, {_HASH}"),
    ),
    "3.6": (
        Floor(Version(3, 6, 14), _JULY_2026),
        Floor(Version(3, 6, 15), _SNAPSHOT),
        Floor(Version(3, 6, 16), _HASH),
    ),
    "3.7": (
        Floor(Version(3, 7, 1), _JULY_2026),
        Floor(Version(3, 7, 2), _SNAPSHOT),
        Floor(Version(3, 7, 3), _HASH),
    ),
}

# What every member must run before the first one goes to the next minor.
UPGRADE_FLOORS = {
    ("3.5", "3.6"): Floor(
        Version(3, 5, 32),
        "the 3.6 upgrade guide's floor, raised with each fault found below it (3.5.20, 3.5.24, "
        "then 3.5.26 for removed members that came back)",
    ),
    ("3.6", "3.7"): Floor(Version(3, 6, 11), "the 3.7 upgrade guide's floor"),
}


def recommended(series: str = "3.6") -> str:
    """The newest release of a supported minor that this project knows; 3.6's for any other."""
    return str(NEWEST.get(series, NEWEST["3.6"]))


def check_version(value: object) -> str:
    """A release of a supported minor, written in full and without a leading v."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        example = recommended(str(value))
        raise refuse("is read as a number: a version has three parts", example=example)
    if not isinstance(value, str):
        raise refuse("is no version", example=recommended())
    try:
        version = Version.parse(value)
    except ValueError:
        raise _no_version(value) from None
    if version.series not in SUPPORTED:
        raise refuse(
            f"etcd {version.series} is not supported; {', '.join(SUPPORTED)} are",
            example=recommended(version.series),
        )
    return str(version)


def _no_version(value: str) -> Exception:
    bare = value.removeprefix("v")
    if bare != value and _FORM.fullmatch(bare):
        return refuse(
            "is written with a leading v", example=bare if _known(bare) else recommended()
        )
    series = re.match(r"v?([0-9]+\.[0-9]+)", value)
    return refuse(
        "is no etcd version: three numbers, as in a release's name without the v",
        example=recommended(series.group(1) if series else "3.6"),
    )


def _known(text: str) -> bool:
    return Version.parse(text).series in SUPPORTED


def version_warnings(text: str) -> tuple[str, ...]:
    """What is known to be wrong with a supported release."""
    version = Version.parse(text)
    missed = [floor for floor in FLOORS[version.series] if version < floor.version]
    if not missed:
        return ()
    reasons = "; ".join(f"{floor.version} {floor.reason}" for floor in missed)
    return (f"etcd {version} is older than {missed[-1].version}: {reasons}",)
