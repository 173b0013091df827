"""The programs of the control plane, as processes of this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab.kubernetes.groups import Group

IN_GROUP = Path(__file__).with_name("in_group.sh")
END_LIMIT_S = 20
TAIL_LINES = 15


class Daemons:
    """Started and stopped by name. Each has a log of that name."""

    def __init__(self, folder: Path, group: Group) -> None:
        folder.mkdir()
        self.folder = folder
        self._group = group
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str]) -> None:
        """Returns at once."""
        assert not self.is_up(name), f"{name} runs"
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                ["sh", str(IN_GROUP), str(self._group.unified), *command],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, name: str) -> None:
        """As asked nicely; returns when it has ended."""
        process = self._running.pop(name)
        process.terminate()
        process.wait(END_LIMIT_S)

    def is_up(self, name: str) -> bool:
        """Whether it was started and has not ended."""
        return name in self._running and self._running[name].poll() is None

    def ended(self) -> list[str]:
        """Those that have ended, though nobody stopped them."""
        return [name for name in self._running if not self.is_up(name)]

    def log(self, name: str) -> Path:
        """All that it said."""
        return self.folder / f"{name}.log"

    def reap(self) -> None:
        """Waits for all, which somebody has killed."""
        for process in self._running.values():
            process.wait(END_LIMIT_S)
        self._running.clear()


def tails(folder: Path) -> str:
    """The end of every log of a folder."""
    return "\n".join(
        "\n".join([f"{path.name}:", *path.read_text(errors="replace").splitlines()[-TAIL_LINES:]])
        for path in sorted(folder.glob("*.log"))
    )
