"""The file to source works in every shell, wherever the project lies."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from components.spec import load
from lab.needs import needs
from tests.support.toolchain_folder import program
from toolchain import env_file
from toolchain.layout import Layout

SHELLS = [["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"], ["zsh"]]


@pytest.fixture(params=["plain", "with a space", 'it\'s $HOME `x` "q"'])
def layout(request: pytest.FixtureRequest, tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / request.param)
    env_file.write(layout, stand_ins=True)
    program(layout.bin / "pulumi", "echo ours")
    return layout


@pytest.mark.parametrize(
    "shell", [pytest.param(shell, marks=needs(shell[0]), id=" ".join(shell)) for shell in SHELLS]
)
def test_sourced_by(shell: list[str], layout: Layout) -> None:
    values = sourced(shell, layout)
    pki = layout.project / ".dev" / "nodes" / "etcd1" / "etc" / "pki"
    assert values["PATH"].split(":")[0] == str(layout.bin)
    assert values["pulumi"] == "ours"
    assert values["PULUMI_HOME"] == str(layout.pulumi_home)
    assert values["PULUMI_STACK"] == "dev"
    assert values["PULUMI_CONFIG_PASSPHRASE_FILE"] == f"{layout.project}/stacks/dev.passphrase"
    assert values["ETCDCTL_ENDPOINTS"].split(",")[2] == "https://127.0.0.13:2379"
    assert values["ETCDCTL_CACERT"] == str(pki / "ca.pem")
    assert values["ETCDCTL_CERT"] == str(pki / "maintenance.pem")
    assert values["ETCDCTL_KEY"] == str(pki / "maintenance.key")


def test_another_stacks_settings_do_not_stay(layout: Layout) -> None:
    gone = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_SELF_MANAGED_STATE_GZIP", "PULUMI_K8S_CLIENT_QPS")
    outer = {**dict.fromkeys(gone, "theirs"), "PULUMI_BACKEND_URL": "s3://production"}
    mirror = {"PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES": "theirs"}
    values = sourced(["dash"], layout, {**outer, **mirror})
    assert not {*gone} & {*values}
    assert values["PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES"] == "theirs"
    assert values["PULUMI_BACKEND_URL"].startswith("file://")


@pytest.mark.parametrize("stand_ins", [True, False])
def test_the_engine_fetches_plugins_unless_they_are_stand_ins(
    tmp_path: Path, stand_ins: bool
) -> None:
    text = env_file.text(Layout(tmp_path), stand_ins=stand_ins)
    assert ("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION" in text) is stand_ins


@pytest.mark.parametrize("stand_ins", [True, False])
def test_the_part_for_any_stack_names_no_stack_and_all_that_the_engine_needs(
    tmp_path: Path, stand_ins: bool
) -> None:
    text = env_file.text(Layout(tmp_path), stand_ins=stand_ins)
    shared, _, dev = text.partition("# For the dev stack alone.")
    names = {"PATH", "PULUMI_HOME", "PULUMI_SKIP_UPDATE_CHECK"}
    fetching = {"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"} if stand_ins else set()
    assert set(re.findall(r"^export (\w+)", shared, re.MULTILINE)) == names | fetching
    assert {"PULUMI_BACKEND_URL", "PULUMI_STACK"} <= set(re.findall(r"export (\w+)", dev))


def sourced(
    shell: list[str], layout: Layout, outer: dict[str, str] | None = None
) -> dict[str, str]:
    """The environment after sourcing, and what `pulumi` then is."""
    script = '. "$1" && echo "pulumi=$(pulumi)" && env'
    answer = subprocess.run(
        [*shell, "-euc", script, "shell", str(layout.env)],
        env={"PATH": "/usr/bin:/bin", **(outer or {})},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stderr == ""
    return dict(line.split("=", 1) for line in answer.stdout.splitlines() if "=" in line)


def test_the_shell_is_for_the_members_of_the_dev_stack() -> None:
    file = Path(__file__).resolve().parents[2] / "stacks" / "Pulumi.dev.yaml"
    cluster = load(yaml.safe_load(file.read_text())["config"]["etcd-cluster:cluster"])
    nodes = cluster.resolved_nodes()
    assert ",".join(node.client_url for node in nodes) == env_file.DEV_ENDPOINTS
    assert nodes[0].name == env_file.DEV_FIRST_NODE
    assert nodes[0].root == ".dev/nodes"
