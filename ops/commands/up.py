"""`up`: bring the stack to what its file says, whatever an earlier run has left behind."""

from __future__ import annotations

from collections.abc import Iterable

from ops.cluster.revive import replacing, silent_members
from ops.commands.project import create_stack, prepare_backend
from ops.commands.run import Run, run
from ops.engine.deployment import protected_names
from ops.engine.discard_bootstrap_record import forgetting
from ops.engine.events import Event, Finished
from ops.engine.interrupted import drop_pending_creates, pending_creates
from ops.engine.pulumi import Engine, EngineError
from ops.errors import NoStack, OperationError
from ops.screen.terminal import say
from ops.screen.words import OPS
from ops.stack import backend, stackfile

_COMMAND = ("up", "--yes", "--skip-preview")


def up(engine: Engine) -> None:
    """Raises OperationError."""
    prepare_backend()
    try:
        done = _bring_up(engine)
    except NoStack:
        say(f"new stack {engine.stack} in {backend.shown()}")
        create_stack(engine)
        done = _bring_up(engine)
    except OperationError as refused:
        done = _found_anew(engine, refused)
    if pending_creates(done.result.events):
        run(engine, *drop_pending_creates(done.result.events), show=lambda _: None)
    unreachable = stackfile.read(engine.project, engine.stack).unreachable
    if silent := silent_members(done.result.events, unreachable):
        say(f"{', '.join(silent)}: down though nothing is to change; applied once more")
        revived = run(engine, *_COMMAND, *replacing(done.result.events, silent))
        done = Run(done.result, revived.line)
    say(_report(engine.stack, done))


def _found_anew(engine: Engine, refused: OperationError) -> Run:
    """For a first `up` whose mistyped names or addresses were corrected; else raises again."""
    options = forgetting(engine, str(refused))
    if not options:
        raise refused
    say("no member was ever started: the cluster is founded as the stack file says now")
    return _bring_up(engine, *options)


def _bring_up(engine: Engine, *options: str) -> Run:
    if _may_delete_protected(engine):
        # The engine refuses that in a preview; without one it would do so only after everything
        # else.
        run(engine, "preview", *options, show=lambda _: None)
    return run(engine, *_COMMAND, *options)


def _may_delete_protected(engine: Engine) -> bool:
    """Of what is protected, the authority's generations stay as long as the stack file has them."""
    try:
        protected = protected_names(engine)
    except EngineError:
        return True  # a preview says why, in full
    return bool(protected - stackfile.read(engine.project, engine.stack).authorities)


def _report(stack: str, done: Run) -> str:
    lines = [done.line]
    if endpoints := endpoints_of(done.result.events):
        lines += ["", f"endpoints  {','.join(endpoints)}"]
        if stack == "dev":  # which `make` and .toolchain/env are about
            lines += ["next       make status"]
            lines += ["           source .toolchain/env, then etcdctl put greeting hello"]
        else:
            lines += [f"next       {OPS} status --stack {stack}"]
    return "\n".join(lines)


def endpoints_of(events: Iterable[Event]) -> list[str]:
    """The stack's output of that name, from the events of the run itself."""
    for event in events:
        if isinstance(event, Finished) and event.step.resource.is_stack:
            found = event.step.outputs.get("endpoints")
            if isinstance(found, list):
                return [str(endpoint) for endpoint in found]
    return []
