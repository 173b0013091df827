"""A real cluster without TLS, whose members are started, stopped and asked one by one."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

from tests.model.answers import normal
from tests.node.machine import BINARIES

NAMES = [f"etcd{number}" for number in range(1, 6)]
HEARTBEAT_MS, ELECTION_MS = 20, 200
DIAL_MS, ASK_MS = 500, 1500
START_S = 8
# Without a quorum a member never serves.
WAITS_S = 1.5
# etcd counts a member as connected for a change of members once it has been so for five seconds.
SETTLED_S = 5.2


class RealCluster:
    """`network`: three bytes of loopback addresses; `version`: of every member that is started."""

    def __init__(self, folder: Path, network: str, version: str) -> None:
        self.version = version
        self.folder = folder
        self._network = network
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ids: dict[str, str] = {}
        folder.mkdir(parents=True)

    @property
    def minor(self) -> str:
        return self.version.rpartition(".")[0]

    # Its members.

    def start(
        self,
        name: str,
        there: Sequence[str] = NAMES[:3],
        *,
        state: str = "new",
        version: str = "",
    ) -> str:
        """serves, waits or ends. `there`: whom it is told of, if it has no data."""
        initial = ",".join(f"{other}={self._url(other, 2380)}" for other in there)
        words = [
            *(str(BINARIES / (version or self.version) / "etcd"), f"--name={name}"),
            f"--data-dir={self._data(name)}",
            f"--listen-peer-urls={self._url(name, 2380)}",
            f"--initial-advertise-peer-urls={self._url(name, 2380)}",
            f"--listen-client-urls={self._url(name, 2379)}",
            f"--advertise-client-urls={self._url(name, 2379)}",
            *(f"--initial-cluster={initial}", f"--initial-cluster-state={state}"),
            *(f"--heartbeat-interval={HEARTBEAT_MS}", f"--election-timeout={ELECTION_MS}"),
        ]
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(words, stdout=log, stderr=log)
        return self._outcome(name)

    def _outcome(self, name: str) -> str:
        process, begin_s = self._processes[name], time.monotonic()
        while (waited_s := time.monotonic() - begin_s) < START_S:
            if process.poll() is not None:
                return "ends"
            if self._serves(name):
                self._learn_ids(name)
                return "serves"
            if waited_s > WAITS_S and len(self._running()) == 1:
                return "waits"
            time.sleep(0.05)
        return "waits"

    def _running(self) -> list[str]:
        return [name for name, process in self._processes.items() if process.poll() is None]

    def _serves(self, name: str) -> bool:
        """It listens earlier, but answers nothing."""
        with contextlib.suppress(OSError), urlopen(self._url(name, 2379) + "/version", timeout=0.3):
            return True
        return False

    def stop(self, name: str) -> None:
        process = self._processes.pop(name)
        process.kill()
        process.wait()

    def lose(self, name: str) -> None:
        """Its data."""
        shutil.rmtree(self._data(name))

    def close(self) -> None:
        """Of no use afterwards: a member takes a hundred megabytes."""
        for name in list(self._processes):
            self.stop(name)
        shutil.rmtree(self.folder)

    # What it is asked.

    def ask(self, asked: str, words: str) -> str:
        """`words` are etcdctl's; {etcd1} is a member's id, {etcd1.peer} where it is."""
        said = [self._meant(word) for word in words.split()]
        done = self._run(asked.split(","), _spoken(said), timeout_ms=ASK_MS)
        if said[:2] in (["member", "add"], ["member", "update"]) and done.returncode == 0:
            self._learn_ids(asked)
        return normal(said, done.returncode, done.stdout + done.stderr, self._names())

    def settle(self) -> None:
        time.sleep(SETTLED_S)

    def lead(self, name: str) -> None:
        """Its leader is this one."""
        for other in self._running():
            if self.ask(other, "endpoint status Leader") == other != name:
                self.ask(other, f"move-leader {{{name}}}")

    def _run(
        self, asked: Sequence[str], words: Sequence[str], timeout_ms: int
    ) -> subprocess.CompletedProcess[str]:
        endpoints = ",".join(self._url(name, 2379) for name in asked)
        limits = [f"--dial-timeout={DIAL_MS}ms", f"--command-timeout={timeout_ms}ms"]
        return subprocess.run(
            [BINARIES / self.version / "etcdctl", f"--endpoints={endpoints}", *limits, *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    def _learn_ids(self, asked: str) -> None:
        """Of all that have ever been members, as this one tells its peers."""
        with urlopen(self._url(asked, 2380) + "/members", timeout=2) as answer:
            for member in json.load(answer):
                self._ids[self._name_at(member["peerURLs"][0])] = f"{member['id']:x}"

    def _meant(self, word: str) -> str:
        peers = {f"{{{name}.peer}}": self._url(name, 2380) for name in NAMES}
        ids = {f"{{{name}}}": found for name, found in self._ids.items()}
        for what, value in {**peers, **ids}.items():
            word = word.replace(what, value)
        return word

    def _names(self) -> dict[str, str]:
        hexadecimal = {found: name for name, found in self._ids.items()}
        decimal = {str(int(found, 16)): name for found, name in hexadecimal.items()}
        return {**hexadecimal, **decimal, **{self._url(name, 2380): name for name in NAMES}}

    def _name_at(self, url: str) -> str:
        return next(name for name in NAMES if self._url(name, 2380) == url)

    def _url(self, name: str, port: int) -> str:
        return f"http://{self._network}.{name[-1]}:{port}"

    def _data(self, name: str) -> Path:
        return self.folder / name


def _spoken(words: list[str]) -> list[str]:
    """As scripts say it: the field that is asked for is ours."""
    if words[:2] == ["endpoint", "status"]:
        return ["endpoint", "status", "--write-out=fields"]
    return words
