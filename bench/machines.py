"""Whether hosts can be made for a measurement."""

from __future__ import annotations

import os

from bench.figures import NotMeasurable
from lab.hosts.fixtures import missing_packages


def require_hosts() -> None:
    """NotMeasurable where none can be made."""
    if os.geteuid() != 0:
        raise NotMeasurable("hosts are made by root alone")
    if missing := missing_packages():
        raise NotMeasurable(f"hosts need the Debian packages {' '.join(missing)}")
