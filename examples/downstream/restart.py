"""Which changes kube-apiserver does not notice by itself. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence


def restart_digest(
    of_etcd: Mapping[str, str], restart_on: Sequence[str], own: Mapping[str, str]
) -> str:
    """A text that changes with the content of a file that is read once, at the start.

    Files are path to text. Of etcd's the stack says which (`restart_on`); its own keys are read
    once. A changed flag shows by itself.
    """
    read_once = {**own, **{path: of_etcd[path] for path in restart_on}}
    return hashlib.sha256(repr(sorted(read_once.items())).encode()).hexdigest()[:32]
