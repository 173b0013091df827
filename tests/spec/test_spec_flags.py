"""Further etcd flags: what each version knows, and what the project keeps to itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from components.spec.values.flag_policy import (
    MANAGED,
    NOT_IN_CONF_YML,
    known_flags,
    minors_with,
    replacement,
)
from components.spec.values.go_duration import go_duration_ns
from components.spec.values.versions import SUPPORTED
from tests.spec.pods import pods
from tests.spec.stack_files import changed, problems_of, the_problem

# Binaries of other versions may stand beside the pinned one: <folder>/<version>/etcd.
FOLDERS = [
    Path(__file__).parents[2] / ".toolchain" / "etcd",
    *map(Path, os.environ.get("ETCD_VERSIONS_DIR", "").split(os.pathsep)),
]
BINARIES = {
    path.parent.name.rpartition(".")[0]: path
    for folder in FOLDERS
    for path in sorted(folder.glob("3.*/etcd"))
}
# A value of each kind, and one that is not.
SAMPLES = {
    "bool": ("true", "maybe"),
    "number": ("7", "seven"),
    "duration": ("10s", "10"),
    "list": ("http://127.0.0.1:1", None),
    "text": ("x", None),
}


@pytest.mark.parametrize(
    ("version", "flag", "value", "reason", "remedy"),
    [
        ("3.6.16", "data-dir", "/x", "set by this project", "`root`"),
        ("3.6.16", "name", "x", "set by this project", "name under `nodes`"),
        ("3.6.16", "listen-client-urls", "x", "set by this project", "`nodes`"),
        ("3.6.16", "initial-cluster-token", "x", "set by this project", "`nodes`"),
        ("3.6.16", "discovery-endpoints", ["x"], "set by this project", "`nodes`"),
        ("3.6.16", "cert-file", "x", "set by this project", "`pki`"),
        ("3.6.16", "quota-backend-bytes", 1, "set by this project", "`quota_mib`"),
        ("3.6.16", "heartbeat-interval", 1, "set by this project", "`heartbeat_ms`"),
        ("3.6.16", "enable-v2", True, "removed after etcd 3.5", "the v3 API"),
        ("3.6.16", "proxy", "on", "removed after etcd 3.5", "grpc-proxy"),
        ("3.7.3", "experimental-corrupt-check-time", "1h", "removed", "`corrupt-check-time`"),
        (
            "3.7.3",
            "experimental-initial-corrupt-check",
            True,
            "removed after etcd 3.6",
            "`feature-gates: InitialCorruptCheck=true`",
        ),
        ("3.5.35", "feature-gates", "x", "comes with etcd 3.6", "version 3.6"),
        ("3.6.16", "max-txn-opts", 1, "no flag of etcd 3.6", "`max-txn-ops`"),
        ("3.6.16", "zzz", 1, "no flag of etcd 3.6", "etcd --help"),
        ("3.6.16", "--max-txn-ops", 1, "no flag name", "`max-txn-ops`"),
        ("3.6.16", "ETCD_MAX_TXN_OPS", 1, "no flag name", "`max-txn-ops`"),
        ("3.6.16", "--", 1, "no flag name", "etcd --help"),
        ("3.6.16", "unsafe-no-fsync", True, "loses data", "remove it"),
        ("3.6.16", "enable-pprof", "true", "is a switch", "true"),
        ("3.6.16", "max-txn-ops", "256", "is a number", "1"),
        ("3.6.16", "max-txn-ops", -1, "is a number", "1"),
        ("3.6.16", "max-txn-ops", True, "is a number", "1"),
        ("3.6.16", "corrupt-check-time", 3600, "is a duration", "10s"),
        ("3.6.16", "corrupt-check-time", "1d", "is a duration", "10s"),
        ("3.6.16", "log-outputs", "/var/log/etcd.log", "is a list", '["/var/log/etcd.log"]'),
        ("3.6.16", "metrics", True, "is a text", "basic"),
        ("3.6.16", "metrics", 1, "belongs in quotes", '"1"'),
        ("3.6.16", "corrupt-check-time", "3000000h", "is a duration", "10s"),
        ("3.6.16", "metrics", 1.5, "no flag value", "in quotes"),
        ("3.6.16", "metrics", "a\nb", "line break", "one plain line"),
        ("3.6.16", "cors", [], "an empty list", "remove it, or name what belongs in it"),
        ("3.6.16", "cipher-suites", [], "an empty list", "remove it, or name what belongs in it"),
        ("3.6.16", "cors", [1], "no list of texts", "with quotes around numbers"),
    ],
)
def test_a_flag_is_refused(
    version: str, flag: str, value: object, reason: str, remedy: str
) -> None:
    for owner in ("flags", "nodes.etcd2.flags"):
        found = problems_of(changed(("version", version), (owner, {flag: value})))
        assert [problem.path for problem in found] == [f"cluster.{owner}.{flag}"]
        assert reason in found[0].reason
        assert remedy in found[0].remedy


@pytest.mark.parametrize(
    ("version", "flags"),
    [
        ("3.5.35", {"enable-v2": False, "experimental-corrupt-check-time": "1h"}),
        ("3.6.16", {"max-txn-ops": 0, "feature-gates": "InitialCorruptCheck=true"}),
        ("3.6.16", {"log-outputs": ["stderr", "/var/log/etcd.log"], "enable-pprof": True}),
        ("3.7.3", {"corrupt-check-time": "1h30m", "distributed-tracing-instance-id": "1"}),
    ],
)
def test_a_flag_of_the_version_is_accepted(version: str, flags: dict[str, object]) -> None:
    assert problems_of(changed(("version", version), ("flags", flags))) == ()


def test_a_dangerous_flag_needs_a_cluster_that_may_be_lost() -> None:
    given = [("throwaway", True), ("flags", {"unsafe-no-fsync": True})]
    assert problems_of(changed(*given)) == ()


def test_a_flag_that_conf_yml_cannot_hold() -> None:
    given = ("flags", {"raft-read-timeout": "10s"})
    assert problems_of(changed(given)) == ()
    (problem,) = problems_of(changed(given, ("config_format", "yaml")))
    assert "no key of its own in conf.yml" in problem.reason
    for name in NOT_IN_CONF_YML:
        assert minors_with(name), name


@pytest.mark.parametrize(
    ("text", "expected_ns"),
    [("10s", 10**10), ("1h30m", 5400 * 10**9), ("1.5ms", 1_500_000), ("2us", 2000), ("0s", 0)],
)
def test_go_durations(text: str, expected_ns: int) -> None:
    assert go_duration_ns(text) == expected_ns


@pytest.mark.parametrize("text", ["", "10", "1d", "s", "10 s", "-1s", "1.s", "10sx", "2562048h"])
def test_what_is_no_go_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|292 years"):
        go_duration_ns(text)


def test_an_old_flag_is_told_its_successor() -> None:
    """Every experimental flag of 3.6 has one in 3.7."""
    gone = known_flags("3.6").keys() - known_flags("3.7").keys()
    for flag in gone - {"discovery", "discovery-proxy"}:
        assert replacement(flag, "3.7"), flag


def test_managed_flags_exist() -> None:
    """A managed flag that no version knows is a slip of the pen."""
    known = set().union(*(known_flags(series) for series in SUPPORTED))
    assert not MANAGED.keys() - known


def _parses(binary: Path, *flags: str) -> tuple[bool, str]:
    """Whether etcd's own parser takes the flags; with --version it does no more than that."""
    done = subprocess.run(
        [binary, *flags, "--version"], capture_output=True, text=True, timeout=20, check=False
    )
    return done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("series", [each for each in SUPPORTED if each in BINARIES])
