"""A simulated cluster: machines, what they reach, and an etcd that keeps the real one's rules."""

from __future__ import annotations

import time
from pathlib import Path

from tests.model import versions
from tests.model.machines import Machine, Process, minor_of
from tests.model.raft import Copy, Log, Peer, majority, may_lead, voters
from tests.model.trust import believes

# From the start of a process until it talks to its peers, and until a new one has what they have.
BOOT_S = 2
CATCH_UP_S = 4
# etcd calls a member connected when it has been so for this long.
SETTLED_S = 5


class World:
    """`breaches` are promises that were broken; nothing that happens may add one."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.folder = folder
        # Certificates are valid by then.
        self.now_s = float(int(time.time()) + 3600)
        self.machines = {name: Machine(name, folder / "nodes" / name) for name in names}
        self.copies: dict[int, Copy] = {}
        self.logs: dict[str, Log] = {}
        self.leaders: dict[int, Machine] = {}
        self.breaches: list[str] = []
        self.history: list[str] = []
        self._pids = 0
        self.pass_time(0)

    # Time and people.

    def pass_time(self, seconds: float) -> None:
        self.now_s += seconds
        (self.folder / "clock").write_text(f"{int(self.now_s)}\n")
        self.settle()

    def breach(self, what: str) -> None:
        self.history.append(f"BREACH: {what}")
        self.breaches.append(what)

    def forget(self) -> None:
        """Whoever has destroyed a cluster begins another, whose members may have the same names."""
        self.logs.clear()

    def tell(self, what: str) -> None:
        self.history.append(what)

    # Who reaches whom.

    def running(self, log: Log | None = None) -> list[Machine]:
        return [
            machine
            for machine in self.machines.values()
            if machine.process and (log is None or machine.process.copy.log is log)
        ]

    def reach(self, one: Machine, other: Machine) -> bool:
        """Peers talk as soon as either has found the other."""
        a, b = one.process, other.process
        if not a or not b or max(a.since_s, b.since_s) + BOOT_S > self.now_s:
            return False
        if one is other:
            return True
        if one.side != other.side or a.copy.log is not b.copy.log:
            return False
        known = self._finds(a, b) or self._finds(b, a)
        return known and self.trust_each_other(one, other)

    @staticmethod
    def trust_each_other(one: Machine, other: Machine) -> bool:
        a, b = one.process, other.process
        if not a or not b:
            return False
        return believes(a.bundle, other.leaf) and believes(b.bundle, one.leaf)

    def _finds(self, seeker: Process, sought: Process) -> bool:
        for length in (seeker.copy.length, None):
            peer = seeker.copy.log.config(length).get(sought.copy.id)
            if peer is not None and peer.peer_url == sought.peer_url:
                return True
        return False

    def reached_by(self, machine: Machine) -> list[Machine]:
        """Itself included."""
        assert machine.process
        return [m for m in self.running(machine.process.copy.log) if self.reach(machine, m)]

    def leader_of(self, machine: Machine) -> Machine | None:
        """The leader that `machine`'s member follows."""
        process = machine.process
        if not process:
            return None
        leader = self.leaders.get(id(process.copy.log))
        return leader if leader is not None and self.reach(machine, leader) else None

    def connected_since(self, one: Machine, member_id: int) -> float | None:
        """Since when a member is connected with `one`'s; None if it is not."""
        for other in self.reached_by(one):
            assert one.process
            assert other.process
            if other.process.copy.id == member_id:
                return max(
                    one.process.since_s,
                    other.process.since_s,
                    one.side_since_s,
                    other.side_since_s,
                )
        return None

    def settled_voters(self, one: Machine) -> int:
        """How many voters `one` counts as connected, itself included."""
        assert one.process
        found = 0
        for member_id in voters(one.process.copy.log.config()):
            since_s = self.connected_since(one, member_id)
            itself = member_id == one.process.copy.id
            found += itself or (since_s is not None and since_s <= self.now_s - SETTLED_S)
        return found

    # What the members do by themselves.

    def settle(self) -> None:
        """Elections, replication, and the end of those that were removed, until nothing changes."""
        for log in list(self.logs.values()):
            while self._settle(log):
                pass

    def _settle(self, log: Log) -> bool:
        leader = self._elect(log)
        if leader is None:
            return False
        self.replicate(leader)
        versions.settle(self, leader)
        return self._publish(leader) or self._bury(leader)

    def _elect(self, log: Log) -> Machine | None:
        former = self.leaders.pop(id(log), None)
        able = [machine for machine in self.running(log) if self._may_lead(machine)]
        if not able:
            return None
        leader = former if former in able else max(able, key=lambda m: (_length(m), m.name))
        if _length(leader) < log.length:
            self.breach(f"{leader.name} leads without the last acknowledged writes")
        if not log.led and any(other.led for other in self.logs.values()):
            self.breach(f"{leader.name} leads a second cluster")
        log.led = True
        self.leaders[id(log)] = leader
        return leader

    def _may_lead(self, machine: Machine) -> bool:
        assert machine.process
        heard = [m.process.copy for m in self.reached_by(machine) if m.process]
        return may_lead(machine.process.copy, heard)

    def replicate(self, leader: Machine) -> None:
        for machine in self.reached_by(leader):
            assert machine.process
            copy = machine.process.copy
            if copy.catches_up_at_s <= self.now_s:
                copy.length = copy.log.length
            if copy.length == copy.log.length and copy.id in voters(copy.log.config()):
                machine.ours = False

    def _publish(self, leader: Machine) -> bool:
        """A member says its name and client URL when it has started, and serves clients then."""
        for machine in self.reached_by(leader):
            process = machine.process
            assert process
            known = process.copy.log.config().get(process.copy.id)
            if known is None or process.ready:
                continue
            process.ready = True
            said = Peer(process.name, known.peer_url, process.client_url, known.learner)
            if said != known:
                self.commit(leader, process.copy.id, said)
            return True
        return False

    def _bury(self, leader: Machine) -> bool:
        """A removed member ends by itself, and does so again when it is started."""
        assert leader.process
        log = leader.process.copy.log
        for machine in self.reached_by_anyone(log):
            if machine.process and machine.process.copy.id not in log.config():
                self.tell(f"{machine.name} ends, as it was removed")
                self.end(machine)
                machine.ours = False
                return True
        return False

    def reached_by_anyone(self, log: Log) -> list[Machine]:
        """Who hears of the latest list of members."""
        leader = self.leaders[id(log)]
        assert leader.process
        return [
            machine
            for machine in self.running(log)
            if machine.side == leader.side and machine.process
        ]

    def commit(self, leader: Machine, member_id: int, peer: Peer | None) -> None:
        assert leader.process
        leader.process.copy.log.change(**{f"m{member_id}": peer})
        self.replicate(leader)

    def lead(self, machine: Machine) -> None:
        """It takes leadership over from whoever had it."""
        assert machine.process
        self.leaders[id(machine.process.copy.log)] = machine

    def write(self) -> None:
        """A client writes wherever there is a quorum."""
        self.settle()
        for leader in list(self.leaders.values()):
            if leader.process:
                leader.process.copy.log.write()
                self.replicate(leader)

    # Processes.

    def begin(self, machine: Machine, copy: Copy, configuration: dict[str, str]) -> None:
        self._pids += 1
        copy.ran = machine.version
        copy.storage = copy.storage or minor_of(machine.version)
        (self.folder / f"pid.{machine.name}").write_text(f"{self._pids}\n")
        machine.process = Process(
            pid=self._pids,
            copy=copy,
            name=configuration["ETCD_NAME"],
            peer_url=configuration["ETCD_LISTEN_PEER_URLS"],
            client_url=configuration["ETCD_ADVERTISE_CLIENT_URLS"],
            bundle=(machine.root / "etc" / "pki" / "ca.pem").read_text(),
            version=machine.version,
            flag=configuration.get("ETCD_SNAPSHOT_COUNT", ""),
            since_s=self.now_s,
        )
        self.settle()

    def end(self, machine: Machine) -> None:
        machine.process = None
        (self.folder / f"pid.{machine.name}").unlink(missing_ok=True)
        self.settle()

    # What may still be brought back.

    def living(self) -> Log | None:
        return next((log for log in self.logs.values() if log.led), None)

    def survives(self, without: Machine | None = None) -> bool:
        """With every machine that still has its data up and connected, nothing would be lost."""
        log = self.living()
        if log is None:
            return True
        numbers = [m.copy_number for m in self.machines.values() if m is not without]
        copies = [self.copies[n] for n in numbers if n in self.copies and self.copies[n].log is log]
        whole = [copy for copy in copies if copy.length == log.length]
        return any(may_lead(copy, copies) for copy in whole)

    def bare(self) -> set[int]:
        """The members whose data is nowhere any more."""
        log = self.living()
        if log is None:
            return set()
        there = {self.copies[n].id for m in self.machines.values() if (n := m.copy_number)}
        return {member_id for member_id, peer in log.config().items() if peer.client_url} - there

    def follows(self, machine: Machine) -> bool:
        """It is a voter that the quorum can count on."""
        process = machine.process
        return (
            process is not None
            and self.leader_of(machine) is not None
            and process.copy.id in voters(process.copy.log.config())
        )

    def spare(self) -> int:
        """How many more voters may go down before the quorum is lost."""
        log = self.living()
        assert log
        up = sum(self.follows(machine) for machine in self.running(log))
        return up - majority(len(voters(log.config())))


def _length(machine: Machine) -> int:
    assert machine.process
    return machine.process.copy.length
