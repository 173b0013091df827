"""A stack as it stands on disk: its file, its machines, its state's folder."""
