"""A stand-in for Pulumi's tls provider plugin: private keys, certificate requests, certificates.

Read in this order: `schema` (the resources' properties), `resources` (`create` without any
plugin), `keys`, `requests`, `certificates` (the cryptography), `planning` and `checking` (what
the engine asks before it creates), `plugin` (the protocol). DIFFERENCES.md says what is not the
same as in the official plugin.
"""
