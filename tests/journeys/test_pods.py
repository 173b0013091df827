"""The journey of a cluster of pods: on three nodes, each member on a volume of its node."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.aws import Aws
from lab.hosts.machine import until
from lab.kubernetes import objects
from lab.kubernetes.lab import Lab
from lab.kubernetes.node import Node
from lab.kubernetes.pod_stack import pod_stack
from lab.operations import changes
from lab.operations.changes import Change
from lab.ops_run import ops
from lab.watchers.pods import PodWatch
from tests.journeys import steps
from tests.journeys.journey import Journey, Step
from tests.journeys.protocol import FIRST_VERSION, NEXT_VERSION, Platform
from tests.journeys.steps import journey_steps

pytestmark = pytest.mark.slow

SPACE = "journey"
FOUNDERS, ALL = ("etcd1", "etcd2", "etcd3"), ("etcd1", "etcd2", "etcd3", "etcd4")
GONE_LIMIT_S, READY_LIMIT_S = 60, 90
SHOWN = "pods,statefulsets,controllerrevisions,configmaps,services,events"
OURS = "pods,statefulsets,services,secrets,poddisruptionbudgets,networkpolicies"
# In the file system of this machine, which knows the way to pods, but not their names.
AMONG_PODS = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'


class Pods:
    """Members are pods in a namespace of the lab. What a machine is elsewhere, a volume is here."""

    name = "pods"
    member_type = "EtcdPod"

    def __init__(self, lab: Lab, aws: Aws, folder: Path) -> None:
        lab.etcd_image(NEXT_VERSION)
        self.lab = lab
        self.stack = pod_stack(
            lab,
            folder,
            SPACE,
            *FOUNDERS,
            secrets=aws.secrets,
            version=FIRST_VERSION,
            # Four members on three nodes.
            kubernetes={"spread": "preferred"},
        )
        names = folder / "resolv.conf"
        names.write_text(f"nameserver {lab.addresses.controller}\n")
        self.within = ("unshare", "--mount", "--", "sh", "-c", AMONG_PODS, str(names))

    def watcher(self) -> PodWatch:
        return PodWatch(self.lab, SPACE)

    def newcomers(self) -> Mapping[str, Any]:
        return {name: {} for name in ALL if name not in FOUNDERS}

    def upgrade(self) -> Change:
        return {"version": NEXT_VERSION}

    def replacement(self) -> Change:
        """A volume is lost. Nothing is to be written: the pod is there, and may not start."""
        lost = changes.reachable(self.stack.spec)[-1]
        self.kubectl("delete", f"pvc/data-{lost}-0", "--wait=false")
        self.kubectl("delete", f"pod/{lost}-0")
        return {}

    def cut_power(self) -> None:
        """Of the nodes; the control plane has a supply of its own."""
        for node in self.lab.nodes:
            node.power_off()
        for node in self.lab.nodes:
            node.power_on()
        self.lab.wait_ready()

    def put_data_back(self) -> None:
        """The claims are where they were."""
        kept = self.kubectl("get", "pvc", "--output=name").split()
        named = {f"persistentvolumeclaim/data-{name}-0" for name in self.stack.spec["nodes"]}
        assert named <= {*kept}, kept

    def visits(self) -> dict[str, int]:
        """A script, which runs on this machine, unpacks itself below its member's folder."""
        return {path.name: path.stat().st_mtime_ns for path in self._script_folders()}

    def left_over(self) -> Sequence[str]:
        """Scripts' files, and bootstrap guards that allow a start without data."""
        work = [path / "work" for path in self._script_folders()]
        maps = self.lab.api.read(f"/api/v1/namespaces/{SPACE}/configmaps")["items"]
        state = {
            each["metadata"]["name"]: each["data"].get("ETCD_INITIAL_CLUSTER_STATE")
            for each in maps
        }
        guards = [f"{name} allows it" for name, known in state.items() if known == "new"]
        return [*(str(path) for path in work if path.exists()), *guards]

    def misplaced_keys(self) -> Sequence[str]:
        """Members' Secrets; who may read one is up to the cluster that they are in."""
        members = changes.reachable(self.stack.spec)
        owners: defaultdict[str, set[str]] = defaultdict(set)
        for name in members:
            secret = self.lab.api.read(f"/api/v1/namespaces/{SPACE}/secrets/{name}-pki")
            for text in secret["data"].values():
                if b"PRIVATE KEY" in base64.b64decode(text):
                    owners[text].add(name)
        assert len(owners) >= len(members), "no keys were found"
        return [f"{sorted(names)} have the same key" for names in owners.values() if len(names) > 1]

    def shown(self) -> dict[str, str]:
        """Objects, but for the Secrets, and what each pod logs and was started with."""
        objects = self.kubectl("get", SHOWN, "--output=json")
        named = changes.reachable(self.stack.spec)
        logs = {name: self.kubectl("logs", f"pod/{name}-0") for name in named}
        return {"objects": objects, **logs}

    def why_down(self) -> str:
        """The pods and what the name server is told of them; whether the controllers complain."""
        pods = self.kubectl("get", "pods", "--output=wide")
        slices = self.kubectl("get", "endpointslices", "--output=yaml")
        return f"{pods}\n{slices}\n{self.lab.logs()}"

    def keeps_data_of(self, name: str) -> bool:
        claim = self.kubectl("get", f"pvc/data-{name}-0", "--ignore-not-found", "--output=name")
        return bool(claim)

    def remains(self) -> Sequence[str]:
        def left() -> list[str]:
            return self.kubectl("get", OURS, "--output=name").split()

        until(lambda: not left(), GONE_LIMIT_S, lambda: f"{left()} are still there")
        return []

    def remove(self) -> None:
        self.lab.kubectl("delete", "namespace", SPACE, "--wait=false")

    def kubectl(self, *words: str) -> str:
        """In the cluster's namespace; what it prints."""
        return self.lab.kubectl("-n", SPACE, *words).ok().stdout

    def home(self, member: str) -> Node:
        """The node that its pod is on."""
        pod = self.lab.api.read(f"/api/v1/namespaces/{SPACE}/pods/{member}-0")
        return next(node for node in self.lab.nodes if node.name == pod["spec"]["nodeName"])

    def wait_ready(self) -> None:
        """Until every pod is, as Kubernetes sees it."""
        named = [f"pod/{name}-0" for name in self.stack.spec["nodes"]]
        self.kubectl("wait", "--for=condition=Ready", *named, f"--timeout={READY_LIMIT_S}s")

    def _script_folders(self) -> list[Path]:
        return sorted((self.stack.folder / ".kubernetes/t").glob("*"))


