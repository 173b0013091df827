"""Where the kubernetes stand-in finds its cluster, and when it is another one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolchain.standins.kubernetes import kubeconfig
from toolchain.standins.kubernetes.configuring import refusals, replacing
from toolchain.standins.kubernetes.kinds import SECRET
from toolchain.standins.kubernetes.settings import of_variables
from toolchain.standins.wire import UNKNOWN, Secret

pytestmark = pytest.mark.slow


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
    assert kubeconfig.file_of(str(path)) == path
    assert kubeconfig.file_of(config()) is None


@pytest.mark.parametrize("given", ["no/such/file", "a: [", "a text\nof lines"])
def test_what_is_no_kubeconfig_says_nothing(given: str) -> None:
    content = kubeconfig.content_of(given)
    assert kubeconfig.active_cluster(content, "") is None
    assert kubeconfig.namespace(content, "") == "default"


def test_the_context_says_which_namespace() -> None:
    content = kubeconfig.content_of(config())
    assert kubeconfig.namespace(content, "") == "etcd"
    assert kubeconfig.namespace(content, "two") == "default"


def test_settings() -> None:
    settings = of_variables(
        {
            "kubernetes:config:kubeconfig": "k",
            "kubernetes:config:context": "c",
            "kubernetes:config:namespace": "etcd",
            "kubernetes:config:enableSecretMutable": "true",
            "kubernetes:config:enableConfigMapMutable": "false",
        }
    )
    assert (settings.kubeconfig, settings.context, settings.namespace) == ("k", "c", "etcd")
    assert settings.mutable == {SECRET}


def test_what_the_stand_in_cannot_do_is_refused() -> None:
    given = {"kubeconfig": Secret(config()), "context": "one", "version": "4.32.0"}
    assert refusals(given | {"enableServerSideApply": "true"}) == {}
    assert refusals({"kubeconfig": UNKNOWN}) == {}
    assert set(refusals(given | {"renderYamlToDirectory": "out", "cluster": "c"})) == {
        "renderYamlToDirectory",
        "cluster",
    }
    for no in (False, "false"):
        assert list(refusals(given | {"enableServerSideApply": no})) == ["enableServerSideApply"]


def test_a_cluster_that_nobody_named_is_not_touched() -> None:
    assert "give a kubeconfig" in refusals({"namespace": "etcd"})["kubeconfig"]


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
    ],
    ids=["same", "moved", "only written otherwise", "unknown", "namespace"],
)
def test_another_cluster_replaces(
    old: dict[str, Any], new: dict[str, Any], changed: list[str], replaces: list[str]
) -> None:
    assert replacing(old, new) == (changed, replaces)
