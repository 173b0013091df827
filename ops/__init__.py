"""The command line for what takes more than the engine's own: `python -m ops COMMAND`."""
