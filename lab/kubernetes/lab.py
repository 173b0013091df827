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

from lab.hosts.keeper import Keeper
from lab.hosts.machine import Result
from lab.hosts.network import Network
from lab.kubernetes import images, programs, storage
from lab.kubernetes.addresses import Addresses
from lab.kubernetes.api import Api
from lab.kubernetes.control import Control
from lab.kubernetes.credentials import Credentials
from lab.kubernetes.daemons import tails
from lab.kubernetes.groups import Group
from lab.kubernetes.kubectl import Kubectl
from lab.kubernetes.node import Node
from lab.phases import phase
from toolchain.versions import DEV_ETCD

MOST_NODES = 8
MakeImage = Callable[[Path, str], tuple[str, Path]]


class Lab:
    """Made below `folder`, which is on a real disk; nothing is left of it, however it ends."""

    kubeconfig: Path
    """Of the administrator; the certificates are in it."""
    kubectl: Kubectl
    nodes: list[Node]

    def __init__(
        self, folder: Path, nodes: int = 3, kubernetes: Path = programs.KUBERNETES
    ) -> None:
        assert nodes <= MOST_NODES
        self._below, self._count, self._programs = folder, nodes, kubernetes
        self._keeper: Keeper | None = None
        self._control: Control | None = None
        self._images: dict[tuple[MakeImage, str], str] = {}
        self.nodes = []

    @phase("boot")
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
        if self._control:
            self._control.daemons.reap()
        for node in self.nodes:
            node.reap()

    @property
    def run(self) -> str:
        """The name of this run, which all has that it makes on this machine."""
        assert self._keeper, "the lab has not started"
        return self._keeper.run

    @property
    def control(self) -> Control:
        """The control plane."""
        assert self._control, "the lab has not started"
        return self._control

    @property
    def api(self) -> Api:
        """Its apiserver."""
        return self.control.api

    def etcd_image(self, version: str = DEV_ETCD) -> str:
        """The name of etcd's own image, which every node has from then on."""
        return self._imported(images.etcd_image, version)

    def client_image(self, version: str = DEV_ETCD) -> str:
        """The same for etcdctl and etcdutl with a shell."""
        return self._imported(images.client_image, version)

    def import_image(self, name: str, archive: Path) -> None:
        """For pods on every node that is on; see images.py for archives."""
        on = [node for node in self.nodes if node.is_on()]
        with ThreadPoolExecutor(max(1, len(on))) as pool:
            list(pool.map(lambda node: node.import_image(name, archive), on))

    def drain(self, node: Node, limit_s: int = 30) -> Result:
        """Asks its pods to go as budgets allow, and lets no other come before `uncordon`."""
        words = ("drain", node.name, "--delete-emptydir-data", f"--timeout={limit_s}s")
        return self.kubectl(*words, timeout_s=limit_s + 30)

    def uncordon(self, *nodes: Node) -> None:
        """Pods may come again."""
        self.kubectl("uncordon", *(node.name for node in nodes)).ok()

    def restore(self) -> None:
        """Every node on and open to pods."""
        for node in self.nodes:
            if not node.is_on():
                node.power_on()
        self.uncordon(*self.nodes)
        self.wait_ready()

    def wait_ready(self, *nodes: Node) -> None:
        """Until these, or all, have said that they are ready since they were switched on."""
        waited_for = nodes or tuple(self.nodes)
        self._until(lambda: all(self.is_ready(node) for node in waited_for), "nodes are not ready")

    def is_ready(self, node: Node) -> bool:
        """As the cluster knows it, and its kubelet answers the apiserver."""
        ready = self.api.conditions(node.name).get("Ready")
        if ready is None or ready["status"] != "True":
            return False
        if datetime.fromisoformat(ready["lastHeartbeatTime"]).timestamp() <= node.on_since:
            return False
        # The apiserver may still hold a connection to the kubelet of before, which refuses it.
        return self.api.get(f"/api/v1/nodes/{node.name}/proxy/healthz")[0] == 200

    def logs(self) -> str:
        """The end of what every program of the lab said."""
        return "\n".join([tails(self.control.daemons.folder), self._logs_of_nodes()])

    def _start(self) -> None:
        keeper = self._keeper = Keeper(self._below)
        self.network = Network()
        keeper.takes_away(self.network.bridge)
        self.folder = keeper.folder
        self.addresses = Addresses(self.network.subnet)
        self._route_to_pods()
        self.credentials = Credentials(self.folder / "credentials", self.addresses)
        self.kubeconfig = self.credentials.admin
        self.kubectl = Kubectl(self._programs / "kubectl", self.kubeconfig)
        group = Group(keeper.group / "control")
        self._control = Control(self.folder, group, self.addresses, self.credentials)
        self._control.start(self._programs)
        self._start_nodes(keeper)

    def _route_to_pods(self) -> None:
        """Goes with the bridge."""
        bridge = self.network.bridge
        steady = ("link", "set", bridge, "address", self.addresses.controller_hardware())
        subprocess.run(["ip", *steady], check=True)
        for number in range(self._count):
            pods, via = str(self.addresses.pods_of(number)), self.network.address(number)
            subprocess.run(["ip", "route", "add", pods, "via", via, "dev", bridge], check=True)

    def _start_nodes(self, keeper: Keeper) -> None:
        for number in range(self._count):
            self.nodes.append(self._make_node(f"node{number + 1}", number, keeper))
        with ThreadPoolExecutor(max(1, self._count)) as pool:
            list(pool.map(Node.power_on, self.nodes))
        self._import(images.pause_image(self.folder))
        self.kubectl("create", "-f", "-", stdin=storage.objects(n.name for n in self.nodes)).ok()
        self.control.wait_for_pods()
        self.wait_ready()

    def _imported(self, make: MakeImage, version: str) -> str:
        """Once: a node keeps it, also while it is off."""
        if (make, version) not in self._images:
            self._images[make, version] = self._import(make(self.folder, version))
        return self._images[make, version]

    def _import(self, image: tuple[str, Path]) -> str:
        name, archive = image
        self.import_image(name, archive)
        archive.unlink()
        return name

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
        self.control.until(done, problem, self._logs_of_nodes)

    def _logs_of_nodes(self) -> str:
        return "\n".join(node.logs() for node in self.nodes)