class TestAgainstTheRealBinary:
    def test_every_flag_is_known_and_of_its_kind(self, series: str) -> None:
        special = {
            "discovery-fallback": "exit",
            "feature-gates": "InitialCorruptCheck=true",
            "initial-cluster-state": "new",
            "proxy": "off",
            "v2-deprecation": "write-only",
            "version": "true",
            "config-file": "",
        }
        flags = [
            f"--{name}={special.get(name, SAMPLES[kind][0])}"
            for name, kind in known_flags(series).items()
        ]
        taken, said = _parses(BINARIES[series], *flags)
        assert taken, said

    def test_a_value_of_the_wrong_kind_is_refused(self, series: str) -> None:
        kinds = known_flags(series)
        for kind in ("bool", "number", "duration"):
            name = next(name for name in kinds if kinds[name] == kind)
            taken, said = _parses(BINARIES[series], f"--{name}={SAMPLES[kind][1]}")
            assert not taken
            assert "invalid" in said

    def test_no_flag_of_its_help_is_missing(self, series: str) -> None:
        """Help names flags that no longer exist too (discovery in 3.7): the parser decides."""
        listed = subprocess.run(
            [BINARIES[series], "--help"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
        names = {line.split()[0][2:] for line in listed.splitlines() if line[:4] == "  --"}
        for name in names - known_flags(series).keys():
            taken, said = _parses(BINARIES[series], f"--{name}=x")
            assert not taken
            assert "not defined" in said

    def test_removed_flags_are_refused(self, series: str) -> None:
        others = set().union(*(known_flags(each) for each in SUPPORTED))
        for name in sorted(others - known_flags(series).keys()):
            taken, said = _parses(BINARIES[series], f"--{name}=x")
            assert not taken
            assert f"not defined: -{name}" in said


def test_a_flag_close_to_a_managed_one_is_led_to_its_field() -> None:
    (problem,) = problems_of(changed(("flags", {"quota-backend-byts": 3})))
    assert problem.remedy == "if `quota-backend-bytes` is meant, use `quota_mib`"


@pytest.mark.parametrize("text", ["Bob's etcd", "a\\b", "it''s"])
def test_a_quote_or_backslash_is_for_conf_yml(text: str) -> None:
    flags = {"distributed-tracing-service-name": text}
    problem = the_problem(changed(("flags", flags)))
    assert problem.path == "cluster.flags.distributed-tracing-service-name"
    assert "quote or backslash" in problem.reason
    assert problems_of(changed(("flags", flags), ("config_format", "yaml"))) == ()
    assert problems_of(pods(("flags", flags))) == ()
