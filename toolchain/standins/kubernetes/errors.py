"""Failures that the engine shows to a person."""

from __future__ import annotations

from typing import Any

NOT_FOUND = 404
FORBIDDEN = 403
CONFLICT = 409
SERVER_ERROR = 500


class KubernetesError(Exception):
    """The request failed; the message is what the engine shows."""


class ApiError(KubernetesError):
    """The API server refused."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class UnreachableError(KubernetesError):
    """No API server answered, or nothing says which one to ask."""

    def __init__(self, reason: object) -> None:
        super().__init__(f"configured Kubernetes cluster is unreachable: {reason}")


class NotReadyError(KubernetesError):
    """The object exists, but did not come to what it is for. `live` is it, as last seen."""

    def __init__(self, message: str, reasons: list[str], live: dict[str, Any]) -> None:
        super().__init__(message)
        self.reasons = reasons
        self.live = live


class InitFailedError(KubernetesError):
    """`NotReadyError` as the engine records it: it exists, and the next `up` tries again."""

    def __init__(
        self,
        message: str,
        reasons: list[str],
        resource_id: str,
        state: dict[str, Any],
        inputs: dict[str, Any],
    ) -> None:
        super().__init__(message)
        self.reasons = reasons
        self.id = resource_id
        self.state = state
        self.inputs = inputs
