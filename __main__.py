"""Reads the stack file, builds its cluster, exports what clients need."""

from pathlib import Path

import pulumi

from components import debug_log
from components.cluster import EtcdCluster
from components.spec import SpecError, load
from components.spec.stack_text import UnreadableError, config_keys

PROJECT = Path(__file__).parent
FILE = PROJECT / "stacks" / f"Pulumi.{pulumi.get_stack()}.yaml"

debug_log.silence()
try:
    spec = load(pulumi.Config().get_object("cluster"), config_keys(FILE))
    for warning in spec.warnings():
        pulumi.log.warn(warning)
    cluster = EtcdCluster(spec.name, spec, project=PROJECT)
except SpecError as error:
    raise pulumi.RunError(str(error)) from None
except UnreadableError as error:
    message = f"{FILE.relative_to(PROJECT)} cannot be read: {error}"
    raise pulumi.RunError(message) from None

for name, value in cluster.outputs.items():
    pulumi.export(name, value)