def _pods(journey: Journey) -> Pods:
    assert isinstance(journey.platform, Pods)
    return journey.platform


def _also(common: Step, do: Callable[[Journey], None], *promises: str) -> Step:
    """It shows these promises, too."""
    return replace(common, do=do, promises=(*promises, *common.promises))


def _status(journey: Journey) -> None:
    """As `ops status` tells it, and as Kubernetes does: each on a node of its own."""
    told = json.loads(ops(journey.stack, "status", "--json").ok().stdout)
    assert told["healthy"]
    assert [member["name"] for member in told["members"]] == [*FOUNDERS]
    assert {member["version"] for member in told["members"]} == {FIRST_VERSION}
    roles = sorted(member["role"] for member in told["members"])
    assert roles == ["follower", "follower", "leader"]
    assert all(364 < member["certificate_days"] < 366 for member in told["members"])
    assert len({_pods(journey).home(name).name for name in FOUNDERS}) == len(FOUNDERS)


def _client_pod(journey: Journey) -> None:
    """A pod that mounts a consumer's Secret is served by every name; without a certificate nobody
    is."""
    pods, outputs = _pods(journey), journey.stack.outputs()
    pod = objects.client("client", pods.lab.client_image(), "etcd-client-apiserver")
    pods.lab.kubectl("-n", SPACE, "create", "-f", "-", stdin=pod).ok()
    pods.kubectl("wait", "--for=condition=Ready", "pod/client", "--timeout=60s")
    names = ("https://etcd2-0.etcd:2379", "https://etcd-client:2379")
    for endpoint in (*outputs["endpoints"], outputs["pods"]["service"], *names):
        assert _from_client_pod(pods, endpoint, "put by-name yes") == 0, endpoint
    assert _from_client_pod(pods, names[-1], "get by-name", certificate=False) != 0
    # A drain does not take what nobody would make again.
    pods.kubectl("delete", "pod/client")


