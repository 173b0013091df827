"""Says which tests `make test` leaves out, and why: run as `python -m tests.left_out`."""

from __future__ import annotations

import subprocess
import sys

REASON = (
    "left out, as all tests together take longer than one waits for: most repeat others with "
    "further seeds, points, shells or versions, the rest are of a platform or a fault of their "
    "own; `make test CI=true` runs them too, as CI does:"
)


def main() -> None:
    """Prints the files with the number of their tests."""
    query = [sys.executable, "-m", "pytest", "--collect-only", "-qq", "-m", "exhaustive"]
    found = subprocess.run(query, capture_output=True, text=True, check=False)
    lines = [line for line in found.stdout.splitlines() if line.startswith("tests/")]
    sys.stdout.write("\n".join([REASON, *(f"  {line}" for line in lines)]) + "\n")


if __name__ == "__main__":
    main()
