"""A place for hosts, lent to one user after the other: a network, a folder and a login key.

A host is made anew for each user. Three take as long to boot and as much of the processor (0.4 s
each) on a disk that is reset to a snapshot as on an empty one, which is simpler and surely clean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from lab.hosts.host import Host, make_key
from lab.hosts.images import layers
from lab.hosts.keeper import Keeper
from lab.hosts.machine import BOOT_LIMIT_S
from lab.hosts.network import Network

EMULATED_BOOT_LIMIT_S = 180.0


class Pool:
    """Makes hosts below `folder`, which is on a real disk, and leaves nothing of them."""

    def __init__(self, folder: Path) -> None:
        self._keeper = Keeper(folder)
        self.network = Network()
        self._keeper.takes_away(self.network.bridge)
        self.login_key = self._keeper.folder / "login"
        make_key(self.login_key)
        self._places: list[Host | None] = []  # by number, which gives an address

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """All hosts off, and nothing of them left."""
        self._keeper.close()
        for host in self._places:
            if host:
                host.reap()

    def lend(self, names: Sequence[str], image: str, userland: str) -> list[Host]:
        """Hosts that are ready, in the order of their names."""
        layers(image, userland)  # built once, before the hosts come up side by side
        hosts = [self._make(name, image, userland) for name in names]
        for host in hosts:
            host.power_on()
        limit_s = EMULATED_BOOT_LIMIT_S if "arm64" in image else BOOT_LIMIT_S
        with ThreadPoolExecutor(max(1, len(hosts))) as threads:
            list(threads.map(lambda host: host.wait_ready(limit_s), hosts))
        return hosts

    def give_back(self, hosts: Iterable[Host]) -> None:
        """Off, and nothing of them left; another host may have the place."""
        hosts = [*hosts]
        with ThreadPoolExecutor(max(1, len(hosts))) as threads:
            list(threads.map(Host.remove, hosts))
        self._places = [None if place in hosts else place for place in self._places]

    def _make(self, name: str, image: str, userland: str) -> Host:
        if None not in self._places:
            self._places.append(None)
        number = self._places.index(None)
        host = Host(
            name,
            image,
            userland,
            number=number,
            keeper=self._keeper,
            network=self.network,
            login_key=self.login_key,
        )
        self._places[number] = host
        return host
