"""The engine's operations and resources in plain words."""

from __future__ import annotations

from ops.engine.events import Step
from ops.screen.command_text import facts

# This command line, as it runs from the project's folder in any shell.
OPS = ".toolchain/bin/etcd-cluster"
# operation: (while it lasts, when it is done, when it is only planned)
CHANGING = {
    "create": ("creating", "created", "create"),
    "update": ("updating", "updated", "update"),
    "delete": ("deleting", "deleted", "delete"),
    "create-replacement": ("replacing", "replaced", "replace"),
    "delete-replaced": ("deleting the replaced", "deleted the replaced", "delete the replaced"),
    "import": ("importing", "imported", "import"),
}


def is_shown(step: Step) -> bool:
    """Resources that someone asked for and that change; neither providers nor components."""
    is_provider = step.resource.type.startswith("pulumi:providers:")
    return step.op in CHANGING and step.custom and not is_provider


def during(step: Step) -> str:
    return CHANGING[step.op][0]


def afterwards(step: Step) -> str:
    return CHANGING[step.op][1]


def planned(step: Step) -> str:
    return CHANGING[step.op][2]


def node_of(step: Step) -> str | None:
    """The node that a command is about, by its own text."""
    for inputs in (step.new_inputs, step.old_inputs):
        if node := facts(inputs.get("create")).get("node"):
            return node
    return None


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
