"""What a command writes: kept for its result, and shown line by line while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from toolchain.standins.command.errors import PluginError, UnreadableOutputError

# The official plugin reads lines into a buffer of this size, and hangs on a longer one.
LINE_LIMIT_BYTES = 64 * 1024
LONG_LINE = (
    f"the command wrote a line of {LINE_LIMIT_BYTES} bytes or more, on which the official plugin "
    "hangs while it logs the output: write shorter lines, or set `logging` to `none`"
)


class Stream(Enum):
    """Where a command wrote."""

    STDOUT = "stdout"
    STDERR = "stderr"


_LOGGED: Mapping[str | None, frozenset[Stream]] = {
    None: frozenset(Stream),
    "stdoutAndStderr": frozenset(Stream),
    "stdout": frozenset({Stream.STDOUT}),
    "stderr": frozenset({Stream.STDERR}),
}


@dataclass(frozen=True)
class Output:
    """What a command wrote, each stream without its last newline."""

    stdout: str = ""
    stderr: str = ""


class Recorder:
    """Takes what a command writes, in the order in which it arrives."""

    def __init__(self, show: Callable[[str], None], logging: str | None) -> None:
        self._streams = {stream: bytearray() for stream in Stream}
        self._everything = bytearray()
        self._logged = _LOGGED.get(logging, frozenset())
        self._lines = _Lines(show)

    def feed(self, stream: Stream, chunk: bytes) -> None:
        """Take a piece of a stream."""
        self._streams[stream] += chunk
        self._everything += chunk
        if stream in self._logged:
            self._lines.feed(chunk)

    def finish(self) -> None:
        """Show the last line, when it has no newline."""
        self._lines.finish()

    def everything(self) -> str:
        """Both streams as they came, for the text of an error."""
        return self._everything.decode(errors="replace")

    def output(self) -> Output:
        """The result of a command that has succeeded.

        Raises UnreadableOutputError for what is not UTF-8, PluginError for a line too long to log.
        """
        if self._lines.too_long:
            raise PluginError(LONG_LINE)
        try:
            texts = {stream.value: data.decode() for stream, data in self._streams.items()}
        except UnicodeDecodeError:
            raise UnreadableOutputError from None
        return Output(**{name: text.removesuffix("\n") for name, text in texts.items()})


class _Lines:
    """Cuts pieces into lines. Both streams share it, as they share the official plugin's log."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._rest = b""
        self.too_long = False

    def feed(self, chunk: bytes) -> None:
        if self.too_long:
            return
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._line(line)
        if len(self._rest) >= LINE_LIMIT_BYTES:
            self._stop()

    def finish(self) -> None:
        if self._rest:
            self._line(self._rest)

    def _line(self, line: bytes) -> None:
        if len(line) >= LINE_LIMIT_BYTES:
            self._stop()
        if not self.too_long:
            self._show(line.removesuffix(b"\r").decode(errors="replace"))

    def _stop(self) -> None:
        self.too_long = True
        self._rest = b""
