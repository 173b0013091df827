"""Version policy: what is supported, in which order releases come, which floors are known."""

from __future__ import annotations

from itertools import pairwise

import pytest

from components.spec.values.versions import (
    FLOORS,
    NEWEST,
    SUPPORTED,
    UPGRADE_FLOORS,
    Version,
    recommended,
    version_warnings,
)


def test_releases_are_ordered_as_numbers() -> None:
    assert Version.parse("3.6.9") < Version.parse("3.6.16") < Version.parse("3.7.0")
    assert str(Version.parse("3.6.16")) == "3.6.16"
    assert Version.parse("3.6.16").series == "3.6"


@pytest.mark.parametrize("text", ["", "3.6", "v3.6.16", "3.6.16 ", "3.6.16-rc.0", "3.6.x", "٣.6.1"])
def test_what_is_no_release(text: str) -> None:
    with pytest.raises(ValueError, match="no etcd version"):
        Version.parse(text)


@pytest.mark.parametrize("series", SUPPORTED)
def test_the_recommended_release_has_no_warning(series: str) -> None:
    assert Version.parse(recommended(series)).series == series
    assert version_warnings(recommended(series)) == ()
    assert "GHSA-xg4h" in version_warnings(f"{series}.0")[0]


def test_a_warning_names_what_each_later_release_fixes() -> None:
    assert version_warnings("3.6.14") == (
        "etcd 3.6.14 is older than 3.6.16: 3.6.15 makes a received snapshot durable before its WAL "
        "record; 3.6.16 fixes a data race of hashing and restoring the store",
    )
    assert len(version_warnings("3.6.15")[0].split(";")) == 1


def test_floors_rise_to_the_newest_release() -> None:
    for series, floors in FLOORS.items():
        versions = [floor.version for floor in floors]
        assert versions == sorted(versions)
        assert versions[-1] == NEWEST[series]


def test_every_step_up_has_a_floor_that_is_a_release_of_its_minor() -> None:
    assert list(UPGRADE_FLOORS) == list(pairwise(SUPPORTED))
    for (old, _), floor in UPGRADE_FLOORS.items():
        assert floor.version.series == old
        assert floor.version <= NEWEST[old]
