"""What a good stack file gives: defaults, settings per node, profiles, durations, warnings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from components.spec import Cluster, load, warnings_of
from components.spec.values.duration import format_duration, parse_duration
from tests.spec.stack_files import GOOD, changed, the_problem


def test_defaults() -> None:
    cluster = load(GOOD)
    assert (cluster.throwaway, cluster.on_destroy, cluster.config_format) == (False, "keep", "env")
    assert (cluster.tuning, cluster.heartbeat_ms, cluster.election_ms) == ("default", 100, 1000)
    assert cluster.compaction.mode == "periodic"
    assert cluster.compaction.retention == timedelta(hours=1)
    assert cluster.consumer_names == ("operator",)
    assert (cluster.pki.algorithm, cluster.pki.signing, cluster.pki.trusted) == (
        "ecdsa-p256",
        1,
        (1,),
    )
    assert warnings_of(cluster) == ()
    node = cluster.node("etcd2")
    assert (node.name, node.address, node.client_port, node.peer_port) == (
        "etcd2",
        "10.0.0.12",
        2379,
        2380,
    )
    assert (node.transport, node.runtime, node.log_level) == ("local", "supervisor", "info")
    assert (node.quota_mib, node.max_request_kib, node.metrics_url) == (2048, 1536, None)


def test_everything_is_frozen() -> None:
    cluster = load(GOOD)
    for part in (cluster, cluster.pki, cluster.node("etcd1"), cluster.nodes["etcd1"]):
        with pytest.raises(ValidationError, match="frozen"):
            part.name = "other"  # type: ignore[union-attr]


def test_a_node_has_its_own_value_else_the_clusters() -> None:
    cluster = load(
        changed(
            ("log_level", "warn"),
            ("metrics", {"port": 2399}),
            ("nodes.etcd2.log_level", "debug"),
            ("nodes.etcd2.metrics", "none"),
            ("nodes.etcd3.metrics", {"scheme": "https"}),
        )
    )
    levels = [node.log_level for node in cluster.resolved_nodes()]
    assert levels == ["warn", "debug", "warn"]
    urls = [node.metrics_url for node in cluster.resolved_nodes()]
    assert urls == ["http://10.0.0.11:2399", None, "https://10.0.0.13:2381"]


def test_names_and_flags_of_a_node_add_to_the_clusters() -> None:
    cluster = load(
        changed(
            ("names", ["etcd.example.org", "10.9.9.9"]),
            ("flags", {"max-txn-ops": 256, "metrics": "basic"}),
            ("nodes.etcd1.names", ["*.rack1.example.org", "10.9.9.9"]),
            ("nodes.etcd1.flags", {"metrics": "extensive", "log-outputs": ["stderr"]}),
        )
    )
    node = cluster.node("etcd1")
    assert node.names == ("etcd.example.org", "10.9.9.9", "*.rack1.example.org")
    assert node.flags == {
        "log-outputs": ("stderr",),
        "max-txn-ops": 256,
        "metrics": "extensive",
    }
    assert cluster.node("etcd2").flags == {"max-txn-ops": 256, "metrics": "basic"}


def test_ipv6_stands_in_brackets_and_in_its_short_form() -> None:
    node = load(changed(("nodes.etcd1.address", "2001:DB8:0:0::1"))).node("etcd1")
    assert node.address == "2001:db8::1"
    assert node.client_url == "https://[2001:db8::1]:2379"
    assert node.peer_url == "https://[2001:db8::1]:2380"


@pytest.mark.parametrize(
    ("given", "names", "common_name"),
    [
        (["apiserver", "prometheus"], ("apiserver", "prometheus", "operator"), "apiserver"),
        (["operator", "apiserver"], ("operator", "apiserver"), "apiserver"),
        ({"apiserver": None}, ("apiserver", "operator"), "apiserver"),
        ({"apiserver": {"common_name": "kube"}}, ("apiserver", "operator"), "kube"),
        (
            {"apiserver": {"organization": "o"}, "operator": {}},
            ("apiserver", "operator"),
            "apiserver",
        ),
    ],
)
def test_consumers_are_a_list_or_a_mapping(
    given: object, names: tuple[str, ...], common_name: str
) -> None:
    cluster = load(changed(("consumers", given)))
    assert cluster.consumer_names == names
    assert cluster.consumers["apiserver"].common_name == common_name
    assert cluster.consumers["operator"].common_name == "operator"


@pytest.mark.parametrize(
    ("profile", "heartbeat_ms", "election_ms"),
    [("default", 100, 1000), ("pi", 500, 5000), ("wan", 300, 3000)],
)
def test_tuning_profiles(profile: str, heartbeat_ms: int, election_ms: int) -> None:
    cluster = load(changed(("tuning", profile)))
    assert (cluster.heartbeat_ms, cluster.election_ms) == (heartbeat_ms, election_ms)
    own = load(changed(("tuning", profile), ("election_ms", 6000)))
    assert (own.heartbeat_ms, own.election_ms) == (heartbeat_ms, 6000)


def test_the_classic_profile_has_the_values_of_document_001() -> None:
    pki = load(changed(("pki", {"profile": "classic"}))).pki
    assert pki.algorithm == "rsa-4096"
    assert {pki.lifetimes.ca.validity, pki.lifetimes.server.validity} == {timedelta(days=3650)}
    subject = pki.subject
    assert (subject.country, subject.province, subject.locality, subject.organization) == (
        "CN",
        "Shanghai",
        "Shanghai",
        "k8s",
    )


def test_what_is_set_in_a_profile_leaves_the_rest_of_it() -> None:
    pki = load(
        changed(
            ("pki.profile", "classic"),
            ("pki.algorithm", "rsa-2048"),
            ("pki.lifetimes.server.renew_before", "60d"),
        )
    ).pki
    assert pki.algorithm == "rsa-2048"
    assert pki.lifetimes.server.validity == timedelta(days=3650)
    assert pki.lifetimes.server.renew_before == timedelta(days=60)
    assert pki.lifetimes.peer.renew_before == timedelta(days=30)


def test_the_signing_generation_is_trusted_by_default() -> None:
    assert load(changed(("pki", {"signing": 3}))).pki.trusted == (3,)


def test_generations_by_number_or_by_text() -> None:
    for key in (2, "2"):
        pki = load(changed(("pki.generations", {key: {"intermediate": True}, "3": None}))).pki
        assert pki.generations[2].intermediate
        assert not pki.generations[3].external


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("late november", "late november"),
        (20261126, "20261126"),
        (date(2026, 11, 26), "2026-11-26"),
        ("2026-11-26 00:00:00 +0000 UTC", "2026-11-26"),
    ],
)
def test_an_occasion_is_a_text_whatever_yaml_takes_it_for(given: object, label: str) -> None:
    cluster = load(changed(("maintenance", {"defragment": given})))
    assert cluster.maintenance.defragment == label


def test_revision_compaction_keeps_a_count() -> None:
    given = {"mode": "revision", "retention": 5000}
    assert load(changed(("compaction", given))).compaction.retention == 5000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("36h", 129600), ("365d", 31536000), ("1h30m", 5400)],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)
    assert parse_duration(format_duration(parse_duration(text))) == parse_duration(text)


@pytest.mark.parametrize(
    ("path", "value", "warning"),
    [
        ("nodes.etcd3", ..., "2 members survive no more failures than 1"),
        ("version", "3.5.20", "older than 3.5.35: 3.5.33 fixes GHSA-xg4h"),
        ("version", "3.7.0", "GHSA-6vch"),
        ("quota_mib", 8193, "quota_mib 8193 is above"),
        ("nodes.etcd2.quota_mib", 9000, "etcd2: quota_mib 9000"),
        ("election_ms", 500, "less than 10 heartbeats"),
        ("nodes.etcd1.address", "127.0.0.11", "etcd1: a loopback address"),
        ("pki.generations", {"4": {}}, "pki.generations.4 neither signs nor is trusted"),
    ],
)
def test_warnings(path: str, value: object, warning: str) -> None:
    warnings = warnings_of(load(changed((path, value))))
    assert any(warning in each for each in warnings), warnings


def test_a_cluster_may_be_built_from_its_own_model() -> None:
    assert Cluster.model_validate(GOOD) == load(GOOD)


def test_a_cluster_needs_a_node_that_it_can_reach() -> None:
    away = [(f"nodes.etcd{n}.reachable", False) for n in (1, 2, 3)]
    problem = the_problem(changed(*away))
    assert problem.path == "cluster.nodes.etcd1.reachable"
    assert "no machine to work on" in problem.reason
    (warning,) = warnings_of(load(changed(*away[1:])))
    assert "etcd2, etcd3: not reachable" in warning
    assert warnings_of(load(changed(*away[2:]))) == ()


def test_a_name_that_others_read_as_a_truth_value_is_warned_of() -> None:
    given = changed(("nodes.no", {"address": "10.0.0.14"}), ("nodes.on", {"address": "10.0.0.15"}))
    given["consumers"] = {"y": None, "apiserver": None}
    told = [warning.partition(":")[0] for warning in warnings_of(load(given))]
    assert told == ["cluster.nodes.no", "cluster.nodes.on", "cluster.consumers.y"]
