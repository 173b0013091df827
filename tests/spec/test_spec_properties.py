"""For any input: nothing but a SpecError, no secret in it, and remedies that are accepted."""

from __future__ import annotations

import copy
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.spec import Cluster, SpecError, load
from tests.spec.machines import FULL_REMOTE
from tests.spec.pods import FULL_PODS
from tests.spec.stack_files import GOOD, put

SECRET = "hunter2-0123456789"

# The same examples at every run; EXAMPLES=20000 looks further.
REPEATABLE = settings(
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=int(os.environ.get("EXAMPLES", "100")),
    derandomize="EXAMPLES" not in os.environ,
    deadline=None,
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**30, -1, 2**63, 0, 65535])
    | st.floats()
    | st.text(max_size=12)
)
keys = st.text(max_size=8) | st.sampled_from(sorted(Cluster.model_fields))
anything: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
# Values that are nearly right: where checks between fields have something to say.
NEARLY: list[Any] = [
    *(1, 2, 5, 100, 400, 2379, 2380, 2381, 60000, 2.0, True, None),
    *([1], [2], [1, 1], [1, 2]),
    *("", "*", "1", "5", "2379", "a.b", "10.0.0.11", "10.0.0.12", "true", "3.5.35", "3.7.3"),
    *("1h", "90m", "30d", "365d", "4000d", "50000d"),
    *("classic", "modern", "wan", "revision", "wipe", "yaml"),
    *("kubernetes", "pod", "required", "1Gi", "512m", "a" * 57, "etcd:v3.6.16", "cluster.local."),
    *("ssh", "local", "systemd", "supervisor", "release", "preinstalled", "package", "nftables"),
    *("/srv/etcd", "/opt/etcd/1", "/etc", "root", "127.0.0.1", "10.0.0.0/8", False),
]
nearly = st.sampled_from(NEARLY)
# YAML has keys that JSON has not.
yaml_keys = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | keys

FULL: dict[str, Any] = {
    **GOOD,
    "throwaway": True,
    "on_destroy": "wipe",
    "consumers": {"apiserver": {"common_name": "a", "organization": "o"}},
    "install": {"method": "preinstalled", "directory": "d"},
    "metrics": {"scheme": "http", "port": 2381},
    "names": ["etcd.example.org"],
    "flags": {"max-txn-ops": 256},
    "tuning": "default",
    "heartbeat_ms": 100,
    "election_ms": 1000,
    "client_port": 2379,
    "config_format": "env",
    "compaction": {"mode": "periodic", "retention": "1h"},
    "maintenance": {"defragment": "2026-11-26"},
    "pki": {
        "profile": "modern",
        "subject": {"country": "DE"},
        "signing": 1,
        "trusted": [1],
        "generations": {"1": {"intermediate": True}},
        "lifetimes": {
            "ca": {"validity": "3650d", "renew_before": "30d"},
            "server": {"validity": "365d", "renew_before": "30d"},
        },
    },
}


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a stack file."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, ...]] = []
    for step, below in inside:
        found.append((*above, step))
        if isinstance(below, dict | list):
            found += places(below, (*above, step))
    return found


@st.composite
def broken(draw: st.DrawFn) -> dict[str, Any]:
    """A full stack file with one to five places replaced by anything."""
    raw = copy.deepcopy(draw(st.sampled_from((FULL, FULL_REMOTE, FULL_PODS))))
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.sampled_from(places(raw)))
        owner = raw
        for step in place[:-1]:
            owner = owner[step]
        owner[place[-1]] = copy.deepcopy(draw(nearly | anything))
    return raw


@pytest.mark.parametrize("raw", [{"[key]": None}, {"nodes": {"[key]": None}}])
def test_a_key_that_looks_like_pydantics_mark(raw: object) -> None:
    error = outcome(raw)
    assert error is not None
    assert any("[key]" in problem.path for problem in error.problems)


