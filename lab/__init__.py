"""What tests and measurements stand on: hosts, Kubernetes, network faults, the measuring client,
watchers, and the operations that are done to a living cluster."""
