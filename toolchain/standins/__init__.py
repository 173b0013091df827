"""Programs that answer as Pulumi's official plugins do, for machines that cannot download those."""