@pytest.mark.parametrize("raw", [{"\ud800": 1}, {"nodes": {"\ud800": 1}}, {"\ud800": {"a": None}}])
def test_a_key_with_half_a_character(raw: object) -> None:
    """No file has one; a program that calls the spec may."""
    assert outcome(raw)


def test_the_full_stack_file_is_good() -> None:
    assert load(FULL)


def outcome(raw: object) -> SpecError | None:
    try:
        load(raw)
    except SpecError as error:
        found = error
    else:
        return None
    assert found.problems
    assert all(problem.reason and problem.remedy for problem in found.problems)
    return found


@pytest.mark.slow
@given(anything | st.dictionaries(yaml_keys, anything, max_size=4))
@REPEATABLE
def test_anything_is_loaded_or_refused(raw: object) -> None:
    outcome(raw)


@pytest.mark.slow
@given(broken())
@REPEATABLE
def test_a_broken_stack_file_is_loaded_or_refused_untouched(raw: dict[str, Any]) -> None:
    before = copy.deepcopy(raw)
    error = outcome(raw)
    assert repr(raw) == repr(before)
    found = [(problem.path, problem.value) for problem in error.problems] if error else []
    assert len(found) == len(set(found)), "no key and no value is refused twice"


@pytest.mark.slow
@given(broken())
@settings(REPEATABLE, max_examples=REPEATABLE.max_examples // 3)  # each loads once a problem more
def test_remedies_that_are_values_are_accepted(raw: dict[str, Any]) -> None:
    """Put in one by one: its own problem is gone and no new one stands at that place."""
    error = outcome(raw)
    for problem in error.problems if error else ():
        if problem.example is None or not problem.path.replace(".", "").isidentifier():
            continue
        mended = copy.deepcopy(raw)
        put(mended, problem.path.split(".")[1:], problem.example)
        again = outcome(mended)
        assert problem.reason not in {
            each.reason for each in (again.problems if again else ()) if each.path == problem.path
        }


@pytest.mark.slow
@given(broken(), st.sampled_from(["text", "list", "mapping"]))
@REPEATABLE
def test_a_secret_is_never_shown(raw: dict[str, Any], form: str) -> None:
    secret = {"text": SECRET, "list": [SECRET], "mapping": {"value": SECRET}}[form]
    raw["pki"] = {"generations": {"2": {"key": secret, "kez": secret}}, "private_key": secret}
    raw["kubernetes"] = {"namespace": "etcd", "kubeconfig": secret}
    raw["ssh"] = {"private_key": secret, "private_key_password": secret, "password": secret}
    error = outcome(raw)
    assert error is not None
    for part in (SECRET, SECRET[:7], SECRET[-7:]):
        assert part not in str(error)
        assert part not in repr(error.problems)


@pytest.mark.parametrize(
    "raw",
    [
        SECRET,
        {"pki": SECRET},
        {"pki": {"generations": SECRET}},
        {"pki": {"generations": {"2": SECRET}}},
        {"pki": {"generations": {"2": {"certificate": SECRET, "key": SECRET, "chain": SECRET}}}},
        {"flags": {"discovery-password": SECRET}},
        {"privatekey": SECRET},
        {"name": f"-----BEGIN PRIVATE KEY-----\n{SECRET}"},
        {"names": [f"PRIVATE KEY {SECRET}"]},
        {"root": f"\n{SECRET}"},
        {"version": f"PRIVATE KEY {SECRET}"},
        {"names": [f"-----BEGIN PRIVATE KEY-----\n{SECRET}"]},
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(raw: object) -> None:
    error = outcome(raw)
    assert error is not None
    assert SECRET not in str(error)
    assert SECRET not in repr(error.problems)


def test_a_secret_is_not_shown_by_the_models_either() -> None:
    pki = {"generations": {"2": {"certificate": "c", "key": SECRET}}}
    cluster = Cluster.model_validate({**GOOD, "pki": pki})
    assert SECRET not in repr(cluster)
    assert SECRET not in cluster.model_dump_json()
