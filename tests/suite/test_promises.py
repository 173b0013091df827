"""The list of promises holds."""

from __future__ import annotations

import pytest

from tests.promises import PAGE, missing, of, page

pytestmark = pytest.mark.whole_suite


def test_every_promise_is_shown_by_make_test(request: pytest.FixtureRequest) -> None:
    assert missing(of(request.config)) == []


def test_the_page_of_promises_is_that_of_the_tests(request: pytest.FixtureRequest) -> None:
    assert page(of(request.config)) == PAGE.read_text(), "run python -m tests.promises"
