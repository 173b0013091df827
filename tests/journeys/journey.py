"""The life of one cluster, step by step.

A step that fails says which of the checks it failed on. Those that rest on it are skipped; before
any other the cluster is brought back to what the last good step left. A step that is asked for
alone takes those that it rests on first.
"""

from __future__ import annotations

import json
import logging
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lab.client.beside import binary
from lab.client.client import Client, write_identity
from lab.hosts.machine import until
from lab.operations import changes
from lab.operations.changes import Change, Spec
from lab.ops_run import Shown, ops
from lab.stack import LAYOUT, Result
from lab.watchers.leaks import Keys
from lab.watchers.sampling import Sight
from tests.journeys.protocol import Platform

LOG = logging.getLogger(__name__)
# The client's workers: so many writes may be under way when a leader hands over or its machine
# dies, and raft drops those (docs/adr/0005).
WORKERS = 4
# Some in the time of an election, and not the larger part of two cores, as 200 are.
WRITES_PER_S = 10
FEWEST_WRITES = 10  # of a client that really wrote
# Writes of a worker to a machine that died, which closes no connection: each has 2 s, and the
# client gives a connection up 10 s after it was last answered (lab/client/writer/main.go).
TO_THE_DEAD = 5
HEALTHY_LIMIT_S = 120.0  # on a machine with much else to do
ANSWER_LIMIT_S = 20
ANY = 7  # members, the most that a stack file may name
_FAILURES = (AssertionError, RuntimeError, OSError, subprocess.SubprocessError)


@dataclass(frozen=True)
class Step:
    """`restarts`: of each member that was there before, at most, and `restarting`: of so many.
    `dying`: machines that die in it. `beside`: the measuring client and the watcher are, which need
    a cluster before and after. `serving`: clients are served all the while. `standing`: there is a
    cluster after it. `promises`: of tests/promises.py, those that it shows."""

    name: str
    do: Callable[[Journey], None]
    rests_on: tuple[str, ...] = ("found",)
    restarts: int = 0
    restarting: int = ANY
    dying: int = 0
    beside: bool = True
    serving: bool = True
    standing: bool = True
    promises: tuple[str, ...] = ()


