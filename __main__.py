"""Reads the stack file, builds its cluster, exports what clients need."""

from pathlib import Path

import pulumi

from components import debug_log
from components.cluster import EtcdCluster
from components.ending import end_at_interruption, refuse
from components.environment import forget_configuration
from components.spec import SpecError, load, warnings_of
from components.spec.reading.stack_text import UnreadableError, config_at

PROJECT = Path(__file__).parent
FILE = PROJECT / "stacks" / f"Pulumi.{pulumi.get_stack()}.yaml"

debug_log.silence()
end_at_interruption()
forget_configuration()
try:
    spec = load(pulumi.Config().get_object("cluster"), config_at(FILE))
    for warning in warnings_of(spec):
        pulumi.log.warn(warning)
    cluster = EtcdCluster(spec.name, spec, project=PROJECT)
except SpecError as error:
    refuse(str(error))
except UnreadableError as error:
    refuse(f"{FILE.relative_to(PROJECT)} cannot be read: {error}")

for name, value in cluster.outputs.items():
    pulumi.export(name, value)
