"""The engine, driven: its events, locks, and what a run that ended early has left."""
