"""A command stand-in's request without an engine: what is shown is kept in lists."""

from dataclasses import dataclass, field

from toolchain.standins.command.call import Call
from toolchain.standins.interrupt import Interrupt


@dataclass
class Shown:
    """A resource's log that remembers."""

    lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def status(self, line: str) -> None:
        self.lines.append(line)

    def warning(self, text: str) -> None:
        self.warnings.append(text)

    def error(self, text: str) -> None:
        self.errors.append(text)


def call() -> Call:
    return Call(Shown(), Interrupt())
