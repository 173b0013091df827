"""Changes of a cluster on hosts that are cut off midway, and what has to be true afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lab.hosts.cluster import ClusterOnHosts, run_of
from lab.hosts.host import Host
from lab.hosts.machine import until
from lab.interruptions import LOG, kill_controller
from lab.operations.changes import FLAG, FLAG_DEFAULT, flag

FLAGS: dict[str, Any] = {FLAG: FLAG_DEFAULT}  # what the cluster begins with


def ask_for_a_restart(cluster: ClusterOnHosts) -> None:
    """Changes the stack file so that every member has to restart."""
    cluster.stack.change(**flag(cluster.stack.spec))


def die_in_up(cluster: ClusterOnHosts, engine: subprocess.Popen[str], delay_s: float) -> None:
    """The controller dies; a person sees to it that the next `up` may begin."""
    LOG.warning("SIGKILL %.2f s later", delay_s)
    time.sleep(delay_s)
    kill_controller(engine)
    cluster.stack.run("cancel", "--yes").ok()


def assert_whole(cluster: ClusterOnHosts) -> None:
    """Every member is healthy and runs what the stack file says; nothing is left to do, and
    nothing is left of the interruption."""
    runs = cluster.runs()
    cluster.stack.up("--expect-no-changes").ok()
    assert cluster.runs() == runs
    cluster.wait_healthy()
    wanted = f"ETCD_MAX_TXN_OPS={cluster.stack.spec['flags'][FLAG]}\0"
    for host in cluster.hosts:
        assert wanted in Path(f"/proc/{run_of(host)[0]}/environ").read_text()
        left = "ls -d /var/lib/etcd-cluster/work /etc/etcd/generations/*.new"
        assert host.inside(left).stdout == ""


def scripts(host: Host) -> list[int]:
    """The shells that bring a member to its desired state, with what they have started."""
    found = []
    for pid in host.pids():
        with suppress(OSError):  # it may end meanwhile
            if "/work/scripts/main.sh" in Path(f"/proc/{pid}/cmdline").read_text():
                found.append(pid)
    return found


def wait_for_script(host: Host) -> None:
    """Until it is at work: the engine is not about to connect any more."""
    until(lambda: bool(scripts(host)), 20, lambda: f"no script began on {host.name}")


@contextmanager
def stopped(pids: Sequence[int]) -> Iterator[None]:
    """Processes that hold what they hold, and do nothing."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
