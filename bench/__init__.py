"""Measurements on this machine: `python -m bench NAME… | all`."""
