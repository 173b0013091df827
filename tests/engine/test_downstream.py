"""A second program follows the etcd stack by reference: state in S3, secrets under KMS, on moto."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.aws import CREDENTIALS, Aws
from lab.stack import LAYOUT, EtcdStack
from lab.watchers.leaks import Keys
from lab.watchers.sampling import all_running, watched_files, watched_processes
from tests.support.downstream_stack import DownstreamStack
from tests.support.record import Record

pytestmark = pytest.mark.slow

NO_PASSPHRASE = {"PULUMI_CONFIG_PASSPHRASE_FILE": ""}


@pytest.fixture(scope="module")
def upstream(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdStack]:
    """One cluster for all tests here, of one member: they look at its outputs."""
    stack = EtcdStack(
        tmp_path_factory.mktemp("upstream"),
        backend=aws.backend,
        **aws.secrets,
    )
    stack.spec["nodes"] = dict(list(stack.spec["nodes"].items())[:1])
    stack.create()
    try:
        stack.up().ok()
        yield stack
    finally:
        stack.remove()


@pytest.fixture
def downstream(aws: Aws, upstream: EtcdStack) -> Iterator[DownstreamStack]:
    """Not yet up; its stack and its files are gone afterwards."""
    stack = DownstreamStack(upstream, aws.secrets_provider).create()
    yield stack
    stack.destroy().ok()
    stack.run("stack", "rm", "--yes").ok()
    shutil.rmtree(stack.folder)


def told(upstream: EtcdStack) -> dict[str, Any]:
    """What the etcd stack says to the consumer."""
    found: dict[str, Any] = upstream.outputs()["apiserver"]["apiserver"]
    return found


def digest(downstream: DownstreamStack) -> str:
    (annotation,) = downstream.pod()["metadata"]["annotations"].values()
    return str(annotation)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if not path.is_dir()]


def assert_etcd_answers(downstream: DownstreamStack) -> None:
    """To the flags of the manifest and the files on the machine, and nothing else."""
    given = dict(
        flag.split("=", 1) for flag in downstream.pod()["spec"]["containers"][0]["command"][1:]
    )
    subprocess.run(
        [
            *("etcdctl", "endpoint", "health", f"--endpoints={given['--etcd-servers']}"),
            f"--cacert={downstream.root}{given['--etcd-cafile']}",
            f"--cert={downstream.root}{given['--etcd-certfile']}",
            f"--key={downstream.root}{given['--etcd-keyfile']}",
        ],
        env=downstream.environment,
        check=True,
    )


@pytest.mark.promise("outputs-suffice", "any")
def test_an_up_writes_what_the_etcd_stack_says_and_another_changes_nothing(
    upstream: EtcdStack, downstream: DownstreamStack
) -> None:
    downstream.up().ok()
    assert downstream.texts() == told(upstream)["files"]
    command = downstream.pod()["spec"]["containers"][0]["command"]
    assert set(told(upstream)["flags"]) < set(command)
    assert downstream.outputs() == {"pod": downstream.pod()}
    files = files_below(downstream.root)
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert len(files) == 3 + 2 + 1 + 1  # etcd's, the service accounts', the manifest, the note
    assert_etcd_answers(downstream)
    downstream.up("--expect-no-changes").ok()
    downstream.destroy().ok()
    assert files_below(downstream.root) == []


@pytest.mark.soak
def test_it_follows_a_renewal_and_a_rotation_step_by_step(
    upstream: EtcdStack, downstream: DownstreamStack
) -> None:
    """Each step finds the files of the one before still good. A restart where the CA changes."""
    downstream.up().ok()
    changed = {
        "renewal": follow(upstream, downstream, lifetimes={"client": {"validity": "300d"}}),
        "trust both": follow(upstream, downstream, trusted=[1, 2]),
        "sign with the new": follow(upstream, downstream, trusted=[1, 2], signing=2),
        "drop the old": follow(upstream, downstream, trusted=[2], signing=2),
    }
    leaf, bundle = {"apiserver.crt"}, {"ca.crt", "restart"}
    assert changed == {
        "renewal": leaf,
        "trust both": bundle,
        "sign with the new": leaf,
        "drop the old": bundle,
    }
    downstream.up("--expect-no-changes").ok()


def follow(upstream: EtcdStack, downstream: DownstreamStack, **pki: Any) -> set[str]:
    """Names of the files that an upstream change has changed, and `restart` if that is needed."""
    lifetimes = {"lifetimes": {"client": {"validity": "300d"}}}
    upstream.change(pki={**lifetimes, **pki}).up().ok()
    assert_etcd_answers(downstream)
    texts, before = downstream.texts(), digest(downstream)
    downstream.up().ok()
    assert downstream.texts() == told(upstream)["files"]
    assert_etcd_answers(downstream)
    changed = {Path(path).name for path, text in downstream.texts().items() if text != texts[path]}
    return changed | ({"restart"} if digest(downstream) != before else set())


@pytest.mark.soak
def test_another_consumer_has_other_files_and_the_former_key_is_gone(
    upstream: EtcdStack, downstream: DownstreamStack
) -> None:
    downstream.up().ok()
    downstream.change(consumer="operator").up().ok()
    names = sorted(Path(path).name for path in downstream.texts())
    assert names == ["ca.crt", "operator.crt", "operator.key"]
    assert_etcd_answers(downstream)


def assert_told(downstream: DownstreamStack, *texts: str) -> None:
    """A preview and an `up` say so, once and without a traceback, and nothing is touched."""
    before = {path: path.stat().st_mtime_ns for path in files_below(downstream.root)}
    for refused in (downstream.run("preview"), downstream.up()):
        assert refused.status != 0
        assert "Traceback" not in refused.output
        for text in texts:
            assert text in refused.output
        assert refused.output.count("refused:") <= 1
    assert {path: path.stat().st_mtime_ns for path in files_below(downstream.root)} == before


@pytest.mark.soak
def test_a_consumer_without_a_certificate(downstream: DownstreamStack) -> None:
    downstream.up().ok()
    downstream.change(consumer="scheduler")
    assert_told(
        downstream,
        "1 problem in the outputs of organization/etcd-cluster/t",
        "apiserver.scheduler: nothing",
        "no consumer has that name; there are apiserver, operator",
        "`consumers: [apiserver, operator, scheduler]`",
    )


@pytest.mark.soak
def test_a_stack_that_there_is_not(downstream: DownstreamStack) -> None:
    """The engine's own words."""
    downstream.change(etcd="organization/etcd-cluster/nope")
    assert_told(downstream, 'unknown stack "organization/etcd-cluster/nope"')


