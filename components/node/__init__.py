"""One etcd member on one machine: what it should look like, and the commands that make it so.

Everything up to the text and the standard input of those commands is a pure function of the spec
and the certificates; only `component.py` and `transports/` know Pulumi.
"""
