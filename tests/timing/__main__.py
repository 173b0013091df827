"""Shows recorded durations: `python -m tests.timing FILE…`, or `--before FILE` to compare."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.timing.summary import Summary, differences, keep, read


def main() -> None:
    """Prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.timing", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--before", type=Path, help="an earlier file to compare with")
    parser.add_argument("--keep", action="store_true", help="distribute tests by these from now on")
    arguments = parser.parse_args()
    found = read(arguments.files)
    if arguments.keep:
        keep(found)
    lines = differences(read([arguments.before]), found) if arguments.before else told(found)
    sys.stdout.write("\n".join(lines) + "\n")


def told(found: Summary) -> list[str]:
    """Runs, phases, files, and the slowest tests and fixtures."""
    runs = [
        f"{run['seconds']:7.1f} s  {run['processors_used']:.2f} processors  pytest {run['run']}"
        for run in found.runs
    ]
    phases = [f"{seconds:7.1f} s  {name}" for name, seconds in found.phases.most_common()]
    files = [f"{seconds:7.1f} s  {name}" for name, seconds in found.files().most_common()]
    return [*runs, "", *phases, "", *files, "", *found.slowest()]


if __name__ == "__main__":
    main()
