"""The one error of this package."""


class TlsError(Exception):
    """What the plugin answers in place of a result. Its text never holds key material."""
