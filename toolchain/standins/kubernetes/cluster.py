"""The API server, through the dynamic client of the `kubernetes` package.

The package takes half a second to load, so it is loaded with the first request to a cluster.
"""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from toolchain.standins.kubernetes import kubeconfig
from toolchain.standins.kubernetes.errors import NOT_FOUND, ApiError, UnreachableError
from toolchain.standins.kubernetes.kinds import Kind
from toolchain.standins.kubernetes.objects import Object, items, name_of, namespace_of
from toolchain.standins.kubernetes.settings import Settings

TIMEOUT_S = (5, 60)  # to connect, to answer
_DELETE = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Foreground"}


class Cluster:
    """One cluster. Its methods raise ApiError and UnreachableError."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()

    @functools.cached_property
    def default_namespace(self) -> str:
        """Where objects go that name no namespace."""
        content = kubeconfig.content_of(self._settings.kubeconfig)
        return self._settings.namespace or kubeconfig.namespace(content, self._settings.context)

    def get(self, kind: Kind, namespace: str, name: str) -> Object | None:
        """The object, None if there is none."""
        try:
            found: Object = self._ask("get", kind, name=name, namespace=namespace)
        except ApiError as error:
            if error.status == NOT_FOUND:
                return None
            raise
        return found

    def list(self, kind: Kind, namespace: str, **selectors: str) -> list[Object]:
        """The objects that `label_selector` or `field_selector` chooses."""
        return items(self._ask("get", kind, namespace=namespace, **selectors), "items")

    def apply(
        self, kind: Kind, body: Object, *, manager: str, force: bool, dry_run: bool = False
    ) -> Object:
        """Make the object's fields so, on the server; what it then is, or would be."""
        applied: Object = self._ask(
            "server_side_apply",
            kind,
            body=body,
            name=name_of(body),
            namespace=namespace_of(body),
            field_manager=manager,
            force_conflicts="true" if force else "false",
            dry_run="All" if dry_run else None,
        )
        return applied

    def set_owners(self, kind: Kind, live: Object, owners: Sequence[Object]) -> None:
        """Say anew whose the object's fields are; its content stays."""
        self._ask(
            "patch",
            kind,
            body=[{"op": "replace", "path": "/metadata/managedFields", "value": owners}],
            name=name_of(live),
            namespace=namespace_of(live),
            content_type="application/json-patch+json",
        )

    def delete(self, kind: Kind, namespace: str, name: str) -> None:
        """Ask for the end of the object, after that of what it owns; it may take its time."""
        self._ask("delete", kind, name=name, namespace=namespace, body=_DELETE)

    def last_words(self, pod: Object, container: str, lines: int) -> str:
        """The end of what a container printed, in its last run if it does not run now."""
        path = f"/api/v1/namespaces/{namespace_of(pod)}/pods/{name_of(pod)}/log"
        query = [("container", container), ("tailLines", lines)]
        with _translated():
            return str(self._client.request("get", path, query_params=query, **_HOW))

    def _ask(self, what: str, kind: Kind, **arguments: Any) -> Any:
        from toolchain.standins.kubernetes.connecting import resource_of  # noqa: PLC0415

        with _translated():
            return getattr(self._client, what)(resource_of(kind), **arguments, **_HOW)

    @property
    def _client(self) -> Any:
        with self._lock:
            return self._connected

    @functools.cached_property
    def _connected(self) -> Any:
        from toolchain.standins.kubernetes.connecting import connected  # noqa: PLC0415

        return connected(self._settings)


@contextmanager
def _translated() -> Iterator[None]:
    """Turns the client's errors into ours."""
    from kubernetes.client.exceptions import ApiException  # noqa: PLC0415
    from kubernetes.config import ConfigException  # noqa: PLC0415
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    try:
        yield
    except ApiException as error:
        raise ApiError(error.status, _message(error)) from None
    except (HTTPError, ConfigException, OSError) as error:
        raise UnreachableError(error) from None


def _message(error: Any) -> str:
    """What the API server said; a proxy in between says it in its own form."""
    text = error.body.decode(errors="replace") if isinstance(error.body, bytes) else error.body
    try:
        return str(json.loads(text)["message"])
    except (KeyError, TypeError, ValueError):
        return f"{error.status} {error.reason}"


def _as_it_is(_client: Any, answer: Any) -> Any:
    return answer


_HOW: dict[str, Any] = {"serializer": _as_it_is, "_request_timeout": TIMEOUT_S}
