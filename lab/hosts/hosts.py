"""The hosts of one test module, in a network of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from lab.hosts.host import Host, make_key
from lab.hosts.images import layers
from lab.hosts.keeper import Keeper
from lab.hosts.network import Network
from lab.phases import phase

EMULATED_BOOT_LIMIT_S = 180.0


class Hosts:
    """Makes hosts below `folder`, which is on a real disk, and leaves nothing of them."""

    def __init__(self, folder: Path) -> None:
        self._keeper = Keeper(folder)
        self.network = Network()
        self._keeper.takes_away(self.network.bridge)
        self.login_key = self._keeper.folder / "login"
        make_key(self.login_key)
        self._made: list[Host] = []

    def __enter__(self) -> Hosts:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._keeper.close()
        for host in self._made:
            host.reap()

    @phase("boot")
    def start(self, *names: str, image: str = "systemd", userland: str = "debian") -> list[Host]:
        """New hosts that are ready, in the order of their names."""
        layers(image, userland)  # built once, before the hosts come up side by side
        hosts = [self._make(name, image, userland) for name in names]
        for host in hosts:
            host.power_on()
        limit_s = EMULATED_BOOT_LIMIT_S if "arm64" in image else 60.0
        with ThreadPoolExecutor(max(1, len(hosts))) as pool:
            list(pool.map(lambda host: host.wait_ready(limit_s), hosts))
        return hosts

    def partition(self, host: Host, *others: Host, controller: bool = False) -> None:
        """Cuts the host off from the others, or from all if none is named; with `controller` from
        this machine too. Holds until `heal`, over reboots and power cycles."""
        interfaces = [other.interface for other in others]
        self.network.cut(host.interface, interfaces, controller=controller)

    def heal(self) -> None:
        """Ends all partitions. For a second or two a peer may still answer "no route"."""
        self.network.heal()

    def _make(self, name: str, image: str, userland: str) -> Host:
        assert name not in [host.name for host in self._made], f"{name} was made before"
        host = Host(
            name,
            image,
            userland,
            number=len(self._made),
            keeper=self._keeper,
            network=self.network,
            login_key=self.login_key,
        )
        self._made.append(host)
        return host
