"""How the official plugin, a Go program, words what went wrong."""

from __future__ import annotations

import os
import signal

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}


def quoted(text: str) -> str:
    """The text as a Go string literal (`%q`)."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    if character.isascii():
        return f"\\x{ord(character):02x}"
    return character.encode("unicode_escape").decode()


def system_error(error: OSError) -> str:
    """An operating system's error: `no such file or directory`."""
    return os.strerror(error.errno).lower() if error.errno else str(error)


def local_exit(code: int) -> str | None:
    """How a local process ended, by Python's return code; None for success."""
    if code == 0:
        return None
    if code > 0:
        return f"exit status {code}"
    return f"signal: {(signal.strsignal(-code) or f'signal {-code}').lower()}"


def remote_exit(code: int) -> str | None:
    """How a remote process ended, by its exit status; None for success."""
    return None if code == 0 else f"Process exited with status {code}"


def remote_signal(name: str, reason: str) -> str:
    """How a remote process ended by a signal, named without SIG (RFC 4254, 6.10)."""
    number = getattr(signal, f"SIG{name}", 0)
    text = f"Process exited with status {128 + number} from signal {name}"
    return f"{text}. Reason was: {reason}" if reason else text


def failed(how: str, command: str, output: str) -> str:
    """A command that failed: how, which, and all that it wrote."""
    return f"{how}: running {quoted(command)}:\n{output}"
