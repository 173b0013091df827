"""What a member is, wherever it runs: its flags, credentials and files, the commands that reach it,
and the scripts of its membership."""
