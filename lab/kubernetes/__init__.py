"""A real Kubernetes cluster on this machine: control plane, nodes, and what runs on them."""