def _from_client_pod(pods: Pods, endpoint: str, words: str, certificate: bool = True) -> int:
    shown = "--cert=/client/tls.crt --key=/client/tls.key" if certificate else ""
    asked = f"etcdctl --endpoints={endpoint} --cacert=/client/ca.crt {shown} {words}"
    told = pods.lab.kubectl("-n", SPACE, "exec", "client", "--", "sh", "-c", asked)
    return told.status


def _drain(journey: Journey) -> None:
    """It takes one member and no second, which comes back with its data."""
    pods, members = _pods(journey), journey.members()
    first, second = pods.home("etcd1"), pods.home("etcd2")
    pods.wait_ready()
    pods.lab.drain(first, limit_s=60).ok()
    refused = pods.lab.drain(second, limit_s=3)
    assert refused.status != 0, "a second member was taken away"
    assert "global timeout reached" in refused.stderr
    journey.etcdctl("--command-timeout=20s", "put", "while", "drained")
    for node in (first, second):
        pods.lab.uncordon(node)
    pods.wait_ready()
    assert journey.members() == members


def _renewal(journey: Journey) -> None:
    """Its preview names each member's Secret."""
    _COMMON["renewal"].do(journey)
    assert any("t-etcd1-pki" in shown for shown in journey.printed[-2:])


def _shrink(journey: Journey) -> None:
    """The leader goes."""
    leader = journey.leader()
    journey.write(changes.leave(journey.spec, [leader]))
    assert "does not name" not in journey.up().stdout
    steps.keep_data(journey, [leader])


def _lost_volume(journey: Journey) -> None:
    """It never starts empty, and an `up` lets it in as another member under its name."""
    before = {member["name"]: member["ID"] for member in journey.members()}
    lost = changes.reachable(journey.spec)[-1]
    journey.platform.replacement()
    assert f"{lost}: down though nothing is to change" in journey.up().stdout
    after = {member["name"]: member["ID"] for member in journey.members()}
    assert {name for name, each in after.items() if before[name] != each} == {lost}


_COMMON = {step.name: step for step in steps.STEPS}
_LIVE = ("no-write-lost", "one-down-at-most")
# In the place of a step of all platforms.
_INSTEAD = {
    "found": (
        _COMMON["found"],
        Step("status", _status, beside=False),
        Step(
            "client-pod",
            _client_pod,
            beside=False,
            promises=("outputs-suffice", "only-who-may-connect"),
        ),
        Step("drain", _drain, restarts=1, restarting=1, promises=("data-kept", *_LIVE)),
    ),
    # Twice in vain, then again and again, the last time let in.
    "replace": (
        # Under its old name it is among the client's endpoints while it learns, and a learner
        # refuses writes.
        replace(
            _also(_COMMON["replace"], _lost_volume, "never-founded-twice"),
            restarts=9,
            restarting=1,
            serving=False,
        ),
    ),
    "renewal": (_also(_COMMON["renewal"], _renewal, "keys-where-they-belong"),),
    # The kubelet starts what is refused again, after five seconds at most.
    "taken-back": (replace(_COMMON["taken-back"], restarts=9),),
    "shrink": (replace(_COMMON["shrink"], do=_shrink),),
    # Its claim is still there.
    "return": (),
}
STEPS = tuple(step for common in steps.STEPS for step in _INSTEAD.get(common.name, (common,)))


@pytest.fixture(scope="module")
def platform(lab: Lab, aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return Pods(lab, aws, tmp_path_factory.mktemp("pods") / "stack")


test_a_cluster_lives_through = journey_steps("pods", steps=STEPS, in_soak={"flag"})
