"""What is seen of a cluster: its members, asked."""
