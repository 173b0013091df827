"""Real hosts on this machine: a Debian each with its own init, sshd, disk and address."""
