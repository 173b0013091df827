"""Hosts that something is wrong with, for as long as it is to be so."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.hosts.host import Host
from lab.stack import LAYOUT

ETCD = LAYOUT.etcd("3.6.16") / "etcd"


@contextmanager
def without(host: Host, *programs: str) -> Iterator[None]:
    """A host that does not have these programs."""
    for program in programs:
        host.inside(f"mv {program} {program}.away").ok()
    yield
    for program in programs:
        host.inside(f"mv {program}.away {program}").ok()


@contextmanager
def architecture(host: Host, name: str) -> Iterator[None]:
    """A host whose kernel says it runs on that."""
    uname = "/usr/local/bin/uname"
    host.inside(
        f"mkdir -p /usr/local/bin; printf '#!/bin/sh\\necho {name}\\n' >{uname}; chmod 755 {uname}"
    ).ok()
    yield
    host.inside(f"rm {uname}").ok()


@contextmanager
def clock_off(host: Host, days: int) -> Iterator[None]:
    """A host in another time."""
    host.skew_clock(days)
    yield
    host.inside("rm /usr/bin/date && mv /usr/lib/skewed/date /usr/bin/date").ok()


@contextmanager
def full(host: Host, folder: str) -> Iterator[None]:
    """A host without a free byte there."""
    host.fill(folder)
    yield
    host.drain(folder)


@contextmanager
def stranger(host: Host, port: int) -> Iterator[None]:
    """A host with another program behind that port."""
    listen = f"setsid busybox nc -l -p {port} </dev/null >/dev/null 2>&1 & echo $!"
    pid = host.inside(listen).ok().stdout.strip()
    yield
    host.inside(f"kill {pid}").ok()


@contextmanager
def account(host: Host, user: str, uid: int) -> Iterator[None]:
    """A host where that user is there already."""
    host.inside(f"useradd --uid {uid} --home-dir /var/lib/etcd --shell /bin/false {user}").ok()
    yield
    host.inside(f"userdel {user}").ok()


@contextmanager
def somebodys(host: Host, folder: str, source: Path) -> Iterator[None]:
    """A host with somebody's files in that folder; afterwards they are as they were, and gone."""
    place = host.files() / folder.lstrip("/")
    made = next(above for above in (place, *place.parents) if above.parent.exists())
    shutil.copytree(source, place)
    before = content(place)
    yield
    assert content(place) == before
    shutil.rmtree(made)


def content(folder: Path) -> dict[str, tuple[int, int, int, str]]:
    """Mode, owner, time of change and content of every file."""
    return {str(path.relative_to(folder)): _facts(path) for path in folder.rglob("*")}


def _facts(path: Path) -> tuple[int, int, int, str]:
    status = path.stat()
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return status.st_mode, status.st_uid, status.st_mtime_ns, digest


def data_of_another_cluster(folder: Path, peer_scheme: str) -> Path:
    """What an etcd has left that said its peers reach it by that scheme."""
    data = folder / f"{peer_scheme}-data"
    listen = f"unix://{folder}/{peer_scheme}"
    advertised = f"{peer_scheme}://127.0.0.1:2380"
    command = [
        *(str(ETCD), f"--data-dir={data}", f"--initial-cluster=default={advertised}"),
        *(f"--initial-advertise-peer-urls={advertised}", f"--listen-peer-urls={listen}-peer"),
        *(f"--listen-client-urls={listen}-client", "--advertise-client-urls=http://127.0.0.1:2379"),
    ]
    log = data.with_suffix(".log")
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out) as etcd:
        deadline = time.monotonic() + 20
        while "published local member" not in log.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        etcd.terminate()
    assert "published local member" in log.read_text()
    return data
