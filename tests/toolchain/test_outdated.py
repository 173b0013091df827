"""What has a newer release: the pure part; the registries are asked by `make outdated` alone."""

from __future__ import annotations

import pytest

from tests.support.toolchain_folder import REPOSITORY
from toolchain.outdated import HELD, Behind, behind, locked, newest_of, unpinned
from toolchain.versions import required

ETCD = "go.etcd.io/etcd/server/v3"
ENGINE = "github.com/pulumi/pulumi/pkg/v3"


def test_a_lock_file_is_read_with_markers_and_hashes() -> None:
    text = "# why\na-b==1.2.3 \\\n    --hash=sha256:00\nc==4.5 ; os_name == 'nt'\n    # via d==6\n"
    assert locked(text) == {"a-b": "1.2.3", "c": "4.5"}
    assert locked((REPOSITORY / "requirements.txt").read_text())["pulumi-command"] == "1.2.1"


def test_the_newest_is_asked_for_without_our_pins() -> None:
    texts = ("pulumi==3.1.0\nrich\n# why\n", "-c requirements.txt\ntypes-protobuf<7\n")
    assert unpinned(texts).splitlines() == ["pulumi", "rich", "# why", "types-protobuf<7"]


def test_what_is_behind_is_named_and_what_is_new_is_not() -> None:
    found = list(behind({"a": "1.0", "b": "2.0"}, {"a": "1.1", "b": "2.0", "c": "1.0"}))
    assert found == [Behind("a", "1.0", "1.1")]


def test_what_a_wrapper_pins_is_not_what_that_needs() -> None:
    for wrapper, module in (("pulumi", ENGINE), ("etcd-3.6", ETCD)):
        found = required((REPOSITORY / "toolchain" / "go" / wrapper / "go.mod").read_text())
        assert module in found
        assert len(found) <= 3


@pytest.mark.parametrize(
    ("module", "pinned", "versions", "newest"),
    [
        (ENGINE, "v3.9.0", ["v3.10.0", "v3.11.0-rc.1", "v3.2.0"], "v3.10.0"),
        (ETCD, "v3.6.9", ["v3.6.10", "v3.7.0"], "v3.6.10"),
        (ETCD, "v3.6.9", ["v3.7.0"], "v3.6.9"),
        (ENGINE, "v3.9.0", [], "v3.9.0"),
    ],
)
def test_the_newest_release(module: str, pinned: str, versions: list[str], newest: str) -> None:
    assert newest_of(module, pinned, versions) == newest


def test_what_stays_behind_says_why() -> None:
    for name in HELD:
        assert "held: the stand-in" in str(Behind(name, "1", "2"))
    assert "held" not in str(Behind("rich", "1", "2"))
