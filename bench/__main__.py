from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from bench import hosts, life, operations, pods, rolling, setup
from bench.figures import NotMeasurable, Report
from lab.operations.table import MEASURED


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = ("setup", "life", "rolling", "hosts", "operations", "pods", "all")
    parser.add_argument("names", nargs="+", choices=names)
    parser.add_argument("--runs", type=int, default=3, choices=range(1, 6), help="of each, median")
    parser.add_argument("--empty-caches", action="store_true", help="for setup: download it all")
    parser.add_argument("--only", nargs="+", choices=MEASURED, default=(), help="operations")
    arguments = parser.parse_args()
    measurements: dict[str, Callable[[], Report]] = {
        "setup": lambda: setup.measure(empty_caches=arguments.empty_caches),
        "life": lambda: life.measure(arguments.runs),
        "rolling": lambda: rolling.measure(arguments.runs),
        "hosts": lambda: hosts.measure(arguments.runs),
        "pods": pods.measure,
        "operations": lambda: operations.measure(arguments.runs, arguments.only),
    }
    wanted = measurements if "all" in arguments.names else arguments.names
    for name in wanted:
        print(f"# {name}", flush=True)
        try:
            measurements[name]().write()
        except NotMeasurable as reason:
            print(f"skipped: {reason}")
        except RuntimeError as error:
            sys.exit(f"error: {name} could not be measured:\n{error}")


main()
