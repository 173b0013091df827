"""A cluster of pods. Manifests are pure functions; only `component` knows Pulumi."""
