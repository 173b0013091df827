"""Both forms of the configuration in the eyes of real etcds: what it says at its start is what was
asked for. (etcd passes over keys in conf.yml that it does not know, so that it starts shows
nothing.)"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.needs import needs
from tests.node.conftest import new_machine
from tests.node.machine import BINARIES, Machine, Shell
from tests.support.usual import mostly_in_soak
from toolchain.versions import DEV_ETCD

pytestmark = pytest.mark.slow

# Folders <version> with etcd binaries; all versions of the toolchain, or of another folder.
VERSIONS = Path(os.environ.get("ETCD_VERSIONS", BINARIES))
SETTINGS: dict[str, Any] = {
    "install": {"directory": str(VERSIONS)},
    "heartbeat_ms": 70,
    "election_ms": 700,
    "snapshot_count": 4321,
    "quota_mib": 100,
    "max_request_kib": 2048,
    "compaction": {"mode": "revision", "retention": 1234},
    "metrics": {"port": 2381},
    "flags": {
        "max-txn-ops": 77,
        "pre-vote": False,
        "cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    },
}


@pytest.fixture(
    params=mostly_in_soak(sorted(path.name for path in VERSIONS.glob("*.*.*")), {DEV_ETCD})
)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Machine]:
    """One node with the commands of this machine."""
    venv = Path(sys.executable).parent
    shell = Shell("sh", f"{venv}:{os.environ['PATH']}", "/bin/sh")
    with new_machine(tmp_path, shell, nodes=1) as machine:
        yield machine


def told(machine: Machine) -> dict[str, Any]:
    """etcd's own list of its settings, from the log of its start."""
    log = (machine.root("etcd1") / "log" / "etcd.log").read_text().splitlines()
    lines = [json.loads(line) for line in log if line.startswith("{")]
    (start,) = [line for line in lines if line["msg"] == "starting an etcd server"]
    return dict(start)


@pytest.mark.parametrize("config_format", mostly_in_soak(["env", "yaml"], ["yaml"]))
def test_etcd_takes_what_it_is_given(node, version, config_format):
    plan = node.plan(**SETTINGS, version=version, config_format=config_format)
    node.up("create", plan)["health"].ok()
    start = told(node)
    url = f"https://{node.address('etcd1')}"
    expected = {
        "etcd-version": version,
        "name": "etcd1",
        "data-dir": str(node.root("etcd1") / "data"),
        "heartbeat-interval": "70ms",
        "election-timeout": "700ms",
        "snapshot-count": 4321,
        "quota-backend-bytes": 104857600,
        "max-request-bytes": 2097152,
        "auto-compaction-mode": "revision",
        "auto-compaction-retention": "1.234µs",
        "pre-vote": False,
        "listen-peer-urls": [f"{url}:2380"],
        "listen-client-urls": [f"{url}:2379"],
        "advertise-client-urls": [f"{url}:2379"],
        "initial-advertise-peer-urls": [f"{url}:2380"],
        "listen-metrics-urls": [f"http://{node.address('etcd1')}:2381"],
        "initial-cluster": f"etcd1={url}:2380",
        "initial-cluster-state": "new",
        "initial-cluster-token": "etcd-cluster-t",
    }
    assert {name: start.get(name) for name in expected} == expected


@pytest.mark.parametrize("config_format", mostly_in_soak(["env", "yaml"], ["yaml"]))
def test_the_first_start_reads_new_and_every_other_existing(node, version, config_format):
    plan = node.plan(install=SETTINGS["install"], version=version, config_format=config_format)
    node.up("create", plan)["health"].ok()
    configuration = {"env": "etcd.env", "yaml": "conf.yml"}[config_format]
    text = (node.root("etcd1") / "etc" / configuration).read_text()
    assert "existing" in text
    assert node.up("update", plan)["etcd1-apply"].ok().output == "etcd1: unchanged\n"


@needs("openssl")
@pytest.mark.parametrize("config_format", mostly_in_soak(["env", "yaml"], ["yaml"]))
def test_etcd_serves_no_other_cipher_and_nobody_without_a_certificate(node, version, config_format):
    plan = node.plan(**SETTINGS, version=version, config_format=config_format)
    node.up("create", plan)["health"].ok()
    pki = node.root("etcd1") / "etc" / "pki"

    def handshake(*options: str) -> str:
        address = f"{node.address('etcd1')}:2379"
        command = ["openssl", "s_client", "-connect", address, "-CAfile", pki / "ca.pem", *options]
        done = subprocess.run(command, input="", capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    own = ("-tls1_2", "-cert", str(pki / "maintenance.pem"), "-key", str(pki / "maintenance.key"))
    assert "ECDHE-ECDSA-AES128-GCM-SHA256" in handshake(*own)
    assert "handshake failure" in handshake(*own, "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384")
    assert "SSL alert number" in handshake("-tls1_2"), "nobody without a certificate"
