"""Shows recorded durations: `python -m tests.timing FILE…`, or `--before FILE` to compare."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.tiers.collected import collect
from tests.timing.summary import KEPT, Summary, differences, keep, kept_seconds, read


def main() -> None:
    """Prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.timing", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--before", type=Path, help="an earlier file to compare with")
    parser.add_argument("--keep", action="store_true", help="distribute tests by these from now on")
    arguments = parser.parse_args()
    found = read(arguments.files)
    if arguments.keep:
        seconds = keep(found, kept_seconds(), collect())
        KEPT.write_text(json.dumps(seconds, indent=0) + "\n")
    lines = differences(read([arguments.before]), found) if arguments.before else told(found)
    sys.stdout.write("\n".join(lines) + "\n")


def told(found: Summary) -> list[str]:
    """Steps, runs, phases, files, and the slowest tests and fixtures."""
    steps = [f"{seconds:7.1f} s  {name}" for name, seconds in found.steps.items()]
    runs = [
        f"{run['seconds']:7.1f} s  {run['processors_used']:.2f} processors  pytest {run['run']}"
        for run in found.runs
    ]
    phases = [f"{seconds:7.1f} s  {name}" for name, seconds in found.phases.most_common()]
    files = [f"{seconds:7.1f} s  {name}" for name, seconds in found.files().most_common()]
    return [*steps, *runs, "", *phases, "", *files, "", *found.slowest()]


if __name__ == "__main__":
    main()
