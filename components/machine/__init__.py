"""A member on a machine of its own or on this one: what is prepared there, and how etcd is run.

Everything up to the text and the standard input of a command is a pure function of the spec and the
certificates; only `commands.py`, `preparation.py`, `component.py` and `machines.py` know Pulumi.
"""
