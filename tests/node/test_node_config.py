"""Configuration files, word for word. After an intended change: UPDATE_GOLDEN=1 pytest this file,
then read the difference before committing it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from components.machine.config import CONFIG_FORMATS
from components.machine.config.env import render_env
from components.machine.runtimes.supervisor import service_files
from components.member.flags import etcd_flags
from components.member.layout import layout_of
from tests.node.stack_files import PROJECT, first_member, record_of
from tests.support.shells import SHELLS

GOLDEN = Path(__file__).parent / "golden"
CASES = {
    "defaults": {},
    "everything": {
        "network": "fd00::",
        "metrics": {"scheme": "http", "port": 2381},
        "tuning": "pi",
        "compaction": {"mode": "revision", "retention": 1000},
        "quota_mib": 4096,
        "root": "/srv/with space/and 100/$(id)",
        "flags": {
            "cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
            "max-txn-ops": 256,
            "pre-vote": True,
            "distributed-tracing-service-name": "two words: #1",
        },
    },
}


def check(name: str, text: str) -> None:
    golden = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text(), f"{golden.name} differs; see the head of this file"


def rendered(config_format: str, **settings) -> str:
    member = first_member(config_format=config_format, **settings)
    flags = etcd_flags(member, record_of(member), "existing")
    return CONFIG_FORMATS[config_format].render(flags)


@pytest.mark.parametrize("config_format", CONFIG_FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_configuration_file(case, config_format):
    text = rendered(config_format, **CASES[case])
    check(f"{case}.{CONFIG_FORMATS[config_format].file}", text)


@pytest.mark.parametrize("case", CASES)
def test_supervisor_configuration(case):
    member = first_member(**CASES[case])
    conf = next(f for f in service_files(member) if f.path == "supervisord.conf")
    check(f"{case}.supervisord.conf", conf.content.decode())


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_reads_the_environment_file_as_it_was_meant(shell, tmp_path):
    text = rendered("env", **CASES["everything"])
    (tmp_path / "etcd.env").write_text(text)
    read = subprocess.run(
        [*shell.split(), "-c", f"set -a; . {tmp_path}/etcd.env; env -0"],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    assert "ETCD_DISTRIBUTED_TRACING_SERVICE_NAME=two words: #1" in read
    assert "ETCD_DATA_DIR=/srv/with space/and 100/$(id)/etcd1/data" in read
    assert "ETCD_MAX_TXN_OPS=256" in read
    assert "ETCD_PRE_VOTE=true" in read


@pytest.mark.parametrize("value", ["it's", "a\nb", "a\\b"])
def test_what_systemd_and_a_shell_read_differently_is_refused(value):
    with pytest.raises(ValueError, match="cannot stand in an environment file"):
        render_env({"name": value})


def test_conf_yml_has_tls_in_its_two_sections_and_lists_where_etcd_wants_them():
    document = yaml.safe_load(rendered("yaml", **CASES["everything"]))
    assert document["log-outputs"] == ["stderr"]
    assert document["cipher-suites"] == ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]
    assert document["listen-client-urls"] == "https://[fd00::1]:2379"
    assert document["client-transport-security"]["client-cert-auth"] is True
    assert document["peer-transport-security"]["client-cert-auth"] is True
    assert document["peer-transport-security"]["cert-file"].endswith("/etc/pki/peer.pem")
    assert not [name for name in document if "cert" in name or "key-file" in name]


def test_folders_of_a_node():
    member = first_member(root="nodes")
    assert layout_of(member.node, PROJECT).pki == Path("/srv/project/nodes/etcd1/etc/pki")
    elsewhere = first_member(root="/srv/etcd")
    assert elsewhere.layout.data == Path("/srv/etcd/etcd1/data")