@pytest.fixture
def behind_a_passphrase(tmp_path: Path) -> Iterator[EtcdStack]:
    """An etcd stack of one member whose secrets want a pass phrase."""
    stack = EtcdStack(tmp_path)
    stack.spec["nodes"] = dict(list(stack.spec["nodes"].items())[:1])
    stack.create()
    try:
        stack.up().ok()
        yield stack
    finally:
        stack.remove()


@pytest.mark.soak
def test_the_pass_phrase_of_the_etcd_stack(aws: Aws, behind_a_passphrase: EtcdStack) -> None:
    """One process has one pass phrase, so a stack with another one needs another provider."""
    right = DownstreamStack(behind_a_passphrase, "passphrase", name="right").create()
    right.up().ok()
    assert_etcd_answers(right)
    wrong = {"PULUMI_CONFIG_PASSPHRASE_FILE": "", "PULUMI_CONFIG_PASSPHRASE": "another"}
    other = DownstreamStack(
        behind_a_passphrase, aws.secrets_provider, dict(CREDENTIALS), name="other"
    )
    other.create().up().ok()
    other.extra_environment |= wrong
    assert_told(
        other,
        "1 problem in the outputs of organization/etcd-cluster/t",
        "consumers: {}",
        "its secrets could not be decrypted",
        "PULUMI_CONFIG_PASSPHRASE_FILE",
    )
    other.extra_environment |= NO_PASSPHRASE
    del other.extra_environment["PULUMI_CONFIG_PASSPHRASE"]
    assert_told(other, "passphrase must be set with PULUMI_CONFIG_PASSPHRASE")


@pytest.mark.soak
def test_no_private_key_shows(aws: Aws, downstream: DownstreamStack) -> None:
    home, temporary = own_home(downstream), downstream.folder / "tmp"
    temporary.mkdir()
    downstream.extra_environment |= {
        "PULUMI_HOME": str(home),
        "TMPDIR": str(temporary),
        "PULUMI_DEBUG_COMMANDS": "true",
    }
    record = Record(downstream, Keys.of([]))
    samplers = {
        "processes": watched_processes(),
        "temporary files": watched_files(temporary),
        "files of the machine": watched_files(downstream.root),
    }
    with all_running(*samplers.values()):
        live(record)
    record.learn_keys()
    record.files("engine's logs", home / "logs")
    record.shown["bucket"] = {
        (name, content) for name, content in aws.ever_written() if "control-plane" in name
    }
    assert len(record.keys.pems) >= 1 + 2  # the service accounts', and all consumers'
    for kind, sampler in samplers.items():
        record.shown[kind] = sampler.seen
    held = record.shown.pop("files of the machine")
    assert all(record.shown.values()), {kind: len(seen) for kind, seen in record.shown.items()}
    assert {kind: found for kind in record.shown if (found := record.leaks(kind))} == {}
    with_keys = [place for place, content in held if b"PRIVATE KEY" in content]
    assert any(place.endswith("/apiserver.key") for place in with_keys)
    assert [place for place in with_keys if not place.startswith("0600 ")] == []


def own_home(downstream: DownstreamStack) -> Path:
    """So that the engine's logs are of this stack alone."""
    home = downstream.folder / "home"
    home.mkdir()
    (home / "plugins").symlink_to(LAYOUT.pulumi_home / "plugins")
    return home


def live(record: Record) -> None:
    """Creation, a change, a failure, each in another way of running."""
    downstream = record.stack
    record.engine("preview", "preview", "--diff")
    record.engine("preview", "preview", "--json")
    record.up()
    downstream.change(consumer="operator")
    record.engine("preview", "preview", "--diff")
    record.up("--json")
    downstream.change(consumer="nobody")
    record.engine("preview", "preview")
    downstream.change(consumer="apiserver")
    record.up()
    for command in ("stack", "stack export", "stack output --json", "stack history --json"):
        record.engine("other commands", *command.split())
