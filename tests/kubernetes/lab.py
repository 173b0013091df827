"""A real Kubernetes cluster on this machine: control plane, nodes and a name server.

The control plane has processes of this machine at the lab's .1, each node namespaces of its own.
Pods and nodes are reached from this machine by their addresses, services only from nodes and pods.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import TracebackType

from tests.hosts.keeper import Keeper
from tests.hosts.machine import Result, until
from tests.hosts.network import Network
from tests.kubernetes import control_plane, programs
from tests.kubernetes.addresses import Addresses
from tests.kubernetes.api import Api
from tests.kubernetes.credentials import Credentials
from tests.kubernetes.daemons import Daemons, tails
from tests.kubernetes.groups import Group
from tests.kubernetes.images import pause_image
from tests.kubernetes.node import Node

START_LIMIT_S = 90
MOST_NODES = 8
DEFAULT_ACCOUNT = "/api/v1/namespaces/default/serviceaccounts/default"
AUTHORITY_FOR_PODS = "/api/v1/namespaces/default/configmaps/kube-root-ca.crt"


class Lab:
    """Made below `folder`, which is on a real disk; nothing is left of it, however it ends."""

    kubeconfig: Path
    """Of the administrator; the certificates are in it."""
    nodes: list[Node]

    def __init__(
        self, folder: Path, nodes: int = 3, kubernetes: Path = programs.KUBERNETES
    ) -> None:
        assert nodes <= MOST_NODES
        self._below, self._count, self._programs = folder, nodes, kubernetes
        self._keeper: Keeper | None = None
        self._daemons: Daemons | None = None
        self.nodes = []

    def __enter__(self) -> Lab:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """All off, and nothing of it left."""
        if self._keeper:
            self._keeper.close()
        if self._daemons:
            self._daemons.reap()
        for node in self.nodes:
            node.reap()

    @property
    def run(self) -> str:
        """The name of this run, which all has that it makes on this machine."""
        assert self._keeper, "the lab has not started"
        return self._keeper.run

    @property
    def daemons(self) -> Daemons:
        """The control plane's programs: `etcd`, `kube-apiserver` and so on, by name."""
        assert self._daemons, "the lab has not started"
        return self._daemons

    def kubectl(self, *words: str, stdin: str | None = None, timeout_s: float = 60) -> Result:
        """As the administrator."""
        done = subprocess.run(
            [self._programs / "kubectl", f"--kubeconfig={self.kubeconfig}", *words],
            # It keeps what the server can do in a folder of its caller's.
            env={"HOME": str(self.kubeconfig.parent)},
            input=stdin or "",
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def import_image(self, name: str, archive: Path) -> None:
        """For pods on every node that is on; see images.py for archives."""
        on = [node for node in self.nodes if node.is_on()]
        with ThreadPoolExecutor(max(1, len(on))) as pool:
            list(pool.map(lambda node: node.import_image(name, archive), on))

    def cut(self, node: Node, *others: Node, controller: bool = True) -> None:
        """No packet passes between the node with its pods and the others, or all if none is named;
        nor, with `controller`, to and from the control plane and this machine."""
        self.network.cut(node.interface, [each.interface for each in others], controller=controller)

    def heal(self) -> None:
        """Everybody reaches everybody again."""
        self.network.heal()

    def wait_ready(self, *nodes: Node) -> None:
        """Until these, or all, have said that they are ready since they were switched on."""
        waited_for = nodes or tuple(self.nodes)
        self._until(lambda: all(self.is_ready(node) for node in waited_for), "nodes are not ready")

    def wait_not_ready(self, node: Node) -> None:
        """Until the cluster has noticed that a node is off or cut off."""
        self._until(lambda: not self.is_ready(node), f"{node.name} is still ready")

    def is_ready(self, node: Node) -> bool:
        """As the cluster knows it."""
        ready = self.api.conditions(node.name).get("Ready")
        if ready is None or ready["status"] != "True":
            return False
        return datetime.fromisoformat(ready["lastHeartbeatTime"]).timestamp() > node.on_since

    def logs(self) -> str:
        """The end of what every program of the lab said."""
        return "\n".join([tails(self.daemons.folder), *(node.logs() for node in self.nodes)])

    def _start(self) -> None:
        keeper = self._keeper = Keeper(self._below)
        self.network = Network()
        keeper.takes_away(self.network.bridge)
        self.folder = keeper.folder
        self.addresses = Addresses(self.network.subnet)
        self._route_to_pods()
        self.credentials = Credentials(self.folder / "credentials", self.addresses)
        self.kubeconfig = self.credentials.admin
        self.api = Api(self.addresses, self.credentials)
        self._daemons = Daemons(self.folder / "control", Group(keeper.group / "control"))
        self._start_control_plane()
        self._start_nodes(keeper)

    def _route_to_pods(self) -> None:
        """Goes with the bridge."""
        bridge = self.network.bridge
        steady = ("link", "set", bridge, "address", self.addresses.controller_hardware())
        subprocess.run(["ip", *steady], check=True)
        for number in range(self._count):
            pods, via = str(self.addresses.pods_of(number)), self.network.address(number)
            subprocess.run(["ip", "route", "add", pods, "via", via, "dev", bridge], check=True)

    def _start_control_plane(self) -> None:
        addresses, secrets, built = self.addresses, self.credentials, self._programs
        data, corefile = self.folder / "etcd", self.folder / "Corefile"
        corefile.write_text(control_plane.corefile(addresses, secrets))
        start = self.daemons.start
        start("etcd", control_plane.etcd(programs.etcd(), data, addresses, secrets))
        own = control_plane.own_etcd(addresses, secrets)
        start("kube-apiserver", control_plane.apiserver(built, addresses, secrets, own))
        self._until(self.api.is_ready, "the apiserver is not ready")
        manager = control_plane.controller_manager(built, secrets)
        start("kube-controller-manager", manager)
        start("kube-scheduler", control_plane.scheduler(built, secrets))
        start("coredns", control_plane.coredns(built, corefile))

    def _start_nodes(self, keeper: Keeper) -> None:
        for number in range(self._count):
            self.nodes.append(self._make_node(f"node{number + 1}", number, keeper))
        with ThreadPoolExecutor(max(1, self._count)) as pool:
            list(pool.map(Node.power_on, self.nodes))
        self.import_image(*pause_image(self.folder))
        self._until(lambda: self.api.has(DEFAULT_ACCOUNT), "no default service account")
        self._until(lambda: self.api.has(AUTHORITY_FOR_PODS), "no authority for pods")
        self.wait_ready()

    def _make_node(self, name: str, number: int, keeper: Keeper) -> Node:
        return Node(
            name,
            number=number,
            of=self._count,
            keeper=keeper,
            network=self.network,
            credentials=self.credentials,
            programs=self._programs,
        )

    def _until(self, done: Callable[[], bool], problem: str) -> None:
        """Waits for it while all programs live."""

        def look() -> bool:
            ended = self.daemons.ended()
            assert not ended, f"{' and '.join(ended)} ended\n{self.logs()}"
            return done()

        until(look, START_LIMIT_S, lambda: f"{problem}\n{self.logs()}")
