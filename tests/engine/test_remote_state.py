"""The real program with its state in S3 and its secrets under KMS, both answered by moto."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from lab.aws import CREDENTIALS, NO_CREDENTIALS, Aws
from lab.stack import LAYOUT, REPOSITORY, EtcdStack, Result, started_at

# test_lifecycle and test_interrupted do much of it, with a state in files.
pytestmark = [pytest.mark.slow, pytest.mark.soak]

UP = ("up", "--yes", "--skip-preview", "--suppress-outputs")
NO_PASSPHRASE = {"PULUMI_CONFIG_PASSPHRASE_FILE": ""}


def stack_of(aws: Aws, folder: Path, credentials: dict[str, str] = CREDENTIALS) -> EtcdStack:
    """A checkout in `folder` that knows the bucket; its stack file is still to come."""
    stack = EtcdStack(
        folder,
        backend=aws.backend,
        secrets_provider=aws.secrets_provider,
        extra_environment={**credentials, **NO_PASSPHRASE},
        spec={
            # What a checkout's own folder has no say in, as on machines that are not the runner.
            "root": str(folder / ".dev" / "nodes"),
            "install": {"method": "preinstalled", "directory": str(LAYOUT.home / "etcd")},
        },
    )
    shutil.copytree(REPOSITORY / "ops", folder / "ops")
    return stack


@pytest.fixture(scope="module")
def cluster(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdStack]:
    """One cluster for all tests here; each leaves it healthy and with nothing to change."""
    stack = stack_of(aws, tmp_path_factory.mktemp("cluster")).create()
    try:
        stack.up().ok()
        yield stack
    finally:
        stack.remove()


@pytest.fixture
def clone(aws: Aws, cluster: EtcdStack, tmp_path: Path) -> Callable[..., EtcdStack]:
    """Makes a second person's checkout: other folder, only the committed stack file."""

    def make(credentials: dict[str, str] = CREDENTIALS) -> EtcdStack:
        stack = stack_of(aws, tmp_path, credentials)
        shutil.copy(cluster.stack_file, stack.stack_file)
        return stack

    return make


def result_of(run: subprocess.Popen[str]) -> Result:
    output, _ = run.communicate(timeout=60)
    return Result(run.returncode, output)


