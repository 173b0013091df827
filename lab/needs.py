"""What tests need that running a cluster does not: programs, and the Debian package of each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

import pytest

PACKAGES = {
    "bash": "bash",
    "busybox": "busybox",
    "dash": "dash",
    "go": "golang-go",
    "iptables": "iptables",
    "nft": "nftables",
    "openssl": "openssl",
    "sshd": "openssh-server",
    "strace": "strace",
    "zsh": "zsh",
}
# By which a summary knows that packages follow, with blanks between them.
NEEDS = "needs the Debian packages "


def which(program: str) -> str | None:
    """Where a program is, also if only root has it on PATH."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin")


def needs(*programs: str) -> pytest.MarkDecorator:
    """Leaves a test out where one of these is not installed."""
    absent = [PACKAGES[program] for program in programs if not which(program)]
    return pytest.mark.skipif(bool(absent), reason=reason(absent))


def reason(packages: Sequence[str]) -> str:
    """Of a skip for packages that are not installed."""
    return NEEDS + " ".join(packages)
