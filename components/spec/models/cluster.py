"""The whole spec: what a stack file's `cluster` object says, with every default filled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from components.spec.models.kubernetes import Kubernetes
from components.spec.models.maintenance import Maintenance
from components.spec.models.model import FILLED, Model, setting
from components.spec.models.node import NodeSettings, resolve
from components.spec.models.pki import Pki
from components.spec.models.profiles import TUNING_PROFILES
from components.spec.models.settings import Node, Settings
from components.spec.report.refuse import echo, refuse
from components.spec.values.duration import parse_duration
from components.spec.values.fields import COUNT_MAX, DURATION_PATTERN, Count, Label, SubjectText
from components.spec.values.names import is_label
from components.spec.values.versions import VERSION_PATTERN, check_version, recommended

OPERATOR = "operator"

_RETENTION: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": DURATION_PATTERN},
        {"type": "integer", "minimum": 1},
    ]
}
_EXAMPLE: Any = {
    "name": "prod",
    "version": recommended(),
    "transport": "local",
    "nodes": {f"etcd{n}": {"address": f"10.0.0.1{n}"} for n in (1, 2, 3)},
}


class Consumer(Model):
    """Something that talks to etcd with a client certificate of its own."""

    model_config = FILLED

    common_name: SubjectText = setting(example="kube-apiserver-etcd-client")
    """Common name of its certificate; with etcd's auth on, its etcd user. Default: its name."""

    organization: SubjectText | None = setting(None, example="system:masters")
    """Organization of its certificate. Default: the one of pki.subject."""


class Compaction(Model):
    """How old revisions are dropped."""

    mode: Literal["periodic", "revision"] = setting("periodic")
    """periodic keeps a time, revision keeps a number of revisions. Default: periodic."""

    retention: Annotated[timedelta | int, WithJsonSchema(_RETENTION)] = setting(
        "1h", validate_default=True
    )
    """What is kept: a duration for periodic, a count for revision. Default: 1h."""

    @field_validator("retention", mode="before")
    @classmethod
    def _fits_mode(cls, value: Any, info: ValidationInfo) -> Any:
        if "mode" not in info.data:
            raise echo()
        if info.data["mode"] == "revision":
            if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                return value
            raise refuse("revision mode keeps a number of revisions", example=10000)
        return parse_duration(value)


class Cluster(Settings):
    """One etcd cluster."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Label = setting(example="prod")
    """Name of the cluster, a DNS label; part of the cluster token."""

    version: Annotated[
        str, BeforeValidator(check_version), Field(json_schema_extra={"pattern": VERSION_PATTERN})
    ] = setting(example=recommended())
    """etcd release that every member runs, such as 3.6.16."""

    throwaway: StrictBool = setting(default=False, example=True)
    """Whether the data may be lost: lifts protections, allows stand-in plugins. Default: false."""

    on_destroy: Literal["keep", "wipe"] = setting("keep")
    """What `pulumi destroy` does with data folders; wipe only with throwaway. Default: keep."""

    consumers: Mapping[Label, Consumer] = Field(
        {},
        examples=[["apiserver", "prometheus"], {"apiserver": {"organization": "system:masters"}}],
        validate_default=True,
    )
    """Who gets a client certificate: a list of names, or names with their subjects.
    `operator` always exists. Default: operator alone."""

    config_format: Literal["env", "yaml"] = setting("env")
    """How a member is configured: an environment file or a conf.yml. Default: env."""

    tuning: Literal["default", "pi", "wan"] = setting("default")
    """Raft timing as a profile: default (100/1000 ms), pi (slow disks, 500/5000 ms) or wan
    (round trips up to 300 ms, 300/3000 ms). Default: default."""

    heartbeat_ms: Annotated[Count, Field(ge=1, le=COUNT_MAX)] = Field(
        default_factory=lambda data: TUNING_PROFILES[data["tuning"]].heartbeat_ms, examples=[100]
    )
    """Time between the leader's heartbeats, in ms: about one round trip between members.
    Default: the tuning profile's."""

    election_ms: Annotated[Count, Field(ge=1, le=50000)] = Field(
        default_factory=lambda data: TUNING_PROFILES[data["tuning"]].election_ms, examples=[1000]
    )
    """Silence after which a follower calls an election, in ms: at least five heartbeats, better
    ten; 50000 at most. Default: the tuning profile's."""

    snapshot_count: Count = setting(10000, ge=1, le=COUNT_MAX)
    """Raft entries between two snapshots to disk. Default: 10000."""

    compaction: Compaction = setting(Compaction(), example={"mode": "periodic", "retention": "1h"})
    """How old revisions are dropped. Default: periodic, 1h."""

    maintenance: Maintenance = setting(Maintenance(), example={"defragment": "2026-11-26"})
    """What is done once to every running member, one after the other. Default: nothing."""

    kubernetes: Kubernetes | None = setting(None, example={"namespace": "etcd"})
    """Where the pods live; with transport kubernetes only. No default."""

    pki: Pki = setting(Pki(), example={"algorithm": "ecdsa-p384"})
    """Certificates. Default: self-made ECDSA P-256 authority, leaves of 365 days."""

    nodes: Mapping[Label, Node] = setting(example={"etcd1": {"address": "10.0.0.11"}}, min_length=1)
    """The members by name, seven at most. Changes go through them sorted by name, whatever their
    order in the file: the engine sorts its keys, as text."""

    @field_validator("nodes", mode="before")
    @classmethod
    def _empty_nodes(cls, value: Any) -> Any:
        """A pod needs no settings of its own: `etcd0:` and nothing more."""
        if not isinstance(value, dict):
            return value
        return {name: {} if body is None else body for name, body in value.items()}

    @field_validator("consumers", mode="before")
    @classmethod
    def _name_consumers(cls, value: Any) -> Any:
        """A list of names becomes a mapping, common names default to names, operator is added."""
        if isinstance(value, list):
            names = [name for name in value if isinstance(name, str)]
            if len(names) < len(value):
                raise refuse("is no list of names", example=names or ["apiserver"])
            if len(set(names)) < len(names):
                raise refuse("names a consumer twice", example=list(dict.fromkeys(names)))
            value = dict.fromkeys(names)
        if not isinstance(value, dict):
            return value
        named = {name: _named(name, body) for name, body in value.items()}
        return named if OPERATOR in named else {**named, OPERATOR: {"common_name": OPERATOR}}

    @property
    def in_kubernetes(self) -> bool:
        """Whether the members are pods; all are, or none is."""
        return all(node.in_pod for node in self.resolved_nodes())

    @property
    def consumer_names(self) -> tuple[str, ...]:
        """Who gets a client certificate, in the order of the file; operator is among them."""
        return tuple(self.consumers)

    def node(self, name: str) -> NodeSettings:
        """A node with every setting filled; KeyError for an unknown name."""
        return self._filled[name]

    def resolved_nodes(self) -> tuple[NodeSettings, ...]:
        """All nodes with every setting filled, in the order of changes."""
        return tuple(self._filled.values())

    @cached_property
    def _filled(self) -> Mapping[str, NodeSettings]:
        """Once only: each check asks for them, and each remedy runs all checks."""
        return {
            name: resolve(name, node, self, self.version, self.kubernetes)
            for name, node in self.nodes.items()
        }


def _named(name: object, body: Any) -> Any:
    # What is no name is refused as one, and not as a common name too.
    common_name = name if isinstance(name, str) and is_label(name) else OPERATOR
    if body is None:
        return {"common_name": common_name}
    return {"common_name": common_name, **body} if isinstance(body, dict) else body
