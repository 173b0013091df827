"""What of etcdctl's answers scripts read, so that those of two clusters can be compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

# All are a cluster that cannot answer now, and scripts do not tell them apart.
WAITED = re.compile(
    r"context deadline exceeded|etcdserver: request timed out|etcdserver: no leader"
)


def normal(words: list[str], status: int, text: str, names: Mapping[str, str]) -> str:
    """`names`: what stands for member ids, in both of etcdctl's notations, and for peer URLs."""
    if status != 0:
        return f"refused: {_refusal(text)}"
    read = READ.get(" ".join(words[:2])) or READ.get(words[0])
    return read(words, text, names) if read else "done"


def _refusal(text: str) -> str:
    """etcd's own words, without its client's."""
    said = [line for line in text.splitlines() if line.startswith("Error: ")]
    last = (said or text.splitlines() or [""])[-1].removeprefix("Error: ")
    # Told of in the log of its attempts, before the deadline, which is its last word.
    if "connection refused" in text:
        return "connection refused"
    if WAITED.search(last):
        return "no answer in time"
    return re.sub(r"^.*desc = |^no leader endpoint given.*", _without_places, last)


def _without_places(found: re.Match[str]) -> str:
    return "no leader endpoint given" if found[0].startswith("no leader") else ""


def _list(_: list[str], text: str, names: Mapping[str, str]) -> str:
    lines = [line.split(", ") for line in text.splitlines() if re.match("[0-9a-f]+, ", line)]
    return ", ".join(sorted(_member(fields, names) for fields in lines))


def _member(fields: list[str], names: Mapping[str, str]) -> str:
    _, status, name, peer_url, client_url, learner = fields
    what = [names[peer_url], "learns" if learner == "true" else "votes"]
    if not client_url:
        what.append(f"is not there ({status}, {'named' if name else 'without a name'})")
    return " ".join(what)


def _status(words: list[str], text: str, names: Mapping[str, str]) -> str:
    """The field that is asked for; every endpoint's."""
    wanted = words[-1]
    found = re.findall(rf'^"{wanted}" : (.*)$', text, re.MULTILINE)
    if not found:
        return "not said"
    return " ".join(_value(wanted, value.strip('"'), names) or "none" for value in found)


def _value(field: str, value: str, names: Mapping[str, str]) -> str:
    if field in {"MemberID", "Leader"}:
        return names.get(value, "nobody" if value == "0" else value)
    value = re.sub(r"memberID:(\d+)", lambda found: f"{names[found[1]]}", value)
    return re.sub(" +", " ", value)


def _alarms(_: list[str], text: str, names: Mapping[str, str]) -> str:
    told = re.sub(r"memberID:(\d+)", lambda found: f"{names[found[1]]}", text)
    return ", ".join(sorted(told.split("\n"))).strip(", ") or "none"


READ: dict[str, Callable[[list[str], str, Mapping[str, str]], str]] = {
    "member list": _list,
    "endpoint status": _status,
    "alarm list": _alarms,
}
