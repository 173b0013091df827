"""Where the kubernetes stand-in finds its cluster, and when it is another one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolchain.standins.kubernetes import kubeconfig
from toolchain.standins.kubernetes.configuring import refusals, replacing
from toolchain.standins.kubernetes.settings import of_variables
from toolchain.standins.wire import UNKNOWN


def config(server: str = "https://a", **cluster: str) -> str:
    return json.dumps(
        {
            "clusters": [{"name": "c", "cluster": {"server": server, **cluster}}],
            "contexts": [
                {"name": "one", "context": {"cluster": "c", "namespace": "etcd"}},
                {"name": "two", "context": {"cluster": "d"}},
            ],
            "current-context": "one",
        }
    )


def test_a_kubeconfig_may_be_a_path_or_a_content(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(config())
    assert kubeconfig.content_of(str(path)) == kubeconfig.content_of(config())
    assert kubeconfig.file_of(str(path)) == str(path)
    assert kubeconfig.file_of(config()) is None


def test_without_one_it_is_what_kubectl_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(config("https://kubectl"))
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/missing:{path}")
    found = kubeconfig.active_cluster(kubeconfig.content_of(""), "")
    assert found == {"server": "https://kubectl"}
    monkeypatch.delenv("KUBECONFIG")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert kubeconfig.file_of("") == f"{tmp_path}/.kube/config"
    assert kubeconfig.content_of("") == {}


@pytest.mark.parametrize("given", ["no/such/file", "a: [", "a text\nof lines"])
def test_what_is_no_kubeconfig_says_nothing(given: str) -> None:
    content = kubeconfig.content_of(given)
    assert kubeconfig.active_cluster(content, "") is None
    assert kubeconfig.namespace(content, "") == "default"


def test_the_context_says_which_namespace() -> None:
    content = kubeconfig.content_of(config())
    assert kubeconfig.namespace(content, "") == "etcd"
    assert kubeconfig.namespace(content, "two") == "default"


def test_settings_come_from_the_configuration_then_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULUMI_K8S_ENABLE_SECRET_MUTABLE", "true")
    monkeypatch.setenv("PULUMI_K8S_DELETE_UNREACHABLE", "true")
    settings = of_variables(
        {
            "kubernetes:config:namespace": "etcd",
            "kubernetes:config:deleteUnreachable": "false",
            "kubernetes:config:enablePatchForce": "true",
        }
    )
    assert settings.namespace == "etcd"
    assert (settings.secrets_mutable, settings.delete_unreachable) == (True, False)
    assert (settings.force, settings.upsert) == (True, False)
    assert settings.content_mutable("Secret")
    assert not settings.content_mutable("ConfigMap")


def test_what_the_stand_in_cannot_do_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusals({"kubeconfig": config(), "context": "one", "enableServerSideApply": True}) == {}
    assert set(refusals({"renderYamlToDirectory": "out", "cluster": "c"})) == {
        "renderYamlToDirectory",
        "cluster",
    }
    for no in (False, "false"):
        assert (
            "on the server only" in refusals({"enableServerSideApply": no})["enableServerSideApply"]
        )
    monkeypatch.setenv("PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", "false")
    assert list(refusals({})) == ["enableServerSideApply"]


@pytest.mark.parametrize(
    ("old", "new", "changed", "replaces"),
    [
        ({"kubeconfig": config()}, {"kubeconfig": config()}, [], []),
        (
            {"kubeconfig": config()},
            {"kubeconfig": config("https://b")},
            ["kubeconfig"],
            ["kubeconfig"],
        ),
        (
            {"kubeconfig": config()},
            {"kubeconfig": config() + " "},
            ["kubeconfig"],
            [],
        ),
        ({"kubeconfig": config()}, {"kubeconfig": UNKNOWN}, ["kubeconfig"], ["kubeconfig"]),
        ({"namespace": "a"}, {"namespace": "b"}, ["namespace"], []),
        (
            {"clusterIdentifier": "a", "kubeconfig": config()},
            {"clusterIdentifier": "a", "kubeconfig": config("https://b")},
            ["kubeconfig"],
            [],
        ),
        (
            {"clusterIdentifier": "a"},
            {"clusterIdentifier": "b"},
            ["clusterIdentifier"],
            ["clusterIdentifier"],
        ),
    ],
    ids=["same", "moved", "only written otherwise", "unknown", "namespace", "same id", "other id"],
)
def test_another_cluster_replaces(
    old: dict[str, Any], new: dict[str, Any], changed: list[str], replaces: list[str]
) -> None:
    assert replacing(old, new) == (changed, replaces)
