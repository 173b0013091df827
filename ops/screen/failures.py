"""Why an update failed, in the words of what failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ops.engine.events import Diagnostic, Event, Failed, Finished, Step
from ops.screen.connection_errors import in_plain_words
from ops.screen.words import count, during, is_shown, node_of

# A command's failure as the command provider words it: the command itself, quoted, and below it
# what the script has printed. The command is long and not news; what it printed is the reason.
_COMMAND_ECHO = re.compile(r"\A.*?running \"(?:[^\"\\]|\\.)*\":\n?", re.DOTALL)
_REMOTE_CALL = re.compile(r"\Arpc error: code = \w+ desc = ")
# What language hosts put in front of the program's own error.
_PREFIX = re.compile(r"\A(an unhandled error occurred|error): ")
# The official host's own word behind the program's report.
_EXIT_CODE = re.compile(r"[Pp]rogram exited with non-zero exit code: \d+")
_SIGNAL = re.compile(r"\Asignal: [\w ]+")
_CUT_OFF = re.compile(r"\Await: remote command exited without [\w ]+")
_LAST_LINES = 5
_TRACEBACK = "Traceback (most recent call last):"
_INTERRUPTED = "KeyboardInterrupt"


@dataclass(frozen=True)
class Failure:
    """One resource that failed. `step` is absent when it failed before any step."""

    name: str
    reason: str
    step: Step | None = None


@dataclass(frozen=True)
class Outcome:
    """What a failed update says: `failures`, or `messages` if no resource was at fault."""

    failures: tuple[Failure, ...]
    messages: tuple[str, ...]
    done: int


def outcome(events: Iterable[Event]) -> Outcome:
    failures: dict[str, Failure] = {}
    messages: list[str] = []
    printed: list[str] = []
    done = 0
    for event in events:
        if isinstance(event, Failed):
            name = event.step.resource.name
            failure = failures.get(name, Failure(name, "the engine gives no reason"))
            failures[name] = replace(failure, step=event.step)
        elif isinstance(event, Finished):
            done += is_shown(event.step)
        elif isinstance(event, Diagnostic) and event.severity == "info#err":
            printed.append(event.message)
        elif isinstance(event, Diagnostic) and event.severity == "error":
            if event.resource is None or event.resource.is_stack:
                messages.append(event.message)
            else:
                name = event.resource.name
                failures.setdefault(name, Failure(name, reason_of(event.message)))
    told = _worth_reading(messages) or _worth_reading(["\n".join(_own_words(printed))])
    return Outcome(tuple(failures.values()), told, done)


def reason_of(message: str) -> str:
    """The script's own reason: its `error: …` lines; without any, the last lines it printed."""
    if not _COMMAND_ECHO.match(message):
        return _REMOTE_CALL.sub("", message).strip()
    lines = [line for line in _COMMAND_ECHO.sub("", message).splitlines() if line.strip()]
    if cut_off := _CUT_OFF.match(message):
        # What it printed until then went well and is no reason; it tells how far the script came.
        return "; the last that it said: ".join([cut_off[0], *lines[-1:]])
    own = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    if not own and (ended := _SIGNAL.match(message)):
        # As an interruption does; where the script was then is no reason.
        return f"the script was ended before it was done ({ended[0]})"
    return "\n".join(own or lines[-_LAST_LINES:]) or "the script failed and printed nothing"


def _worth_reading(messages: Sequence[str]) -> tuple[str, ...]:
    """Each once; without "update failed", which is no reason, and without interruptions."""
    texts = [_PREFIX.sub("", message).strip() for message in messages]
    news = [text for text in texts if not text.endswith((" failed", _INTERRUPTED))]
    reasons = [text for text in news if not _EXIT_CODE.fullmatch(text)]
    return tuple(dict.fromkeys(filter(None, reasons or news)))


def _own_words(printed: Sequence[str]) -> list[str]:
    """What the program has printed before the engine interrupted it, which it does at every
    failure and which Python answers with a traceback."""
    if printed and printed[-1] == _INTERRUPTED and _TRACEBACK in printed:
        last = len(printed) - 1 - list(reversed(printed)).index(_TRACEBACK)
        return list(printed[:last])
    return list(printed)


def report(outcome: Outcome, stderr: str, command: str) -> str:
    """For a person: what failed and why, first; then what state that leaves and what to do."""
    if outcome.failures:
        blocks = [_block(failure) for failure in outcome.failures]
        return "\n\n".join([*blocks, _state(outcome, command)])
    return "\n".join(outcome.messages) or stderr or "the engine failed and gave no reason"


def _block(failure: Failure) -> str:
    step = failure.step
    if step is None:
        return f"{failure.name} failed:\n{_indented(failure.reason)}"
    node = node_of(step)
    where = f" (node {node})" if node else ""
    while_ = f" while {during(step)}" if is_shown(step) else ""
    reason = in_plain_words(failure.reason, node, step.resource.stack)
    return f"{failure.name}{where} failed{while_}:\n{_indented(reason)}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _state(outcome: Outcome, command: str) -> str:
    done = f"{count(outcome.done, 'change')} before it" if outcome.done else "nothing before it"
    return (
        f"Done is {done}; what depends on it was not started.\n"
        f"Next: remove the cause, then run `{command}` again. It goes on from here."
    )
