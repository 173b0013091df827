"""A node: containerd, kubelet and kube-proxy in namespaces of their own, with a power switch."""

from __future__ import annotations

import math
import shutil
import subprocess
import time
from pathlib import Path

from lab.hosts.keeper import Keeper
from lab.hosts.machine import PATH, Result, until
from lab.hosts.network import Network
from lab.kubernetes import node_files, storage
from lab.kubernetes.addresses import Addresses
from lab.kubernetes.credentials import Credentials
from lab.kubernetes.daemons import IN_GROUP, tails
from lab.kubernetes.groups import Group

INIT = Path(__file__).with_name("node.sh")
SPACES = ("--mount", "--net", "--pid", "--uts", "--ipc")
ENTERED = ("--mount", "--net", "--uts", "--ipc")
BOOT_LIMIT_S = 60
# What containerd's part for Kubernetes puts on an image that it knows.
TOLD = '"io.cri-containerd.image"==managed'
CTR = ("ctr", "--address=/run/containerd/containerd.sock", "--namespace=k8s.io")


class Node:
    """One node. What its programs write to files outlives a power cycle."""

    def __init__(
        self,
        name: str,
        *,
        number: int,
        of: int,
        keeper: Keeper,
        network: Network,
        credentials: Credentials,
        programs: Path,
    ) -> None:
        self.name, self._number, self._programs = name, number, programs
        self._network, self._addresses = network, Addresses(network.subnet)
        self.address = network.address(number)
        machine = f"{keeper.run}{number:02}"
        self.interface = f"vb-{machine}"  # which the keeper takes away
        self._folder = keeper.folder / "hosts" / machine
        self._group = Group(keeper.group / machine)
        self._process: subprocess.Popen[bytes] | None = None
        self.on_since = 0.0
        volumes = [f"disk/lib/volumes/{number}" for number in range(storage.VOLUMES)]
        for folder in ("disk/log", "config", *volumes):
            (self._folder / folder).mkdir(parents=True)
        self._write_config(credentials, of)

    def is_on(self) -> bool:
        """Whether it has power, and its init lives."""
        return self._process is not None and self._process.poll() is None

    def power_on(self) -> None:
        """Returns when containerd answers; see `Lab.wait_ready` for the rest."""
        assert not self.is_on(), f"{self.name} is on"
        assert not self._group.pids(), f"{self.name} is off and has processes"
        # Conditions have whole seconds: one of a former life is not to be taken for one of this.
        self.on_since = math.floor(time.time())
        with (self._folder / "disk/log/console.log").open("ab") as console:
            self._process = subprocess.Popen(
                self._boot_command(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=console,
                start_new_session=True,
            )
        assert self._process.stdout
        with self._process.stdout as said:
            assert said.readline() == b"ready\n", self.logs()
        self._plug_in()
        until(self._answers, BOOT_LIMIT_S, self.logs)

    def power_off(self) -> None:
        """At once, as by the switch; what was written to files stays."""
        self._group.kill()
        self.reap()
        # With open sockets it outlives its node by a minute.
        _ip("link", "delete", self.interface, may_fail=True)

    def reap(self) -> None:
        """Waits for what is about to end."""
        if self._process is not None:
            self._process.wait(BOOT_LIMIT_S)
        self._process = None

    def run(self, *command: str, timeout_s: float = 60) -> Result:
        """What a program of this machine answers among the node's addresses, files and services."""
        done = subprocess.run(
            [*self._enter(), "env", "-i", f"PATH={PATH}", "HOME=/root", *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def among(self) -> list[str]:
        """What a command begins with that is to be among the node's addresses, names and services;
        it becomes the command."""
        starter = self._process.pid if self._process else 0
        return ["nsenter", f"--target={starter}", *ENTERED, "--"]

    def import_image(self, name: str, archive: Path) -> None:
        """From an archive that has the image of this name."""
        self.run(*CTR, "images", "import", str(archive), timeout_s=BOOT_LIMIT_S).ok()
        # A pod that comes before kubelets are told of it tries a download, and waits after that.
        told = ("images", "list", f"name=={name},labels.{TOLD}")
        until(
            lambda: name in self.run(*CTR, *told).ok().stdout,
            BOOT_LIMIT_S,
            lambda: f"{archive} brought no {name}: {self.run(*CTR, 'images', 'list').stdout}",
        )

    def logs(self) -> str:
        """The end of what each of its programs said."""
        return f"{self.name}\n{tails(self._folder / 'disk/log')}"

    def _boot_command(self) -> list[str]:
        apart = ["unshare", *SPACES, "--propagation=private", "--fork", "--kill-child", "--"]
        init = ["sh", str(INIT), str(self._folder), self.name, self.address, str(self._programs)]
        pods = str(self._addresses.pods)
        return ["sh", str(IN_GROUP), str(self._group.unified), *apart, *init, pods]

    def _plug_in(self) -> None:
        """A cable from the lab's bridge to the node."""
        assert self._process
        hardware = self._addresses.hardware(self._number)
        peer = ("peer", "name", "eth0", "address", hardware, "netns", str(self._process.pid))
        _ip("link", "add", self.interface, "type", "veth", *peer)
        _ip("link", "set", self.interface, "master", self._network.bridge, "up")

    def _answers(self) -> bool:
        assert self.is_on(), self.logs()
        return self.run(*CTR, "version").status == 0

    def _enter(self) -> list[str]:
        assert self._process, f"{self.name} is off"
        starter = self._process.pid  # in all the node's namespaces but that of its child's number
        numbers = f"--pid=/proc/{starter}/ns/pid_for_children"
        return ["nsenter", f"--target={starter}", *ENTERED, numbers, "--"]

    def _write_config(self, credentials: Credentials, of: int) -> None:
        config = self._folder / "config"
        ours = self._addresses.pods_of(self._number)
        server = self._addresses.controller
        authority = credentials["ca.pem"]
        texts = {
            "containerd.toml": node_files.containerd(config),
            "cni/lab.conflist": node_files.cni(ours),
            "kubelet.json": node_files.kubelet(config, authority, self._group.name, server),
            "resolv.conf": f"nameserver {server}\n",
            "routes": self._routes(of),
            **node_files.kernel(),
        }
        node_files.write(config, texts)
        own = credentials.kubeconfig(self.name, f"system:node:{self.name}", "system:nodes")
        shutil.copyfile(own, config / "kubelet.kubeconfig")
        shutil.copyfile(credentials["kube-proxy.kubeconfig"], config / "kube-proxy.kubeconfig")

    def _routes(self, of: int) -> str:
        """Without a route to them a node's own calls of services would not even start."""
        others = [
            f"route add {self._addresses.pods_of(number)} via {self._network.address(number)}"
            for number in range(of)
            if number != self._number
        ]
        return "\n".join([f"route add default via {self._addresses.controller}", *others, ""])


def _ip(*words: str, may_fail: bool = False) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert may_fail or done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
