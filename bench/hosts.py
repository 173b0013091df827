"""Clusters on real hosts over SSH, and how much more hosts cost the controller."""

from __future__ import annotations

import logging
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Report
from bench.fleet.stack import fleet
from bench.machines import require_hosts
from bench.trial import Trial, Up
from bench.weights import sent_bytes, state_bytes
from lab.aws import Aws
from lab.hosts.stack import host_spec, host_stack
from lab.hosts.temporary import temporary_hosts
from lab.stack import EtcdStack

# A fifth and a fifteenth of what the most used playbook took on such hosts (57.6 s and 40.7 s).
CREATION_AIM_S = 11
NO_CHANGE_AIM_S = 2.7
# Three attempts of five seconds, and the seconds that the engine takes to give up.
DIAL_LIMIT_S = 22
FLEETS = (3, 30, 100)
S3_ANSWERS_AFTER_S = 0.02
S3_AIM = 1.3  # times the same with the state in a folder


def measure(runs: int) -> Report:
    """NotMeasurable where no hosts can be made."""
    require_hosts()
    report = Report("hosts")
    report.note("binaries are at hand and pushed; each `up` is `pulumi up --yes --skip-preview`")
    _creations(report, runs)
    _creations_with_state_in_s3(report, runs)
    _life(report, runs)
    for hosts in FLEETS:
        _fleet(report, hosts, runs)
    return report


def _creations(report: Report, runs: int) -> None:
    """From fresh hosts to a healthy cluster."""
    for count, image, aim_s in (
        (3, "systemd", CREATION_AIM_S),
        (5, "systemd", None),
        (3, "openrc", None),
    ):
        took_s = []
        for _ in range(runs):
            with _trial(count, image) as trial:
                took_s.append(trial.up().seconds)
        report.add(f"{count} {image} hosts from nothing to healthy", "s", took_s, aim_s)


def _creations_with_state_in_s3(report: Report, runs: int) -> None:
    """Beside the same with the state in a folder; the secrets of both are under KMS."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request
    took_s: dict[str, list[float]] = {"a folder": [], "S3": []}
    written: list[list[int]] = []
    for _ in range(runs):
        aws = Aws(S3_ANSWERS_AFTER_S)
        for place, backend in (("a folder", ""), ("S3", aws.backend)):
            with temporary_hosts() as (made, project):
                hosts = made.start("etcd1", "etcd2", "etcd3", image="systemd", userland="debian")
                spec = host_spec(hosts)
                stack = EtcdStack(project, spec=spec, backend=backend, **aws.secrets)
                took_s[place].append(Trial(stack.create(), hosts).up().seconds)
        written.append([len(content) for _, content in aws.ever_written()])
        aws.stop()
    for place, seconds in took_s.items():
        report.add(f"3 systemd hosts, state in {place}", "s", seconds)
    ratio = statistics.median(took_s["S3"]) / statistics.median(took_s["a folder"])
    report.add("state in S3 against a folder", "times", [ratio], S3_AIM)
    report.add("objects written to S3", "", [len(sizes) for sizes in written])
    report.add("written to S3", "MB", [sum(sizes) / 1_000_000 for sizes in written])


def _life(report: Report, runs: int) -> None:
    """Three hosts through all phases; the last one is switched off in the end."""
    phases: dict[str, list[Up]] = defaultdict(list)
    with _trial(3, "systemd") as trial:
        phases["creation"].append(trial.up())
        _weigh(report, trial)
        for run in range(runs):
            phases["no change"].append(trial.up())
            phases["flag change"].append(trial.up(snapshot_count=20000 + run))
        trial.hosts[-1].power_off()
        off = trial.hosts[-1].name
        gated = trial.up(expected=off, snapshot_count=10001)
        unreached = trial.up(expected=off, on_destroy="keep")
    report.add("up without changes", "s", _seconds(phases["no change"]), NO_CHANGE_AIM_S)
    report.add("rolling change of a flag", "s", _seconds(phases["flag change"]))
    report.add("a host is off: until an up to it says so", "s", [unreached.seconds], DIAL_LIMIT_S)
    report.add("a host is off: until a rolling change stops", "s", [gated.seconds])
    for phase, ups in phases.items():
        for place, _ in enumerate(trial.hosts):
            name = f"SSH sessions: {phase}, host {place + 1}"
            report.add(name, "", [up.sessions[place] for up in ups])
    for phase, ups in phases.items():
        report.add(f"sent over the wire per host: {phase}", "kB", [up.sent_kb for up in ups])
        report.add(f"received over the wire per host: {phase}", "kB", [up.got_kb for up in ups])
    for phase, ups in phases.items():
        for role in sorted(ups[0].peaks_mib):
            peaks = [up.peaks_mib.get(role, 0) for up in ups]
            report.add(f"peak memory: {phase}, {role}", "MiB", peaks)


def _weigh(report: Report, trial: Trial) -> None:
    for what, size in sent_bytes(trial.stack, trial.hosts[-1].name).items():
        report.add(f"payload of {what}", "kB", [size / 1000])
    report.add("state per host", "kB", [state_bytes(trial.stack) / len(trial.hosts) / 1000])


def _fleet(report: Report, hosts: int, runs: int) -> None:
    with tempfile.TemporaryDirectory(prefix="etcd-bench-") as name:
        stack = fleet(Path(name), hosts)
        trial = Trial(stack, [])
        ups = [trial.up() for _ in range(runs)]
        report.add(f"up without changes, {hosts} hosts*", "s", _seconds(ups))
        for role, _ in sorted(ups[0].peaks_mib.items()):
            peaks = [up.peaks_mib.get(role, 0) for up in ups]
            report.add(f"peak memory: {hosts} hosts*, {role}", "MiB", peaks)
        report.add(f"state per host, {hosts} hosts*", "kB", [state_bytes(stack) / hosts / 1000])
    if hosts == FLEETS[-1]:
        report.note(
            "* hosts that do not exist, in clusters of 3 or 5 in one stack: created with commands "
            "that succeed at once, measured with the plugins as installed, which dial nobody"
        )


@contextmanager
def _trial(count: int, image: str) -> Iterator[Trial]:
    """Fresh hosts and the stack that is to run on them; all gone at the end."""
    with temporary_hosts() as (made, project):
        userland = "busybox" if image == "openrc" else "debian"
        names = [f"etcd{n}" for n in range(1, count + 1)]
        hosts = made.start(*names, image=image, userland=userland)
        yield Trial(host_stack(project, hosts), hosts, made.network.bridge)


def _seconds(ups: list[Up]) -> list[float]:
    return [up.seconds for up in ups]
