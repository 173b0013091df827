"""What the controller does itself so that a node gets its binaries."""
