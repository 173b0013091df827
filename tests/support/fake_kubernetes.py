"""A small Kubernetes API server on the loopback: it keeps objects, and nothing acts on them.

What a controller would do is said by the test: `becomes` gives the statuses that an object shows
one after the other, each at one look at it.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

Object = dict[str, Any]
# What the stand-in asks for by selectors.
LISTED = ("/pods", "/events", "/endpointslices")


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


class FakeKubernetes:
    """The server's objects by path, and how it misbehaves."""

    def __init__(self) -> None:
        self.objects: dict[str, Object] = {"/api/v1/namespaces/default": {"kind": "Namespace"}}
        self.asked: list[Asked] = []
        self.statuses: dict[str, list[Object]] = {}
        self.looks_until_gone: dict[str, int] = {}
        self.refusals: dict[tuple[str, str], tuple[int, str]] = {}
        self.conflicting: set[str] = set()
        self.logs: dict[str, str] = {}
        self.address = ""
        self._count = 0

    @property
    def kubeconfig(self) -> str:
        return json.dumps(
            {
                "clusters": [{"name": "c", "cluster": {"server": self.address}}],
                "users": [{"name": "u", "user": {"token": "t"}}],
                "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
                "current-context": "x",
            }
        )

    def becomes(self, path: str, *statuses: Object) -> None:
        """The object's statuses, one at each look; the last one stays."""
        self.statuses[path] = list(statuses)

    def add(self, path: str, value: Object) -> None:
        """An object that somebody else has made."""
        name = path.rpartition("/")[2]
        metadata = {"name": name, "uid": f"uid-{name}", **value.get("metadata", {})}
        self.objects[path] = {**value, "metadata": metadata}

    def methods(self, path: str) -> list[str]:
        """How the path was asked for."""
        return [asked.method for asked in self.asked if asked.path == path]

    def answer(self, asked: Asked) -> tuple[int, Any]:
        self.asked.append(asked)
        if refusal := self.refusals.get((asked.method, asked.path)):
            return failure(*refusal)
        if asked.path.endswith("/log"):
            return 200, self.logs.get(asked.path.split("/")[-2], "")
        return getattr(self, f"_{asked.method.lower()}")(asked)

    def _get(self, asked: Asked) -> tuple[int, Any]:
        path = asked.path
        if path.endswith(LISTED):
            return 200, {"kind": "List", "items": self._chosen(asked)}
        self._pass_time(path)
        if path not in self.objects:
            return not_found(path)
        return 200, self.objects[path]

    def _pass_time(self, path: str) -> None:
        if path in self.objects and (left := self.statuses.get(path)):
            self.objects[path]["status"] = left.pop(0) if len(left) > 1 else left[0]
        looks = self.looks_until_gone.get(path)
        if looks is not None and "deletionTimestamp" in self.objects[path]["metadata"]:
            self.looks_until_gone[path] = looks - 1
            if looks <= 0:
                del self.objects[path], self.looks_until_gone[path]

    def _chosen(self, asked: Asked) -> list[Object]:
        def at(value: Any, place: str) -> Any:
            for part in place.split("."):
                value = value.get(part, {})
            return value

        chosen = []
        for path, value in self.objects.items():
            labels = value.get("metadata", {}).get("labels", {})
            by_label = _pairs(asked.query.get("labelSelector", ""))
            by_field = _pairs(asked.query.get("fieldSelector", ""))
            if (
                path.rpartition("/")[0] == asked.path
                and all(labels.get(key) == want for key, want in by_label)
                and all(at(value, key) == want for key, want in by_field)
            ):
                chosen.append(value)
        return chosen

    def _patch(self, asked: Asked) -> tuple[int, Any]:
        path = asked.path
        if isinstance(asked.body, list):  # a JSON patch
            (change,) = asked.body
            assert (change["op"], change["path"]) == ("replace", "/metadata/managedFields")
            self.objects[path]["metadata"]["managedFields"] = change["value"]
            return 200, self.objects[path]
        namespace = path.rpartition("/")[0].rpartition("/")[0]
        if "/namespaces/" in path and namespace.rpartition("/")[0].endswith("/namespaces"):
            name = namespace.rpartition("/")[2]
            if f"/api/v1/namespaces/{name}" not in self.objects:
                return failure(404, f'namespaces "{name}" not found')
        if path in self.conflicting and asked.query.get("force") != "true":
            return failure(409, 'conflict with "kubectl": .spec.replicas')
        applied = self._applied(path, asked.body)
        if asked.query.get("dryRun") != "All":
            self.objects[path] = applied
        return 200, applied

    def _applied(self, path: str, body: Object) -> Object:
        self._count += 1
        old = self.objects.get(path, {})
        metadata = {
            "uid": f"uid-{self._count}",
            "creationTimestamp": "2026-01-01T00:00:00Z",
            **old.get("metadata", {}),
            **body["metadata"],
            "resourceVersion": str(self._count),
            "generation": old.get("metadata", {}).get("generation", 0) + 1,
        }
        applied = {**body, "metadata": metadata, "status": old.get("status", {})}
        if body["kind"] == "Secret":
            texts = applied.pop("stringData", {})
            encoded = {k: base64.b64encode(v.encode()).decode() for k, v in texts.items()}
            applied["data"] = {**applied.get("data", {}), **encoded}
        if body["kind"] == "Service":
            applied["spec"] = {"clusterIP": "10.0.0.1", **body.get("spec", {})}
        return applied

    def _delete(self, asked: Asked) -> tuple[int, Any]:
        if asked.path not in self.objects:
            return not_found(asked.path)
        if asked.path in self.looks_until_gone:
            self.objects[asked.path]["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
            return 200, self.objects[asked.path]
        return 200, self.objects.pop(asked.path)


def failure(status: int, message: str) -> tuple[int, Any]:
    return status, {"kind": "Status", "message": message, "code": status}


def not_found(path: str) -> tuple[int, Any]:
    plural, name = path.split("/")[-2:]
    return failure(404, f'{plural} "{name}" not found')


def _pairs(selector: str) -> list[list[str]]:
    return [pair.split("=", 1) for pair in selector.split(",") if pair]


@contextmanager
def running(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[FakeKubernetes]:
    """The server while the block runs."""
    fake = FakeKubernetes()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer: a second one would wait for the first one's receipt

        def _handle(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, parts.path, query, json.loads(body) if body else None)
            status, answer = fake.answer(asked)
            data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PATCH = do_POST = do_DELETE = _handle  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    fake.address = f"{'https' if tls else 'http'}://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
