"""Asks a lab's apiserver without starting a program."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any

from lab.kubernetes.addresses import API_PORT, Addresses
from lab.kubernetes.credentials import Credentials

ANSWER_LIMIT_S = 10


class Api:
    """Speaks as the administrator."""

    def __init__(
        self, addresses: Addresses, credentials: Credentials, port: int = API_PORT
    ) -> None:
        self._address, self._port = addresses.controller, port
        self._context = ssl.create_default_context(cafile=credentials["ca.pem"])
        self._context.load_cert_chain(credentials["admin.pem"], credentials["admin.key"])

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; status 0 and the reason when nobody answers."""
        return self._ask("GET", path, None)

    def post(self, path: str, document: Mapping[str, Any]) -> tuple[int, str]:
        """The same of a new object."""
        return self._ask("POST", path, json.dumps(document))

    def is_ready(self) -> bool:
        """Whether it serves, with all that it starts with."""
        return self.get("/readyz")[0] == 200

    def has(self, path: str) -> bool:
        """Whether there is such an object."""
        return self.get(path)[0] == 200

    def read(self, path: str) -> Mapping[str, Any]:
        """An object or a list that is there."""
        status, body = self.get(path)
        assert status == 200, f"{path}: {status} {body}"
        answer: Mapping[str, Any] = json.loads(body)
        return answer

    def conditions(self, node: str) -> Mapping[str, Mapping[str, str]]:
        """What a node says about itself, by kind; nothing of a node that is not known."""
        status, body = self.get(f"/api/v1/nodes/{node}")
        if status != 200:
            return {}
        return conditions_of(json.loads(body))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        connection = http.client.HTTPSConnection(
            self._address, self._port, timeout=ANSWER_LIMIT_S, context=self._context
        )
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)
        finally:
            connection.close()


def conditions_of(live: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    """What an object says about itself, by kind."""
    return {each["type"]: each for each in live["status"].get("conditions", [])}
