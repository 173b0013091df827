"""The environment file: one ETCD_… variable a line, read alike by a shell and by systemd."""

from __future__ import annotations

from collections.abc import Mapping

from components.member.flags import FlagValue, flag_text


def render_env(flags: Mapping[str, FlagValue]) -> str:
    """The file's text. ValueError for a value that the two readers would not read alike."""
    return "".join(f"{variable(name)}={_quoted(value)}\n" for name, value in flags.items())


def variable(flag: str) -> str:
    """The variable that etcd reads for a flag (etcd's own rule: capitals, underscores)."""
    return "ETCD_" + flag.upper().replace("-", "_")


def _quoted(value: FlagValue) -> str:
    text = flag_text(value)
    if "'" in text or "\n" in text or "\\" in text:
        message = f"cannot stand in an environment file: {text!r} (quote, backslash or line end)"
        raise ValueError(message)
    return f"'{text}'"
