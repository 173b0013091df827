"""As a kubelet does with a static pod of one container: runs the command of its manifest, anew when
the manifest has changed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import yaml


class Kubelet:
    """`programs` is the folder that stands for the image, `work` where its files and log may go."""

    def __init__(self, manifest: Path, programs: Path, work: Path) -> None:
        self.starts = 0
        self.log = work / "pod.log"
        self._manifest, self._programs = manifest, programs
        self._running: str | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def sync(self) -> None:
        """Makes what runs be what the manifest says."""
        text = self._manifest.read_text()
        if text == self._running:
            assert self._process is not None
            assert self._process.poll() is None, self.log.read_text()[-4000:]
            return
        self.stop()
        with self.log.open("ab") as log:
            command = _command(yaml.safe_load(text), self._programs)
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self._running = text
        self.starts += 1

    def stop(self) -> None:
        """Ends the pod."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)


def _command(pod: dict[str, Any], programs: Path) -> list[str]:
    """Its container's command with every mounted path as the one on the machine."""
    (container,) = pod["spec"]["containers"]
    (mount,), (volume,) = container["volumeMounts"], pod["spec"]["volumes"]
    inside, outside = mount["mountPath"], volume["hostPath"]["path"]
    program, *flags = container["command"]
    return [
        str(programs / program),
        *(flag.replace(f"={inside}/", f"={outside}/") for flag in flags),
    ]