class Journey:
    """One cluster on `platform`. `left` is what the stack file said of nodes that have left,
    `trusted` the authority's certificates before the cluster was destroyed, `printed` what every
    run of the engine and of `ops` has shown, `started` how programs were started in the renewal,
    `keys` the private keys that were seen in the state."""

    def __init__(self, platform: Platform, steps: Sequence[Step]) -> None:
        self.platform, self.stack = platform, platform.stack
        self.left: dict[str, Any] = {}
        self.trusted = ""
        self.printed: list[str] = []
        self.started: set[Sight] = set()
        self.keys = Keys.of(())
        self._steps = {step.name: step for step in steps}
        self._passed: dict[str, bool] = {}
        self._good: Spec = {}
        self._failed = ""  # the step after which the cluster is not yet whole again
        self._beyond_help = ""
        self._outputs: Mapping[str, Any] = {}
        self._ran = False  # the engine, since its outputs were read

    @property
    def spec(self) -> dict[str, Any]:
        """The stack file's cluster object."""
        return self.stack.spec

    @property
    def client_folder(self) -> Path:
        """Identity and endpoints of whoever looks at the cluster or writes to it."""
        return self.stack.folder / "client"

    def take(self, step: Step) -> None:
        """AssertionError says what is wrong with the cluster after it."""
        self._rest_on(step.rests_on)
        self._make_whole()
        self._passed[step.name], self._failed = False, step.name
        began_s = time.monotonic()
        try:
            self._go(step)
        except _FAILURES as error:
            told = f"{self.platform.name}, step {step.name}: {error}"
            LOG.warning("%s", told)  # while a long journey goes on
            raise AssertionError(told) from error
        self._passed[step.name], self._failed, self._good = True, "", self.spec
        LOG.warning("%s, %s: %.1f s", self.platform.name, step.name, time.monotonic() - began_s)

    def write(self, change: Change) -> None:
        """Into the stack file."""
        self.stack.change(**change)

    def up(self) -> Shown:
        """What a person does, if it succeeds."""
        return self.ops("up").ok()

    def ops(self, *arguments: str) -> Shown:
        """Runs `ops`, whether it succeeds or not."""
        self._ran = True
        shown = ops(self.stack, *arguments)
        self.printed += [shown.stdout, shown.stderr]
        return shown

    def apply(self, *options: str) -> str:
        """What a pipeline does, if it succeeds: the engine's `up`, whose preview came before. What
        it printed."""
        return self.run_up(*options).ok().output

    def preview(self) -> str:
        """What a reviewer reads."""
        shown = self.stack.run("preview", "--diff").ok().output
        self.printed.append(shown)
        return shown

    def run_up(self, *options: str) -> Result:
        """The engine's `up`, whether it succeeds or not."""
        self._ran = True
        done = self.stack.up(*options)
        self.printed.append(done.output)
        return done

    def back_to(self, spec: Spec) -> None:
        """The stack file as it was."""
        self.stack.spec = {**spec}
        self.stack.change()

    def settle_for(self, change: Change) -> None:
        """From now on the cluster is not whole without it."""
        self._good = {**self._good, **change}

    def recover(self, spec: Spec) -> None:
        """The cluster as it was after the last good step."""
        self.back_to(spec)
        self.up()
        self._look_anew()
        self.wait_healthy()

    def etcdctl(self, *arguments: str) -> str:
        """As the operator, from all members that the stack file counts on."""
        done = self._etcdctl(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def bundle(self) -> str:
        """The certificates of the authorities that clients trust."""
        return (self.client_folder / "cacert").read_text()

    def is_answered_without_a_certificate(self) -> bool:
        """Whether a client that trusts the cluster, and shows nothing itself, reads anything."""
        done = self._etcdctl("endpoint", "health", identity=("cacert",))
        return done.returncode == 0 or "is healthy" in done.stdout

    def leader(self) -> str:
        """The name of the node whose member leads."""
        told = json.loads(self.etcdctl("endpoint", "status", "--write-out=json"))
        leads = {each["Status"]["leader"] for each in told}
        return next(str(member["name"]) for member in self.members() if member["ID"] in leads)

    def members(self) -> list[dict[str, Any]]:
        """As etcd lists them."""
        told = json.loads(self.etcdctl("member", "list", "--write-out=json"))
        return list(told["members"])

    def wait_healthy(self) -> None:
        """Until every member that the stack file counts on answers a read."""
        until(lambda: not self.sick(), HEALTHY_LIMIT_S, self._why_sick)

    def sick(self) -> str:
        """What `etcdctl endpoint health` complains about."""
        done = self._etcdctl("endpoint", "health", f"--command-timeout={ANSWER_LIMIT_S}s")
        return done.stdout + done.stderr if done.returncode else ""

    def _why_sick(self) -> str:
        """Which member leads, and how far each has written and applied, by their own account."""
        done = self._etcdctl("endpoint", "status", "--write-out=table")
        return f"{self.sick()}\n{done.stdout}{done.stderr}\n{self.platform.why_down()}"

    def _rest_on(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in self._passed:
                self.take(self._steps[name])
            if not self._passed[name]:
                pytest.skip(f"rests on the step {name}, which has failed")

    def _make_whole(self) -> None:
        if self._failed and self._good and not self._beyond_help:
            try:
                self.recover(self._good)
            except _FAILURES as error:
                self._beyond_help = f"no recovery after the step {self._failed}: {error}"
        if self._beyond_help:
            pytest.skip(self._beyond_help)

    def _go(self, step: Step) -> None:
        """With what writes to the cluster and looks at it beside it."""
        if not step.beside:
            step.do(self)
            self._check(step, [])
            return
        place = (binary(), self.client_folder, self._outputs, self.platform.within)
        client = Client(*place, rate=WRITES_PER_S)
        there_before = {*self.spec["nodes"]}
        try:
            with self.platform.watcher() as watcher:
                step.do(self)
            restarts = {n: times for n, times in watcher.restarts().items() if n in there_before}
            self._check(step, wrong_restarts(step, restarts))
            report = client.report()
        finally:
            client.stop()
        wrong = wrong_writes(step, report)
        if step.serving and watcher.most_down() > 1:
            wrong.append(f"{watcher.most_down()} members were down at once")
        assert not wrong, "; ".join(wrong)

    def _check(self, step: Step, wrong: Sequence[str]) -> None:
        """What holds after every step, beside what was seen meanwhile."""
        if step.standing:
            self._look_anew()
            wrong = [*wrong, *self._wrong_membership()]
        left = self.platform.left_over()
        wrong = [*wrong, *(f"left over: {path}" for path in left)]
        assert not wrong, "; ".join(wrong)

    def _look_anew(self) -> None:
        """By what the stack says now."""
        if not self._ran:
            return
        self._ran, self._outputs = False, self.stack.outputs()
        write_identity(self.client_folder, self._outputs)

    def _wrong_membership(self) -> Iterator[str]:
        """Each member answers a read and votes, and the members are those of the stack file. One
        whose machine is lost may still be listed: it leaves when it is in the way of another."""
        if sick := self.sick():
            yield f"not healthy: {sick}"
        listed = self.members()
        found = {member.get("name", ""): member.get("isLearner", False) for member in listed}
        wanted = set(changes.reachable(self.spec))
        if not wanted <= set(found) <= set(self.spec["nodes"]):
            yield f"members are {sorted(found)}, the stack file says {sorted(wanted)}"
        if learners := sorted(name for name, learns in found.items() if learns):
            yield f"{learners} do not vote"

    def _etcdctl(
        self, *arguments: str, identity: Sequence[str] = ("cacert", "cert", "key")
    ) -> subprocess.CompletedProcess[str]:
        known = self._outputs["members"]
        urls = [known[name]["client_url"] for name in changes.reachable(self.spec) if name in known]
        files = [f"--{name}={self.client_folder / name}" for name in identity]
        program = [*self.platform.within, str(LAYOUT.bin / "etcdctl")]
        return subprocess.run(
            [*program, f"--endpoints={','.join(urls)}", *files, *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def wrong_restarts(step: Step, restarts: Mapping[str, int]) -> list[str]:
    """More of them than the step allows."""
    restarted = {name: count for name, count in restarts.items() if count}
    wrong = [
        f"{name} restarted {count} times, {step.restarts} at most may be"
        for name, count in restarted.items()
        if count > step.restarts
    ]
    if len(restarted) > step.restarting:
        wrong.append(f"{sorted(restarted)} restarted, {step.restarting} at most may")
    return wrong


def wrong_writes(step: Step, report: Mapping[str, Any]) -> list[str]:
    """An acknowledged write that is gone, or more failed ones than a change of leader costs."""
    wrong = []
    if report["writes"] < FEWEST_WRITES:
        wrong.append(f"the client made {report['writes']} writes only")
    if report["lost"]:
        wrong.append(f"{report['lost']} acknowledged writes are lost")
    failed, elections = report["failed"], report["elections"]
    allowed = WORKERS * (elections + TO_THE_DEAD * step.dying)
    if step.serving and failed > allowed:
        wrong.append(f"{failed} writes failed, {allowed} at most may in {elections} elections")
    return wrong
