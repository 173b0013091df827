"""What `tests/collecting.py` leaves out has nothing that is asked for."""

from __future__ import annotations

import pytest

from tests.collecting import asks_for_slow_only, silent_files


@pytest.mark.parametrize(
    ("expression", "asks"),
    [
        ("slow and not soak", True),
        ("slow", True),
        ("slow or soak", False),
        ("soak and not alone", False),  # fast tests of stand-ins are left to soak
        ("not slow", False),
        ("", False),
    ],
)
def test_only_who_asks_for_slow_tests_is_given_fewer_files(expression: str, asks: bool) -> None:
    assert asks_for_slow_only(expression) is asks


@pytest.mark.whole_suite
def test_each_slow_test_is_in_a_file_that_says_so(request: pytest.FixtureRequest) -> None:
    assert silent_files(request.config) == []
