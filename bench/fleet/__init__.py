"""Many machines in one stack, to measure what the controller alone costs.

They do not exist. The stack is created with a command plugin in whose hands every command succeeds
at once; what is measured afterwards runs with the plugins that a person has, and dials nobody.
"""
