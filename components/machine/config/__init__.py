"""The two forms of a member's configuration file: one renderer each, one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from components.machine.config.env import render_env
from components.machine.config.yaml import render_yaml
from components.member.flags import FlagValue


@dataclass(frozen=True)
class ConfigFormat:
    """A configuration file: its name and how flags become its text."""

    file: str
    render: Callable[[Mapping[str, FlagValue]], str]


CONFIG_FORMATS = {
    "env": ConfigFormat("etcd.env", render_env),
    "yaml": ConfigFormat("conf.yml", render_yaml),
}
