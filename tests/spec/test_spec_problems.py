"""Every mistake gets its place, a reason and a remedy; a remedy that is a value is accepted."""

from __future__ import annotations

from typing import Any

import pytest

from components.spec import load
from tests.spec.stack_files import GOOD, changed, problems_of, take_example, the_problem

Case = tuple[str, Any, str, str]

# (path below cluster, value put there, part of the reason, part of the remedy)
CASES: list[Case] = [
    # names
    ("name", "Dev Stack", "DNS label", "dev-stack"),
    ("name", "a" * 64, "DNS label", "a" * 63),
    ("name", "-dev", "DNS label", "dev"),
    ("name", 7, "a number is no text", "prod"),
    ("name", None, "nothing after its colon", "prod"),
    ("name", ..., "is missing", "prod"),
    # versions
    ("version", 3.6, "read as a number", "3.6.16"),
    ("version", 3.7, "read as a number", "3.7.3"),
    ("version", 3, "read as a number", "3.6.16"),
    ("version", "v3.6.16", "leading v", "3.6.16"),
    ("version", "v3.4.45", "leading v", "3.6.16"),
    ("version", "3.7", "three numbers", "3.7.3"),
    ("version", "3.4.45", "3.4 is not supported; 3.5, 3.6, 3.7 are", "3.6.16"),
    ("version", "3.8.0-alpha.0", "no etcd version", "3.6.16"),
    ("version", "latest", "no etcd version", "3.6.16"),
    ("version", True, "is no version", "3.6.16"),
    ("version", ["3.6.16"], "is no version", "3.6.16"),
    # switches and choices
    ("throwaway", "true", "a text is neither true nor false", "true"),
    ("throwaway", "no", "a text is neither true nor false", "false"),
    ("throwaway", 0, "a number is neither true nor false", "false"),
    ("nodes.etcd1.reachable", "yes", "a text is neither true nor false", "true"),
    ("throwaway", 1, "neither true nor false", "true"),
    ("on_destroy", "wipe", "not marked `throwaway: true`", "keep"),
    ("on_destroy", "delete", "'keep' or 'wipe'", "keep"),
    ("config_format", "yml", "'env' or 'yaml'", "yaml"),
    ("tuning", "slow", "'default', 'pi' or 'wan'", "default"),
    ("transport", "telnet", "'ssh', 'local' or 'kubernetes'", "ssh"),
    ("transport", None, "nothing after its colon", "ssh"),
    (
        "runtime",
        None,
        "nothing after its colon",
        "remove it, or give it a value such as supervisor",
    ),
    (
        "nodes.etcd1.runtime",
        None,
        "nothing after its colon",
        "remove it, or give it a value such as supervisor",
    ),
    ("log_level", "trace", "not known", "info"),
    # consumers
    ("consumers", "apiserver", "no mapping", '["apiserver", "prometheus"]'),
    ("consumers", ["apiserver", "apiserver"], "twice", '["apiserver"]'),
    ("consumers", ["apiserver", 1], "no list of names", '["apiserver"]'),
    ("consumers", [None], "no list of names", '["apiserver"]'),
    ("consumers.API", {}, "DNS label", "name it `api`"),
    ("consumers.api", "system:masters", "a text is no mapping", "organization"),
    ("consumers.api", {"group": "x"}, "no known key", "common_name, organization"),
    ("consumers.api", {"common_name": ""}, "is empty", "kube-apiserver"),
    ("consumers.api", {"common_name": "x" * 65}, "longer than 64", "kube-apiserver"),
    ("consumers.api", {"organization": "a\nb"}, "line break", "one plain line"),
    # nodes
    ("nodes", {}, "is empty", '{"etcd1": {"address": "10.0.0.11"}}'),
    ("nodes", None, "nothing after its colon", '{"etcd1": {"address": "10.0.0.11"}}'),
    ("nodes", ["10.0.0.11"], "a list of 1 is no mapping", "etcd1"),
    ("nodes", ..., "is missing", "etcd1"),
    ("nodes.etcd1", None, "is missing", "10.0.0.11"),
    ("nodes.etcd1", "10.0.0.11", "a text is no mapping", '{"address": "10.0.0.11"}'),
    ("nodes.Etcd_9", {"address": "10.0.0.19"}, "DNS label", "name it `etcd-9`"),
    ("nodes.etcd1", {"adress": "10.0.0.11"}, "no known key", "`address`"),
    ("nodes.etcd1.heartbeat_ms", 100, "set for the whole cluster", "cluster.heartbeat_ms"),
    ("nodes.etcd1.address", ..., "is missing", "10.0.0.11"),
    ("nodes.etcd1.address", "etcd1.example.org", "DNS name", "`names`"),
    ("nodes.etcd1.address", "localhost", "DNS name", "`names`"),
    ("nodes.etcd1.address", "0.0.0.0", "every address", "10.0.0.11"),
    ("nodes.etcd1.address", "::", "every address", "10.0.0.11"),
    ("nodes.etcd1.address", "224.0.0.1", "multicast", "10.0.0.11"),
    ("nodes.etcd1.address", "ff02::1", "multicast", "10.0.0.11"),
    ("nodes.etcd1.address", "255.255.255.255", "broadcast", "10.0.0.11"),
    ("nodes.etcd1.address", "fe80::1%eth0", "link-local", "10.0.0.11"),
    ("nodes.etcd1.address", "fe80::1", "link-local", "10.0.0.11"),
    ("nodes.etcd1.address", "::ffff:10.0.0.1", "10.0.0.1 is meant", "10.0.0.11"),
    ("nodes.etcd1.address", "10.0.0.11:2379", "a port", "10.0.0.11"),
    ("nodes.etcd1.address", "[2001:db8::1]", "brackets", "10.0.0.11"),
    ("nodes.etcd1.address", "https://10.0.0.11", "URL", "10.0.0.11"),
    ("nodes.etcd1.address", "10.0.0.0/24", "network", "10.0.0.11"),
    ("nodes.etcd1.address", "10.0.0.256", "no IP address", "10.0.0.11"),
    ("nodes.etcd1.address", "", "no IP address", "10.0.0.11"),
    ("nodes.etcd1.address", 10.0, "a number is no text", "10.0.0.11"),
    ("nodes.etcd2.address", "10.0.0.11", "etcd1 listens on 10.0.0.11 port 2379", "of its own"),
    # ports
    ("client_port", "2379", "a text is no whole number (without quotes)", "2379"),
    ("client_port", 0, "less than 1", "2379"),
    ("client_port", 65536, "more than 65535", "2379"),
    ("client_port", 2380.0, "whole number", "2379"),
    ("client_port", True, "whole number", "2379"),
    ("peer_port", 2379, "port of another listener of etcd1", "2380"),
    ("nodes.etcd1.peer_port", 2379, "port of another listener", "2380"),
    ("metrics", {"port": 2379}, "port of another listener", "2381"),
    ("metrics", 2381, "a number is no mapping", "http"),
    ("metrics", {"scheme": "tcp"}, "'http' or 'https'", "http"),
    # names in certificates
    ("names", "etcd.example.org", "single value", '["etcd.example.org"]'),
    ("names", "a.example.org, b.example.org", "single value", '["a.example.org", "b.example.org"]'),
    ("metrics", "no", "is no mapping", "remove it, or give it `none`"),
    ("nodes.etcd1.metrics", False, "is no mapping", "remove it, or give it `none`"),
    ("names", ["*"], "stands for no host", "*.etcd.example.org"),
    ("names", [""], "stands for no host", "*.etcd.example.org"),
    ("names", ["*."], "neither a DNS name", "etcd.example.org"),
    ("names", ["a.*.example.org"], "whole first label", "*.etcd.example.org"),
    ("names", ["*.*.org"], "whole first label", "*.etcd.example.org"),
    ("names", ["etcd*.org"], "whole first label", "*.etcd.example.org"),
    ("names", ["a b"], "neither a DNS name", "etcd.example.org"),
    ("names", ["10.0.0"], "neither a DNS name", "etcd.example.org"),
    ("names", ["fe80::1%eth0"], "zone", "fe80::1"),
    # what has no example of its own
    ("flags", {"logger": None}, "nothing after its colon", "remove it, or give it a value"),
    ("install", {"method": "release", "sha256": {"amd64": "abc"}}, "64 hexa", "SHA256SUMS"),
    # folders and limits
    ("root", "", "is empty", ".dev/nodes"),
    ("root", "~/etcd", "only a shell expands", "/srv/etcd"),
    ("root", "a\nb", "line break", "one plain line"),
    ("install", {"directory": ""}, "is empty", ".dev/nodes"),
    ("install", "release", "a text is no mapping", '{"method": "release"}'),
    ("quota_mib", 0, "less than 16", "2048"),
    ("quota_mib", "2GiB", "no whole number", "2048"),
    ("max_request_kib", 20000, "more than 10240", "1536"),
    ("snapshot_count", 0, "less than 1", "10000"),
    # timing and compaction
    ("election_ms", 60000, "more than 50000", "1000"),
    ("election_ms", 400, "less than 5 heartbeats of 100 ms", "1000"),
    ("heartbeat_ms", 20000, "less than 5 heartbeats", "100"),
    ("compaction", {"retention": 5}, "needs a unit", "1h"),
    ("compaction", {"retention": "soon"}, "90s, 15m, 36h, 365d or 1h30m", "1h"),
    ("compaction", {"retention": "0h"}, "nothing", "1h"),
    ("compaction", {"mode": "revision"}, "number of revisions", "10000"),
    ("compaction", {"mode": "revision", "retention": "1h"}, "number of revisions", "10000"),
    ("compaction", {"mode": "off"}, "'periodic' or 'revision'", "periodic"),
    # maintenance
    ("maintenance", "2026-11-26", "a text is no mapping", "2026-11-26"),
    ("maintenance", {"defrag": "a"}, "no known key", "`defragment`"),
    ("maintenance", {"defragment": True}, "is no text", "2026-11-26"),
    ("maintenance", {"defragment": ["a"]}, "is no text", "2026-11-26"),
    ("maintenance", {"defragment": 2026.11}, "is no text", "2026-11-26"),
    ("maintenance", {"defragment": None}, "nothing after its colon", "2026-11-26"),
    ("maintenance", {"defragment": ""}, "no short text", "2026-11-26"),
    ("maintenance", {"defragment": "a\nFACTS"}, "no short text", "2026-11-26"),
    ("maintenance", {"defragment": "$(id)"}, "no short text", "2026-11-26"),
    ("maintenance", {"defragment": "x" * 61}, "at most 60", "2026-11-26"),
    # certificates
    ("pki.algorithm", "rsa-1024", "not known", "rsa-"),
    ("pki.profile", "old", "'modern' or 'classic'", "modern"),
    ("pki.subject", {"country": "de"}, "form ^[A-Z]{2}$", "DE"),
    ("pki.subject", {"country": "DEU"}, "form ^[A-Z]{2}$", "DE"),
    ("pki.signing", 2.5, "whole number", "1"),
    ("pki.signing", 0, "less than 1", "1"),
    ("pki.trusted", 1, "single value", "[1]"),
    ("pki.trusted", [], "is empty", "[1]"),
    ("pki.trusted", [2], "does not contain 1, which signs", "[1, 2]"),
    ("pki.trusted", [1, 1], "twice", "[1]"),
    ("pki.trusted", ["1"], "no whole number", "1"),
    ("pki.generations", {"two": {}}, "no whole number", "name it `2`"),
    ("pki.generations", [{}], "a list of 1 is no mapping", '{"2": {"intermediate": true}}'),
    ("pki.generations", {"2": {"key": "k"}}, "certificate to sign", "self-made"),
    ("pki.generations", {"2": {"certificate": "c"}}, "key to sign", "self-made"),
    ("pki.generations", {"2": {"chain": "c"}}, "external authority", "remove it"),
    ("pki.generations", {"2": {"keys": "k"}}, "no known key", "`key`"),
    ("pki.lifetimes", {"server": {"validity": "12d"}}, "not shorter than the validity", "1d"),
    ("pki.lifetimes", {"server": {"validity": "90m"}}, "whole hours, 2h or more", "2h"),
    ("pki.lifetimes", {"server": {"renew_before": "5m"}}, "whole hours, 1h or more", "1h"),
    ("pki.lifetimes", {"server": {"validity": 365}}, "needs a unit", "365d"),
    ("pki.lifetimes", {"client": {"validity": "4000d"}}, "the authority's 3650d", "3650d"),
    (
        "pki.lifetimes",
        {"ca": {"validity": "40000d", "renew_before": "9d"}},
        "hundred years",
        "365d",
    ),
    ("pki.lifetimes", {"ca": {"validity": "90d", "renew_before": "9d"}}, "each leaf", "365d"),
    ("pki.lifetimes", {"servers": {}}, "no known key", "`server`"),
    ("pki.lifetimes", {"server": "365d"}, "a text is no mapping", "365d"),
    # unknown keys
    ("node", {}, "no known key", "`nodes`"),
    ("client-port", 2379, "no known key", "`client_port`"),
    ("zzz", 1, "no known key", "known here: architecture, client_port"),
    ("max-txn-ops", 256, "is an etcd flag", "flags: {max-txn-ops: …}"),
    ("heartbeat-interval", 100, "is an etcd flag", "`heartbeat_ms`"),
]


