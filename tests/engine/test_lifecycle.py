"""From nothing to a cluster, and away without a trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.stack import EtcdStack

pytestmark = [pytest.mark.slow, pytest.mark.soak]


@pytest.mark.promise("outputs-suffice", "dev")
def test_outputs_alone_reach_a_cluster_and_a_wiped_one_leaves_nothing(running: EtcdStack) -> None:
    running.etcdctl("put", "greeting", "hello", consumer="apiserver")
    assert running.etcdctl("get", "greeting") == "greeting\nhello\n"
    health = json.loads(running.etcdctl("endpoint", "health", "--write-out=json"))
    assert [endpoint["health"] for endpoint in health] == [True, True, True]
    members = running.etcdctl("member", "list")
    assert sorted(line.split(", ")[2] for line in members.splitlines()) == [
        "etcd1",
        "etcd2",
        "etcd3",
    ]
    pids = running.pids().values()
    running.change(throwaway=True, on_destroy="wipe").up().ok()
    running.destroy().ok()
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert list((running.folder / ".dev").iterdir()) == []
