"""What all members of a cluster share before there is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi import Output

from components.member.member import Founding
from components.pki.authority import Authority
from components.spec import Cluster


@dataclass(frozen=True)
class ClusterContext:
    """`stash` is the resource that remembers the founding: when it is deleted, the cluster goes as
    a whole. Relative folders of the spec count from `project`."""

    spec: Cluster
    project: Path
    authority: Authority
    founding: Output[Founding]
    stash: pulumi.Resource
