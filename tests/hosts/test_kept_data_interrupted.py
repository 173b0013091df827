"""Who leaves and returns, is destroyed and comes up again, with data that is kept: each `up` and
each `destroy` is killed in the middle, and the next one goes on to the end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from lab.client.beside import binary
from lab.client.client import Client
from lab.hosts.bad_input import content
from lab.hosts.cluster import run_of
from lab.hosts.cut_off import scripts
from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.machine import BOOT_LIMIT_S, until
from lab.interruptions import LOG, UP, begin, kill_controller_after, seeded_chance
from lab.operations import changes
from lab.stack import TIMEOUT_S, EtcdStack, Result
from tests.hosts.kept import (
    DATA,
    Kept,
    assert_settled,
    kept_cluster,
    kept_folders,
    leave_and_return,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.soak,
    *(
        pytest.mark.promise(name, "hosts")
        for name in ("resumable", "data-kept", "removed-data-kept")
    ),
]

# What is killed how long after the engine begins with which command of the victim, by what is
# going on. It is one of them, by chance: each run of soak has another seed.
MOMENTS: dict[str, Sequence[tuple[str, float]]] = {
    "leave": [("leave", 3), ("prepare", 1)],
    "return": [("prepare", 0.8), ("apply", 6)],
    "destroy": [("prepare", 1)],
    "up": [("prepare", 0.8), ("apply", 1.5)],
    "upgrade": [("prepare", 0.8), ("apply", 3)],
    "defragment": [("apply", 2)],
}
FEWEST_WRITES = 100
WRITES_PER_S = 50


def controller(stack: EtcdStack, _: Host, engine: subprocess.Popen[str], delay_s: float) -> None:
    """The engine's machine dies; a person sees to it that the next run may begin. What it has begun
    on the victim goes on there."""
    if kill_controller_after(engine, delay_s):
        stack.run("cancel", "--yes").ok()


def power(_: EtcdStack, victim: Host, engine: subprocess.Popen[str], delay_s: float) -> None:
    """The victim's power fails, and comes back. systemd has not booted before etcd has a quorum,
    which there may be none of any more: that sshd answers is enough."""
    _read(engine, delay_s)
    victim.power_off()
    victim.power_on()
    until(victim.answers, BOOT_LIMIT_S, lambda: f"no answer\n{victim.console()}")
    engine.communicate(timeout=TIMEOUT_S)


def script(_: EtcdStack, victim: Host, engine: subprocess.Popen[str], delay_s: float) -> None:
    """What runs on the victim by our hand is killed; its etcd lives or not, as it did."""
    until(
        lambda: bool(scripts(victim)) or engine.poll() is not None,
        TIMEOUT_S,
        lambda: "no script began",
    )
    _read(engine, delay_s)
    for pid in scripts(victim):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    engine.communicate(timeout=TIMEOUT_S)


def _read(engine: subprocess.Popen[str], seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        engine.communicate(timeout=seconds)


KILLS: Sequence[Callable[[EtcdStack, Host, subprocess.Popen[str], float], None]]
KILLS = (controller, power, script)


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Another for each test, also when it is run alone."""
    return random.Random(f"{seeded_chance().random()} {request.node.name}")


@pytest.fixture(scope="module")
def cluster(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with kept_cluster(hosts, tmp_path_factory.mktemp("kept")) as cluster:
        yield cluster


@pytest.fixture(params=["o1", "s2"])
def victim(cluster: Kept, request: pytest.FixtureRequest) -> Host:
    """With OpenRC and busybox, or systemd. Others have a part in what is killed, too."""
    return next(host for host in cluster.leaving if host.name == request.param)


@pytest.fixture
def killed(cluster: Kept, victim: Host, chance: random.Random) -> Callable[[str], Result]:
    """Runs the engine for what is named, kills it, and runs it again."""
    return partial(_killed, cluster, victim, chance)


def _killed(cluster: Kept, victim: Host, chance: random.Random, what: str) -> Result:
    command = cluster.stack.destroying if what == "destroy" else UP
    action, within_s = chance.choice(MOMENTS[what])
    kill, delay_s = chance.choice(KILLS), chance.uniform(0, within_s)
    LOG.warning("%s: %s dies %.2f s into %s-%s", what, kill.__name__, delay_s, victim.name, action)
    engine = begin(command, cluster.stack, f"t-{victim.name}-{action}")
    kill(cluster.stack, victim, engine, delay_s)
    return cluster.stack.run(*command).ok()


@contextmanager
def losing_nothing(cluster: Kept) -> Iterator[Client]:
    """A client writes all the while, and in the end every write that was acknowledged is there."""
    folder = cluster.stack.folder / "client"
    client = Client(binary(), folder, cluster.stack.outputs(), rate=WRITES_PER_S)
    try:
        yield client
        report = client.report()
    finally:
        client.stop()
    LOG.warning("%s", report)
    assert report["lost"] == 0
    assert report["acknowledged"] > FEWEST_WRITES


def test_who_leaves_comes_back(cluster: Kept, killed: Callable[[str], Result]) -> None:
    with losing_nothing(cluster):
        leave_and_return(cluster, killed)


def test_who_leaves_after_an_upgrade_comes_back(
    cluster: Kept, killed: Callable[[str], Result]
) -> None:
    with losing_nothing(cluster):
        cluster.upgrade()
        killed("upgrade")
        leave_and_return(cluster, killed)


def test_who_leaves_after_a_defragmentation_comes_back(
    cluster: Kept, killed: Callable[[str], Result]
) -> None:
    with losing_nothing(cluster):
        cluster.stack.change(**changes.defragment(cluster.stack.spec))
        killed("defragment")
        leave_and_return(cluster, killed)


def test_who_is_destroyed_comes_up_again(cluster: Kept, killed: Callable[[str], Result]) -> None:
    """With the data that was kept, when it is put back; then as a new cluster beside it."""
    cluster.etcdctl("put", "kept", "a value")
    with losing_nothing(cluster) as client:
        for host, folder in destroyed(cluster, killed).items():
            host.inside(f"mv -T {folder} {DATA}").ok()
        killed("up")
        client.follow(cluster.stack.outputs())
        cluster.stack.client_files()  # issued anew
        cluster.wait_healthy()
    assert cluster.etcdctl("get", "kept", "--print-value-only") == "a value\n"
    assert_settled(cluster)
    kept = destroyed(cluster, killed)
    before = {host.name: content(within(host, folder)) for host, folder in kept.items()}
    killed("up")
    cluster.stack.client_files()
    assert cluster.etcdctl("get", "kept") == ""
    assert_settled(cluster)
    assert {h.name: content(within(h, folder)) for h, folder in kept.items()} == before


def destroyed(cluster: Kept, killed: Callable[[str], Result]) -> dict[Host, str]:
    """Nobody runs any more, and each one's data is kept in a folder."""
    before = kept_folders(cluster.hosts)
    killed("destroy")
    assert [run_of(host) for host in cluster.hosts] == [(0, 0)] * len(cluster.hosts)
    after = kept_folders(cluster.hosts)
    new = {host: after[host.name] - before[host.name] for host in cluster.hosts}
    assert {len(folders) for folders in new.values()} == {1}, new
    return {host: folder for host, (folder,) in new.items()}


def within(host: Host, path: str) -> Path:
    return host.files() / path.lstrip("/")
