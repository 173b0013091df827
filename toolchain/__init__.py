"""Gets the engine, its plugins and etcd for this project, into one git-ignored folder."""
