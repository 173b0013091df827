"""The authority on a real engine: what a rotation touches, and what the engine refuses."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.issued import stack_file

pytestmark = [pytest.mark.slow, pytest.mark.soak]

PROJECT = Path(__file__).resolve().parents[2]
TOOLCHAIN = PROJECT / ".toolchain"
PROJECT_FILE = f"""\
name: authority
runtime:
  name: python
  options: {{toolchain: pip, virtualenv: {TOOLCHAIN}/venv}}
"""
PROGRAM = f"""\
import json, sys
sys.path.insert(0, "{PROJECT}")
import pulumi
from components.pki.authority import Authority
from components.spec import load
with open("cluster.json") as file:
    authority = Authority("test", load(json.load(file)))
pulumi.export("bundle", authority.bundle)
pulumi.export("server", authority.nodes["etcd1"]["server"].certificate_pem)
"""


class Engine:
    """A project of its own with one stack, its state beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "state").mkdir()
        (folder / "Pulumi.yaml").write_text(PROJECT_FILE)
        (folder / "__main__.py").write_text(PROGRAM)
        self._done("stack", "init", "test")
        self._done("config", "set", "standins", "true")

    def up(self, **pki: Any) -> Mapping[str, int]:
        """Runs an `up` and gives its changes by kind."""
        self.describe(**pki)
        self._done("up", "--yes", "--skip-preview")
        history = json.loads(self._done("stack", "history", "--json").stdout)
        return history[0]["resourceChanges"]

    def describe(self, **pki: Any) -> None:
        spec = stack_file(pki=pki)
        (self.folder / "cluster.json").write_text(json.dumps(spec))

    def outputs(self) -> dict[str, str]:
        return json.loads(self._done("stack", "output", "--json").stdout)

    def state(self, *flags: str) -> str:
        return self._done("stack", "export", *flags).stdout

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        # Without what `.toolchain/env` says of the dev stack.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        environment = {
            **kept,
            "PATH": f"{TOOLCHAIN}/bin:{os.environ['PATH']}",
            "PULUMI_HOME": f"{TOOLCHAIN}/pulumi-home",
            "PULUMI_BACKEND_URL": f"file://{self.folder}/state",
            "PULUMI_CONFIG_PASSPHRASE": "public",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        return subprocess.run(
            ["pulumi", "--non-interactive", *args],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def _done(self, *args: str) -> subprocess.CompletedProcess[str]:
        result = self.run(*args)
        assert result.returncode == 0, result.stdout + result.stderr
        return result


@pytest.fixture
def engine(tmp_path) -> Engine:
    return Engine(tmp_path)


def test_a_rotation_replaces_the_leaf_certificates_and_nothing_else(engine):
    engine.up(signing=1, trusted=[1])
    first = engine.outputs()
    assert engine.up(signing=1, trusted=[1]) == {"same": 20}
    assert engine.up(signing=1, trusted=[1, 2]) == {"create": 2, "same": 20}
    assert engine.outputs()["server"] == first["server"]
    assert engine.up(signing=2, trusted=[1, 2]) == {"replace": 4, "same": 18}
    assert engine.outputs()["bundle"].startswith(first["bundle"])
    assert engine.outputs()["server"] != first["server"]
    assert engine.up(signing=2, trusted=[2]) == {"delete": 2, "same": 20}
    assert first["bundle"] not in engine.outputs()["bundle"]


def test_the_engine_refuses_to_drop_what_signs(engine):
    """In the preview, before anything is touched: a rotation that skips its middle, and destroy."""
    engine.up(signing=1, trusted=[1])
    engine.describe(signing=2, trusted=[2])
    for command in (["preview"], ["up", "--yes"], ["destroy", "--yes"]):
        refused = engine.run(*command)
        assert refused.returncode != 0
        assert "test-ca-1" in refused.stdout + refused.stderr
        assert "because it is protected" in refused.stdout + refused.stderr
    assert engine.up(signing=1, trusted=[1]) == {"same": 20}


def test_another_algorithm_replaces_leaves_and_leaves_the_root(engine):
    engine.up()
    before = engine.outputs()
    assert engine.up(algorithm="ecdsa-p384") == {"replace": 12, "same": 8}
    after = engine.outputs()
    assert after["bundle"] == before["bundle"]
    assert after["server"] != before["server"]


def test_no_private_key_is_readable_in_the_state(engine):
    engine.up(generations={1: {"intermediate": True}})
    assert "PRIVATE KEY" in engine.state("--show-secrets")
    assert "PRIVATE KEY" not in engine.state()
