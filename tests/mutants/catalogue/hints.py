"""Tests that many mutants hint at."""

_MODEL = "tests/model/test_broken_scripts.py::test_the_scripts_as_they_are"


def harmless(happens: str) -> str:
    """The simulated life in which the scripts as they are break nothing."""
    return f"{_MODEL}_break_nothing_there[{happens}]"


def arrives(life: str) -> str:
    """The simulated life in which the scripts as they are come to their end."""
    return f"{_MODEL}_get_there[{life}]"


LIVES = "tests/model/test_membership_model.py"

JOURNEY = "tests/journeys/test_dev.py"
CHANGES = "tests/node/test_node_changes.py"
FOUNDED_TWICE = "tests/node/test_never_founded_twice.py"
FOUNDING = "tests/node/test_node_founding.py"
INTERRUPTED = "tests/node/test_node_interrupted.py"
MEMBERSHIP = "tests/node/test_membership.py"
ROTATION = "tests/node/test_live_rotation.py"
UPGRADE = "tests/node/test_upgrade.py"
ORDER = "tests/node/test_order_of_a_change.py"
REHEARSAL = "tests/node/test_rehearsal.py"
COMPONENT = "tests/node/test_node_component.py"
DESIRED = "tests/node/test_node_desired.py"
