"""The simulated etcd as a cluster that can be asked what a real one is asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.model import etcdctl
from tests.model.answers import normal
from tests.model.start import start
from tests.model.world import BOOT_S, CATCH_UP_S, SETTLED_S, World
from tests.spec.authorities import make

NAMES = [f"etcd{number}" for number in range(1, 6)]


class SimulatedCluster:
    """As RealCluster, of the same minor."""

    def __init__(self, folder: Path, version: str) -> None:
        self.version = version
        folder.mkdir()
        self.world = World(folder, NAMES)
        self._ids: dict[str, int] = {}
        for name in NAMES:
            etc = self.world.machines[name].root / "etc"
            pki = etc / "pki"
            for made in (pki, etc / "current"):
                made.mkdir(parents=True)
            for file in ("ca.pem", "peer.pem", "maintenance.pem"):
                (pki / file).write_text(_certificate())

    @property
    def minor(self) -> str:
        return self.version.rpartition(".")[0]

    def start(
        self,
        name: str,
        there: Sequence[str] = NAMES[:3],
        *,
        state: str = "new",
        version: str = "",
    ) -> str:
        machine = self.world.machines[name]
        link = machine.root / "etc" / "current" / "bin"
        link.unlink(missing_ok=True)
        link.symlink_to(f"/simulated/{version or self.version}")
        told = {
            "ETCD_NAME": name,
            "ETCD_LISTEN_PEER_URLS": _url(name, 2380),
            "ETCD_INITIAL_ADVERTISE_PEER_URLS": _url(name, 2380),
            "ETCD_ADVERTISE_CLIENT_URLS": _url(name, 2379),
            "ETCD_INITIAL_CLUSTER": ",".join(f"{other}={_url(other, 2380)}" for other in there),
            "ETCD_INITIAL_CLUSTER_STATE": state,
            "ETCD_INITIAL_CLUSTER_TOKEN": "token",
        }
        lines = [f"{key}='{value}'\n" for key, value in told.items()]
        (machine.root / "etc" / "etcd.env").write_text("".join(lines))
        start(self.world, machine)
        for _ in range(BOOT_S + CATCH_UP_S):
            if machine.process is None:
                return "ends"
            if machine.process.ready:
                return "serves"
            self.world.pass_time(1)
        return "waits"

    def stop(self, name: str) -> None:
        self.world.end(self.world.machines[name])

    def lose(self, name: str) -> None:
        member = self.world.machines[name].identity.parent
        for file in member.iterdir():
            file.unlink()
        member.rmdir()

    def close(self) -> None:
        pass

    def ask(self, asked: str, words: str) -> str:
        self._learn_ids()
        said = [self._meant(word) for word in words.split()]
        machine = self.world.machines[asked.split(",", maxsplit=1)[0]]
        pki = machine.root / "etc" / "pki"
        options = [
            "--endpoints=" + ",".join(_url(name, 2379) for name in asked.split(",")),
            f"--cacert={pki}/ca.pem",
            f"--cert={pki}/maintenance.pem",
        ]
        self.world.write()
        status, text = etcdctl.answer(self.world, machine, "", [*options, *said])
        self._learn_ids()
        return normal(said, status, text, self._names())

    def settle(self) -> None:
        self.world.pass_time(SETTLED_S)

    def lead(self, name: str) -> None:
        self.world.lead(self.world.machines[name])
        self.world.settle()

    def _learn_ids(self) -> None:
        for log in self.world.logs.values():
            for member_id, peer in log.config().items():
                self._ids[_name_at(peer.peer_url)] = member_id

    def _meant(self, word: str) -> str:
        peers = {f"{{{name}.peer}}": _url(name, 2380) for name in NAMES}
        ids = {f"{{{name}}}": f"{found:x}" for name, found in self._ids.items()}
        for what, value in {**peers, **ids}.items():
            word = word.replace(what, value)
        return word

    def _names(self) -> dict[str, str]:
        hexadecimal = {f"{found:x}": name for name, found in self._ids.items()}
        decimal = {f"{found}": name for name, found in self._ids.items()}
        return {**hexadecimal, **decimal, **{_url(name, 2380): name for name in NAMES}}


@cache
def _certificate() -> str:
    """Everybody's, and the authority that has signed it."""
    return make("everybody").pem


def _name_at(url: str) -> str:
    return next(name for name in NAMES if _url(name, 2380) == url)


def _url(name: str, port: int) -> str:
    return f"https://127.50.0.{name[-1]}:{port}"
