"""Values of a stack file: names, addresses, durations, versions, flags."""
