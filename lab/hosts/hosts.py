"""The hosts of one user of a pool, under the names that the user gives them."""

from __future__ import annotations

from types import TracebackType

from lab.hosts.host import Host
from lab.hosts.pool import Pool
from lab.phases import phase


class Hosts:
    """Lends hosts from the pool; they go back at the end, with what was done to the network."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lent: list[Host] = []
        self.network = pool.network
        self.login_key = pool.login_key

    def __enter__(self) -> Hosts:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.heal()
        self._pool.give_back(self._lent)

    @phase("boot")
    def start(self, *names: str, image: str = "systemd", userland: str = "debian") -> list[Host]:
        """Hosts that are ready and clean, in the order of their names."""
        taken = {host.name for host in self._lent}.intersection(names)
        assert not taken, f"{taken} were started before"
        hosts = self._pool.lend(names, image, userland)
        self._lent += hosts
        return hosts

    def give_back(self, host: Host) -> None:
        """Before the others; it is off at once."""
        self._lent.remove(host)
        self._pool.give_back([host])

    def partition(self, host: Host, *others: Host, controller: bool = False) -> None:
        """Cuts the host off from the others, or from all if none is named; with `controller` from
        this machine too. Holds until `heal`, over reboots and power cycles."""
        interfaces = [other.interface for other in others]
        self.network.cut(host.interface, interfaces, controller=controller)

    def hide(self, host: Host) -> None:
        """Cuts the host off from this machine alone; the others reach it. Holds until `heal`."""
        self.network.hide(host.interface)

    def heal(self) -> None:
        """Ends all partitions. For a second or two a peer may still answer "no route"."""
        self.network.heal()
