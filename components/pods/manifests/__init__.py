"""The objects of a cluster of pods: pure functions from the spec to what Kubernetes gets."""
