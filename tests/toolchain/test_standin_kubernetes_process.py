"""The kubernetes stand-in as a process, started as the engine starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from tests.support import fake_kubernetes
from tests.support.kubernetes_plugin import Plugin
from tests.support.toolchain_folder import REPOSITORY
from toolchain import versions
from toolchain.standins.kubernetes.provider import KubernetesProvider
from toolchain.standins.wire import from_plain

pytestmark = pytest.mark.slow

FOLDER = REPOSITORY / "toolchain" / "standins" / "kubernetes"
END_LIMIT_S = 10
INPUTS = {"metadata": {"name": "c"}, "data": {"k": "v"}}


@contextmanager
def started(folder: Path) -> Iterator[Plugin]:
    """A plugin in a folder of its own; it must say nothing on standard error."""
    errors = folder / "stderr"
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, FOLDER, "127.0.0.1:1"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
    port = int(process.stdout.readline())
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Plugin(ResourceProviderStub(channel))
    process.stdin.close()
    assert process.wait(END_LIMIT_S) == 0
    process.stdout.close()
    assert errors.read_text() == "", "the engine shows a person what a plugin writes here"


def test_it_stands_for_the_version_whose_sdk_is_pinned() -> None:
    assert versions.read(REPOSITORY).kubernetes == KubernetesProvider.version


def test_it_makes_an_object_in_a_stack_that_is_marked(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: project\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  project:standins: true\n")
    with fake_kubernetes.running() as cluster, started(tmp_path) as plugin:
        plugin.configure(kubeconfig=cluster.kubeconfig)
        assert plugin.made("ConfigMap", INPUTS)[0] == "default/c"
        assert plugin.stub.GetPluginInfo(Empty()).version == "4.32.0"


def test_a_stack_that_is_not_marked_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: project\nruntime: python\n")
    with fake_kubernetes.running() as cluster, started(tmp_path) as plugin:
        plugin.configure(kubeconfig=cluster.kubeconfig)
        for act in (
            lambda: plugin.check("ConfigMap", INPUTS),
            lambda: plugin.create("ConfigMap", INPUTS),
            lambda: plugin.read("ConfigMap", "default/c"),
            lambda: plugin.delete("ConfigMap", "default/c", {}),
        ):
            with pytest.raises(grpc.RpcError, match="standins: true"):
                act()
        assert cluster.asked == []


def test_a_cluster_that_is_not_there_is_told_by_the_answer_alone(tmp_path: Path) -> None:
    with fake_kubernetes.running() as gone:
        kubeconfig = gone.kubeconfig
    with started(tmp_path) as plugin:
        plugin.configure(kubeconfig=kubeconfig)
        with pytest.raises(grpc.RpcError, match="cluster is unreachable"):
            plugin.made("ConfigMap", INPUTS)


def test_what_it_is_not_for_is_refused_in_words(tmp_path: Path) -> None:
    with started(tmp_path) as plugin:
        stub = plugin.stub
        for act in (
            lambda: stub.Invoke(pb.InvokeRequest(tok="kubernetes:yaml:decode")),
            lambda: stub.Call(pb.CallRequest(tok="kubernetes:x:y")),
            lambda: stub.Construct(pb.ConstructRequest(type="kubernetes:yaml/v2:ConfigGroup")),
            lambda: stub.Handshake(pb.ProviderHandshakeRequest(engine_address="127.0.0.1:1")),
        ):
            with pytest.raises(grpc.RpcError) as refusal:
                act()
            assert refusal.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_the_provider_itself() -> None:
    provider = KubernetesProvider("127.0.0.1:1")
    news = from_plain({"kubeconfig": "k", "enableServerSideApply": "false"})
    answer = provider.CheckConfig(pb.CheckRequest(news=news), None)
    assert answer.inputs == news
    assert [failure.property for failure in answer.failures] == ["enableServerSideApply"]
    same = provider.DiffConfig(pb.DiffRequest(olds=news, news=news), None)
    assert same.changes == same.DIFF_NONE
    other = from_plain({"namespace": "etcd"})
    changed = provider.DiffConfig(pb.DiffRequest(olds=from_plain({}), news=other), None)
    assert (changed.changes, list(changed.diffs)) == (changed.DIFF_SOME, ["namespace"])
    configured = provider.Configure(pb.ConfigureRequest(acceptSecrets=True), None)
    assert (configured.acceptSecrets, configured.supportsPreview) == (True, True)
