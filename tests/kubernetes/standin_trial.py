"""A stack of a few objects on the stand-in for the kubernetes plugin and a real API server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lab.stack import Result
from tests.support import trial_project

PROGRAM = Path(__file__).with_name("standin_program.py").read_text()
TYPES = {
    kind: f"kubernetes:{group}:{kind}"
    for group, kinds in {
        "core/v1": ("Namespace", "Secret", "ConfigMap", "Service", "PersistentVolumeClaim"),
        "apps/v1": ("StatefulSet", "Deployment"),
        "policy/v1": ("PodDisruptionBudget",),
        "networking.k8s.io/v1": ("NetworkPolicy",),
    }.items()
    for kind in kinds
}


class StandinTrial:
    """`objects` are what the next run makes; tests change them in between."""

    def __init__(self, folder: Path, kubeconfig: Path, namespace: str) -> None:
        self._trial = trial_project.make(folder, PROGRAM)
        self._kubeconfig = kubeconfig
        self.namespace = namespace
        self.provider: dict[str, Any] = {"namespace": namespace, "enable_secret_mutable": True}
        self.objects: dict[str, dict[str, Any]] = {}
        self.said = ""
        """All that the engine ever printed."""

    def has(self, kind: str, name: str, *annotations: str, seconds: int = 0, **inputs: Any) -> None:
        """Add an object, or give it other inputs. Annotations without a `=` are `true`."""
        pairs = (text.partition("=") for text in annotations)
        metadata: dict[str, Any] = {"name": name}
        if annotations:
            metadata["annotations"] = {key: value or "true" for key, _, value in pairs}
        api_version = TYPES[kind].split(":")[1].removeprefix("core/")
        object_ = {"apiVersion": api_version, "kind": kind, "metadata": metadata, **inputs}
        made: dict[str, Any] = {"type": TYPES[kind], "inputs": object_}
        self.objects[f"{kind}-{name}"] = made | ({"seconds": seconds} if seconds else {})

    def run(self, *arguments: str) -> Result:
        """Run the engine to its end."""
        told = {"provider": self.provider, "objects": self.objects}
        told["kubeconfig"] = str(self._kubeconfig)
        (self._trial.folder / "objects.json").write_text(json.dumps(told))
        result = Result(*self._trial.run(*arguments, "--color=never"))
        self.said += result.output
        return result

    def preview(self, *arguments: str) -> Result:
        """With every changed property."""
        return self.run("preview", "--diff", *arguments)

    def up(self, *arguments: str) -> Result:
        """The same, without a preview first."""
        return self.run("up", "--yes", "--skip-preview", "--diff", *arguments)

    def refresh(self, *arguments: str) -> Result:
        """Without a preview first."""
        return self.run("refresh", "--yes", "--skip-preview", "--diff", *arguments)

    def destroy(self) -> Result:
        """Without a preview first."""
        return self.run("destroy", "--yes", "--skip-preview")

    def state(self) -> str:
        """As the backend has it."""
        return self._trial.run("stack", "export")[1]

    def exported(self) -> Any:
        """The same, read."""
        self.run("stack", "export", f"--file={self._file}").ok()
        return json.loads(self._file.read_text())

    def import_state(self, state: Any) -> None:
        """Goes on from another state."""
        self._file.write_text(json.dumps(state))
        self.run("stack", "import", f"--file={self._file}").ok()

    @property
    def _file(self) -> Path:
        return self._trial.folder / "state.json"
