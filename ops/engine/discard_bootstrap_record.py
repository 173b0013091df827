"""Discards a bootstrap record that no member was started with.

The engine notes names and peer addresses before anybody is dialled, and they never change while the
cluster lives. A mistyped address of a first `up` is such a note too, until it is forgotten.
"""

from __future__ import annotations

from ops.engine.deployment import known_urns
from ops.engine.pulumi import Engine

_REFUSAL = "no member of the cluster answers; it was founded with"
_STASH = "pulumi:index:Stash::"
_BOOTSTRAP = "-bootstrap"
# The command that starts a member; one that was begun may have.
_STARTS = "-apply"


def forgetting(engine: Engine, complaint: str) -> tuple[str, ...]:
    """Options that make the engine note them anew, if that is what `complaint` is about and no
    member can have been started. Raises EngineError."""
    if _REFUSAL not in complaint:
        return ()
    known = known_urns(engine)
    if any("Command::" in urn and urn.endswith(_STARTS) for urn in known):
        return ()
    return tuple(f"--replace={urn}" for urn in known if _STASH in urn and urn.endswith(_BOOTSTRAP))