@pytest.mark.parametrize(("path", "value", "reason", "remedy"), CASES)
def test_a_mistake_is_named(path: str, value: object, reason: str, remedy: str) -> None:
    problem = the_problem(changed((path, value)))
    assert problem.path.startswith(f"cluster.{path}")
    assert reason in problem.reason
    assert remedy in problem.remedy


@pytest.mark.parametrize(("path", "value"), [case[:2] for case in CASES])
def test_a_remedy_that_is_a_value_is_accepted(path: str, value: object) -> None:
    raw = changed((path, value))
    problem = the_problem(raw)
    if problem.example is None:
        return
    take_example(raw, problem)
    assert problem.path not in {each.path for each in problems_of(raw)}


@pytest.mark.parametrize("raw", [None, "dev", 3, True, [], [GOOD]])
def test_what_is_no_mapping_gets_a_whole_example(raw: object) -> None:
    (problem,) = problems_of(raw)
    assert problem.path == "cluster"
    assert load(problem.example)


def test_eight_nodes_are_too_many_even_if_one_is_wrong() -> None:
    nodes: dict[str, Any] = {f"n{n}": {"address": f"10.0.0.{n}"} for n in range(1, 9)}
    (problem,) = problems_of(changed(("nodes", nodes)))
    assert problem.path == "cluster.nodes"
    assert "8 members" in problem.reason
    nodes["n8"] = {"address": "nowhere.example"}
    assert len(problems_of(changed(("nodes", nodes)))) == 2


def test_a_misspelt_key_hides_no_mistake_of_the_key_that_is_there() -> None:
    raw = changed(("versoin", "3.6.16"), ("version", "3.4.0"))
    assert [problem.path for problem in problems_of(raw)] == [
        "cluster.version",
        "cluster.versoin",
    ]
    del raw["version"]
    assert [problem.path for problem in problems_of(raw)] == ["cluster.versoin"]
