"""The command line for what takes more than the engine's own: `etcd-cluster COMMAND`."""
