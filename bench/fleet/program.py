"""The program of a fleet: the stack file's cluster, `copies` times, each on machines of its own."""

from pathlib import Path
from typing import Any

import pulumi

from components import debug_log
from components.cluster import EtcdCluster
from components.spec import load

debug_log.silence()
template = pulumi.Config().require_object("cluster")


def copy_of(cluster: dict[str, Any], number: int) -> dict[str, Any]:
    """The same cluster under another name, in a network of its own."""
    nodes = {
        name: {**node, "address": f"198.19.{number}.{place}"}
        for place, (name, node) in enumerate(cluster["nodes"].items(), start=1)
    }
    return {**cluster, "name": f"{cluster['name']}{number}", "nodes": nodes}


for number in range(template.pop("copies")):
    spec = load(copy_of(template, number))
    made = EtcdCluster(spec.name, spec, project=Path(__file__).parent)
    pulumi.export(spec.name, made.outputs)
