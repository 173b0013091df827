"""Reads the stack file, builds its cluster, exports what clients need."""

from pathlib import Path

import pulumi

from components import debug_log
from components.cluster import EtcdCluster
from components.spec import SpecError, load

debug_log.silence()
try:
    spec = load(pulumi.Config().get_object("cluster"))
    for warning in spec.warnings():
        pulumi.log.warn(warning)
    cluster = EtcdCluster(spec.name, spec, project=Path(__file__).parent)
except SpecError as error:
    raise pulumi.RunError(str(error)) from None

for name, value in cluster.outputs.items():
    pulumi.export(name, value)
