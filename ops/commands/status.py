"""`status`: every member as it is now, seen as a client sees it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from ops.cluster import pods
from ops.cluster.members import Member, all_healthy, members
from ops.cluster.members import as_json as members_as_json
from ops.cluster.probe import Access, Answers, ask
from ops.engine.pulumi import Engine, EngineError, says_no_stack
from ops.errors import OperationError
from ops.screen.terminal import console, say
from ops.screen.words import OPS
from ops.stack import backend
from ops.stack.keyfiles import private_files

_HEADINGS = ("member", "version", "role", "database", "raft index", "health", "certificate")
_NUMBERS = ("database", "raft index", "certificate")
_UNKNOWN = "-"


def status(engine: Engine, *, as_json: bool) -> bool:
    """Print it; True if all are healthy. Raises OperationError if the stack has no cluster."""
    outputs = _outputs(engine)
    rows = members(outputs["members"], _answers(outputs), time.time())
    if as_json:
        say(members_as_json(rows))
    else:
        console.print(table(rows))
        for row in rows:
            if row.reason:
                say(f"{row.name}: {row.reason}")
    return all_healthy(rows)


def _outputs(engine: Engine) -> dict[str, Any]:
    try:
        outputs = json.loads(engine.call("stack", "output", "--json", "--show-secrets"))
    except EngineError as error:
        missing = says_no_stack(str(error))
        raise OperationError(no_stack(engine.stack) if missing else str(error)) from error
    if "members" not in outputs:
        raise OperationError(no_cluster(engine.stack))
    return dict(outputs)


def no_stack(stack: str) -> str:
    """The dev stack's backend is known; that of any other one may be the wrong one."""
    if stack == "dev":
        return no_cluster(stack)
    return (
        f"no stack {stack} in {backend.shown()}; is PULUMI_BACKEND_URL right? "
        f"(`{OPS} up --stack {stack}` makes one)"
    )


def no_cluster(stack: str) -> str:
    command = "make up" if stack == "dev" else f"{OPS} up --stack {stack}"
    return f"stack {stack} has no cluster: `{command}` brings one up"


def _answers(outputs: Mapping[str, Any]) -> Answers:
    if "pods" in outputs:
        return pods.ask(outputs)
    operator = outputs["consumers"]["operator"]
    contents = {
        "ca.pem": outputs["ca_bundle"],
        "client.pem": operator["certificate"],
        "client.key": operator["key"],
    }
    urls = [member["client_url"] for member in outputs["members"].values()]
    with private_files(contents) as paths:
        return ask(urls, Access(paths["ca.pem"], paths["client.pem"], paths["client.key"]))


def table(rows: Sequence[Member]) -> Table:
    grid = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in _HEADINGS:
        grid.add_column(heading, justify="right" if heading in _NUMBERS else "left")
    for row in rows:
        grid.add_row(*cells(row), style=None if row.healthy else "red")
    return grid


def cells(row: Member) -> tuple[str, ...]:
    return (
        row.name,
        row.version or _UNKNOWN,
        row.role or _UNKNOWN,
        _UNKNOWN if row.database_bytes is None else size(row.database_bytes),
        _UNKNOWN if row.raft_index is None else str(row.raft_index),
        "healthy" if row.healthy else "NOT HEALTHY",
        _UNKNOWN if row.certificate_days is None else f"{row.certificate_days:.0f} days",
    )


def size(number: int) -> str:
    """`20 KiB`, `1.5 MiB`, `2.1 GiB`."""
    if number < 2**20:
        return f"{number / 2**10:.0f} KiB"
    if number < 2**30:
        return f"{number / 2**20:.1f} MiB"
    return f"{number / 2**30:.1f} GiB"
