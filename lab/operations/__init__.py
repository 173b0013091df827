"""What can be done to a living cluster, and what it costs its clients."""
