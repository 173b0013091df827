"""What all members of a cluster share before there is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi import Output

from components.member.member import BootstrapRecord
from components.pki.authority import Authority
from components.spec import Cluster


@dataclass(frozen=True)
class ClusterContext:
    """`stash` is the resource that keeps the bootstrap record: when it is deleted, the whole
    cluster is. Relative folders of the spec count from `project`."""

    spec: Cluster
    project: Path
    authority: Authority
    bootstrap_record: Output[BootstrapRecord]
    stash: pulumi.Resource
