"""What real members have left: how a data folder that was made over http is told from others."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from lab.loopback import own_port
from tests.node.machine import BINARIES
from tests.node.test_data import everything
from tests.support.issued import issued
from tests.support.preparation import run_step
from tests.support.tls_etcd import tls_member
from tests.support.usual import mostly_in_soak
from toolchain.versions import DEV_ETCD

pytestmark = pytest.mark.slow


@pytest.fixture
def check(shell, tmp_path):
    """The step's check on a node with that data folder."""

    def run(data: Path):
        settings = {"cluster": "prod", "data_dir": str(data)}
        return run_step(shell, "data", "check", settings, folder=tmp_path)

    return run


VERSIONS = sorted(path.parent.name for path in BINARIES.glob("*/etcd"))


@pytest.fixture(scope="module", params=mostly_in_soak(VERSIONS, {DEV_ETCD}))
def http_data(request, tmp_path_factory):
    """What a real member that was founded over http has left."""
    binary = BINARIES / request.param / "etcd"
    folder = tmp_path_factory.mktemp("http")
    run_over_http(binary, folder / "data")
    return folder / "data"


def run_over_http(binary: Path, data: Path) -> None:
    """Until it serves clients."""
    client, peer = (f"http://127.0.0.1:{own_port()}" for _ in range(2))
    urls = {"client": client, "peer": peer}
    listen = [f"--listen-{kind}-urls={url}" for kind, url in urls.items()]
    command = [
        *(str(binary), "--name=e", f"--data-dir={data}", f"--initial-cluster=e={peer}", *listen),
        *(f"--advertise-client-urls={client}", f"--initial-advertise-peer-urls={peer}"),
    ]
    log = data.with_suffix(".log")
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out) as etcd:
        deadline = time.monotonic() + 20
        while "serving client" not in log.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        etcd.terminate()
    assert "serving client" in log.read_text()


def test_data_made_over_http_is_refused_with_the_remedy(check, http_data):
    before = everything(http_data)
    check(http_data).failed("was made over http", "etcdctl snapshot save", "restore the snap")
    assert everything(http_data) == before


def test_data_made_over_https_is_somebody_elses_only(check, tmp_path):
    pki = issued("modern", "ecdsa-p256").write(tmp_path / "pki")
    with tls_member(tmp_path, pki, gateway_certificate=True):
        pass
    check(tmp_path / "data").failed("that this stack did not make")


@pytest.mark.parametrize("kept", ["snap/db", "wal"])
def test_database_and_log_each_tell_it(check, tmp_path, http_data, kept):
    part = tmp_path / "part"
    source = http_data / "member" / kept
    target = part / "member" / kept
    target.parent.mkdir(parents=True)
    (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    check(part).failed("was made over http")
