"""A Pulumi project of its own in a temporary folder, on the toolchain's engine and stand-ins."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from toolchain.layout import Layout

LAYOUT = Layout(Path(__file__).resolve().parents[2])
NAME = "trial"
STACK = "t"
TIMEOUT_S = 60
MARKED = f"config:\n  {NAME}:standins: true\n"


@dataclass(frozen=True)
class Trial:
    """One project with one stack."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What `.toolchain/env` sets, for this project's stack; nothing else of Pulumi's."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PULUMI_")}
        return kept | {
            "PATH": f"{LAYOUT.bin}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(LAYOUT.pulumi_home),
            "PULUMI_BACKEND_URL": f"file://{self.folder}/state",
            "PULUMI_STACK": STACK,
            "PULUMI_CONFIG_PASSPHRASE": "trial",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }

    @property
    def stack_file(self) -> Path:
        """The stack's configuration."""
        return self.folder / "stacks" / f"Pulumi.{STACK}.yaml"

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the engine; both of its outputs come as one."""
        return subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run the engine to its end: exit status and everything it printed."""
        process = self.start(*arguments)
        output, _ = process.communicate(timeout=TIMEOUT_S)
        return process.returncode, output


def make(folder: Path, program: str, *, configuration: str = MARKED) -> Trial:
    """Write the project and create its stack."""
    trial = Trial(folder)
    trial.stack_file.parent.mkdir(parents=True)
    (folder / "state").mkdir()
    (folder / "Pulumi.yaml").write_text(
        f"name: {NAME}\n"
        f"runtime: {{name: python, options: {{virtualenv: '{LAYOUT.venv}'}}}}\n"
        "stackConfigDir: stacks\n"
    )
    (folder / "__main__.py").write_text(program)
    status, output = trial.run("stack", "init", STACK)
    assert status == 0, output
    with trial.stack_file.open("a") as file:
        file.write(configuration)
    return trial
