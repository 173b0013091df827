"""The journey of a test module's `platform`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab.aws import aws
from lab.hosts.fixtures import hosts
from lab.kubernetes.fixtures import lab
from tests.journeys.journey import Journey
from tests.journeys.protocol import Platform
from tests.journeys.steps import STEPS


@pytest.fixture(scope="module")
def journey(platform: Platform, request: pytest.FixtureRequest) -> Iterator[Journey]:
    """Not yet begun."""
    yield Journey(platform, getattr(request.module, "STEPS", STEPS))
    platform.remove()


__all__ = ["aws", "hosts", "journey", "lab"]
