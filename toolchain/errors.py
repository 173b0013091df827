"""The one error of this package."""


class ToolchainError(Exception):
    """Set-up cannot go on. The text says what failed and what to do about it."""
