"""From the text of a stack file to a cluster, or to a report of everything wrong."""