def ops(stack: EtcdStack, *arguments: str) -> Result:
    """`python -m ops` in the stack's folder; both of its outputs as one."""
    process = subprocess.run(
        [sys.executable, "-m", "ops", *arguments, "--stack", "t"],
        cwd=stack.folder,
        env=stack.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
    return Result(process.returncode, process.stdout)


def runs_of_members(stack: EtcdStack) -> dict[str, tuple[int, int]]:
    return {node: (pid, started_at(pid)) for node, pid in stack.pids().items()}


def assert_healthy(stack: EtcdStack) -> None:
    assert stack.etcdctl("endpoint", "health", "--write-out=json").count('"health":true') == 3


def test_what_was_ever_in_the_bucket_holds_no_private_key(aws: Aws, cluster: EtcdStack) -> None:
    written = aws.ever_written()
    kinds = {name.split("/")[1] for name, _ in written}
    assert kinds >= {"stacks", "history", "backups", "locks"}
    assert key_lines(cluster)
    marks = [b"PRIVATE KEY", *key_lines(cluster)]
    in_plain = cluster.run("stack", "export", "--show-secrets").ok().output.encode()
    assert all(mark in in_plain for mark in marks)
    assert [name for name, content in written if any(mark in content for mark in marks)] == []


def key_lines(stack: EtcdStack) -> list[bytes]:
    """A line of each private key that lies on a node: the same in PEM, in JSON and elsewhere."""
    files = (stack.folder / ".dev/nodes").rglob("*.key")
    return [file.read_bytes().splitlines()[1] for file in files]


def test_the_stack_file_holds_an_encrypted_key_and_no_pass_phrase(cluster: EtcdStack) -> None:
    text = cluster.stack_file.read_text()
    document = yaml.safe_load(text)
    assert document.keys() == {"secretsprovider", "encryptedkey", "config"}
    assert document["secretsprovider"] == cluster.secrets_provider
    assert "PRIVATE KEY" not in text


def two_ups_at_once(stack: EtcdStack) -> tuple[int, Result, Result]:
    """The process id of the one that went, its result, and the other's."""
    runs = [stack.start(*UP), stack.start(*UP)]
    results = {run.pid: result_of(run) for run in runs}
    first, second = sorted(results, key=lambda pid: results[pid].status)
    return first, results[first], results[second]


def test_of_two_ups_at_once_one_goes_and_the_other_is_told_who(
    aws: Aws, cluster: EtcdStack
) -> None:
    cluster.change(consumers=["apiserver", "late"])
    # The engine writes its lock, then looks for others: now and then (one time in some fifty, more
    # often on a busy machine) each sees the other's and gives way. Never do both go.
    for _ in range(8):
        winner, went, refused = two_ups_at_once(cluster)
        if went.status == 0:
            break
        assert "currently locked" in went.output
    went.ok()
    assert_refused_because_of(winner, refused)
    assert "late" in cluster.outputs()["consumers"]
    assert_healthy(cluster)
    assert aws.locks() == []


def assert_refused_because_of(pid: int, refused: Result) -> None:
    assert refused.status == 1
    assert "currently locked by 1 lock" in refused.output
    holder = f"created by {getpass.getuser()}@{socket.gethostname()} (pid {pid})"
    assert holder in refused.output


def test_an_up_beside_a_long_one_is_refused_at_once(
    aws: Aws, cluster: EtcdStack, clone: Callable[..., EtcdStack]
) -> None:
    second_person = clone()
    with aws.held_lock(cluster.start(*UP)) as holder:
        refused = second_person.up()  # the other is stopped meanwhile: this one does not wait
        told = ops(second_person, "up")
        second_person.run("preview").ok()
    result_of(holder).ok()
    assert_refused_because_of(holder.pid, refused)
    assert told.status == 1
    assert told.output.startswith("stack t is locked: another run is under way")
    assert f"{getpass.getuser()}@{socket.gethostname()}, process {holder.pid}," in told.output
    assert_healthy(cluster)


def test_an_up_frees_the_lock_of_a_run_that_was_killed(aws: Aws, cluster: EtcdStack) -> None:
    killed = cluster.start(*UP)
    with aws.held_lock(killed):
        os.kill(killed.pid, signal.SIGKILL)
    assert result_of(killed).status == -signal.SIGKILL
    assert len(aws.locks()) == 1
    freed = ops(cluster, "up").ok()
    assert f"process {killed.pid}, since" in freed.output
    assert "its lock is removed" in freed.output
    assert aws.locks() == []


def test_a_fresh_clone_has_nothing_to_change(
    cluster: EtcdStack, clone: Callable[..., EtcdStack]
) -> None:
    second_person = clone()
    committed = second_person.stack_file.read_bytes()
    second_person.run("preview", "--expect-no-changes").ok()
    assert second_person.stack_file.read_bytes() == committed
    assert second_person.etcdctl("get", "nothing") == ""


def test_a_clone_without_credentials_is_told_so(clone: Callable[..., EtcdStack]) -> None:
    nobody = clone(NO_CREDENTIALS)
    for refused in (nobody.run("preview"), nobody.up(), ops(nobody, "up")):
        assert refused.status != 0
        assert "get credentials: failed" in refused.output
        assert "Traceback" not in refused.output
        assert len(refused.output.strip().splitlines()) == 1


def test_an_up_without_kms_says_so_and_touches_nothing(aws: Aws, cluster: EtcdStack) -> None:
    before = (runs_of_members(cluster), aws.writes())
    cluster.change(log_level="warn")
    try:
        with aws.kms.pause():
            for refused in (cluster.up(), ops(cluster, "up")):
                assert refused.status != 0
                assert "KMS: Decrypt" in refused.output
                assert f"{aws.kms.url}/" in refused.output
                assert "connection refused" in refused.output
                assert "Traceback" not in refused.output
    finally:
        cluster.change(log_level="info")
    assert (runs_of_members(cluster), aws.writes()) == before


def test_up_and_down_of_the_command_line_leave_nothing(tmp_path: Path) -> None:
    aws = Aws()
    stack = stack_of(aws, tmp_path).create().change(throwaway=True, on_destroy="wipe")
    try:
        ops(stack, "up").ok()
        assert_healthy(stack)
        pids = stack.pids().values()
        ops(stack, "down", "--yes").ok()
        assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
        assert list((stack.folder / ".dev").rglob("*")) == []
        assert [name for name in aws.objects() if "/locks/" in name or "/stacks/" in name] == []
    finally:
        stack.remove()
        aws.stop()
