"""The control plane as it runs; control_plane.py has its command lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lab.hosts.machine import until
from lab.kubernetes import control_plane, programs
from lab.kubernetes.addresses import Addresses
from lab.kubernetes.api import Api
from lab.kubernetes.credentials import Credentials
from lab.kubernetes.daemons import Daemons, tails
from lab.kubernetes.groups import Group

START_LIMIT_S = 90
DEFAULT_ACCOUNT = "/api/v1/namespaces/default/serviceaccounts/default"
AUTHORITY_FOR_PODS = "/api/v1/namespaces/default/configmaps/kube-root-ca.crt"


class Control:
    """`daemons`: its programs, by name: `etcd`, `kube-apiserver` and so on."""

    def __init__(
        self, folder: Path, group: Group, addresses: Addresses, credentials: Credentials
    ) -> None:
        self._folder, self._addresses, self._credentials = folder, addresses, credentials
        self.daemons = Daemons(folder / "control", group)
        self.api = Api(addresses, credentials)

    def start(self, built: Path) -> None:
        """From programs of the folder `built`; returns when the apiserver is ready."""
        addresses, secrets = self._addresses, self._credentials
        data, corefile = self._folder / "etcd", self._folder / "Corefile"
        corefile.write_text(control_plane.corefile(addresses, secrets))
        start = self.daemons.start
        start("etcd", control_plane.etcd(programs.etcd(), data, addresses, secrets))
        own = control_plane.own_etcd(addresses, secrets)
        start("kube-apiserver", control_plane.apiserver(built, addresses, secrets, own))
        self.until(self.api.is_ready, "the apiserver is not ready")
        manager = control_plane.controller_manager(built, secrets)
        start("kube-controller-manager", manager)
        start("kube-scheduler", control_plane.scheduler(built, secrets))
        start("coredns", control_plane.coredns(built, corefile))

    def wait_for_pods(self) -> None:
        """Until pods may be made."""
        self.until(lambda: self.api.has(DEFAULT_ACCOUNT), "no default service account")
        self.until(lambda: self.api.has(AUTHORITY_FOR_PODS), "no authority for pods")

    def until(
        self, done: Callable[[], bool], problem: str, logs: Callable[[], str] = lambda: ""
    ) -> None:
        """Waits for it while all programs live; else fails with their logs and these."""

        def told() -> str:
            return "\n".join([problem, tails(self.daemons.folder), logs()])

        def look() -> bool:
            ended = self.daemons.ended()
            assert not ended, f"{' and '.join(ended)} ended\n{told()}"
            return done()

        until(look, START_LIMIT_S, told)
