"""Where etcd comes from."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from tests.support import toolchain_folder
from tests.support.toolchain_folder import REPOSITORY, program
from toolchain import etcd, golang
from toolchain.errors import ToolchainError
from toolchain.layout import ETCD_PROGRAMS, Layout

VERSION = "3.6.16"


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A project on a machine without Go, whose releases lie in the folder `site`."""
    monkeypatch.delenv(etcd.GIVEN_FOLDER, raising=False)
    monkeypatch.setattr(golang.shutil, "which", lambda *_args, **_options: None)
    (tmp_path / "site").mkdir()
    monkeypatch.setattr(etcd, "RELEASE_URL", f"file://{tmp_path}/site/{{archive}}")
    return toolchain_folder.make(tmp_path / "project")


def given_folder(folder: Path, version: str = VERSION) -> Path:
    for name in ETCD_PROGRAMS:
        program(folder / name, f'echo "etcd Version: {version}"; echo "Git SHA: x"')
    return folder


def release(folder: Path, system: str | None = None) -> str:
    """A release archive with three programs in it; returns its sha256."""
    name = f"etcd-v{VERSION}-{system or etcd.this_system()}"
    path = folder / f"{name}.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for each in ("README.md", *ETCD_PROGRAMS):
            member = tarfile.TarInfo(f"{name}/{each}")
            member.size = len(each)
            tar.addfile(member, io.BytesIO(each.encode()))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_given_folder_is_linked(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = given_folder(tmp_path / "given")
    monkeypatch.setenv(etcd.GIVEN_FOLDER, str(given))
    etcd.ensure(layout, VERSION)
    for name in ETCD_PROGRAMS:
        assert (layout.etcd(VERSION) / name).resolve() == given / name


def test_a_given_folder_wins_over_what_is_there(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_folder(layout.etcd(VERSION))
    given = given_folder(tmp_path / "given")
    monkeypatch.setenv(etcd.GIVEN_FOLDER, str(given))
    etcd.ensure(layout, VERSION)
    assert (layout.etcd(VERSION) / "etcd").resolve() == given / "etcd"


def test_another_version_in_the_given_folder_is_refused(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(etcd.GIVEN_FOLDER, str(given_folder(tmp_path / "given", "3.5.1")))
    with pytest.raises(ToolchainError, match=r"holds etcd 3\.5\.1, needed is 3\.6\.16"):
        etcd.ensure(layout, VERSION)
    assert not layout.etcd(VERSION).exists()


def test_a_given_folder_without_a_program_is_refused(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = given_folder(tmp_path / "given")
    (given / "etcdutl").unlink()
    monkeypatch.setenv(etcd.GIVEN_FOLDER, str(given))
    with pytest.raises(ToolchainError, match="holds no program etcdutl"):
        etcd.ensure(layout, VERSION)


def test_a_release_archive_is_unpacked(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = release(tmp_path / "site")
    monkeypatch.setattr(etcd, "pinned_sha256", lambda *_: sha256)
    etcd.ensure(layout, VERSION)
    assert sorted(path.name for path in layout.etcd(VERSION).iterdir()) == sorted(ETCD_PROGRAMS)
    assert etcd.complete(layout.etcd(VERSION))


def test_programs_for_other_machines_lie_apart(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = release(tmp_path / "site", "linux-s390x")
    monkeypatch.setattr(etcd, "pinned_sha256", lambda *_: sha256)
    etcd.ensure_for(layout, VERSION, "s390x")
    assert etcd.complete(layout.home / "etcd-s390x" / VERSION)
    assert not layout.etcd(VERSION).exists()
    monkeypatch.setattr(etcd, "download", None)
    etcd.ensure_for(layout, VERSION, "s390x")


def test_they_are_built_for_those_machines(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(etcd, "RELEASE_URL", f"file://{tmp_path}/{{archive}}")
    told = tmp_path / "told"
    go = program(tmp_path / "bin" / "go", f'echo "$1 $GOOS $GOARCH" >>{told}; echo go1.99')
    monkeypatch.setenv("PATH", f"{go.parent}:/usr/bin:/bin")
    etcd.ensure_for(layout, VERSION, "arm64")
    assert {"list linux arm64", "build linux arm64"} <= set(told.read_text().splitlines())


def test_an_archive_with_another_checksum_is_refused(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(tmp_path / "site")
    monkeypatch.setattr(etcd, "pinned_sha256", lambda *_: "0" * 64)
    with pytest.raises(ToolchainError, match=f"pinned is {'0' * 64}"):
        etcd.ensure(layout, VERSION)
    monkeypatch.setattr(etcd, "pinned_sha256", lambda *_: None)
    with pytest.raises(ToolchainError, match=f"no checksum is pinned for {VERSION}"):
        etcd.ensure(layout, VERSION)
    assert not layout.etcd(VERSION).exists()


def test_without_any_way_one_message_says_what_to_do(layout: Layout) -> None:
    with pytest.raises(ToolchainError) as caught:
        etcd.ensure(layout, VERSION)
    message = str(caught.value)
    assert "built:           no Go on PATH" in message
    assert "set ETCD_BIN_DIR to a folder that holds etcd, etcdctl and etcdutl 3.6.16" in message
    assert "install Go" in message


def test_what_is_there_is_kept_without_any_attempt(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_folder(layout.etcd(VERSION))
    monkeypatch.setattr(etcd, "download", None)
    before = (layout.etcd(VERSION) / "etcd").stat()
    etcd.ensure(layout, VERSION)
    assert (layout.etcd(VERSION) / "etcd").stat() == before


def test_a_half_installed_version_is_not_taken_for_one(layout: Layout) -> None:
    program(layout.etcd(VERSION) / "etcd", "")
    with pytest.raises(ToolchainError):
        etcd.ensure(layout, VERSION)


def test_a_version_that_nothing_pins_is_refused(layout: Layout) -> None:
    with pytest.raises(ToolchainError, match=r"toolchain/go pins no etcd 3\.6\.1\b"):
        etcd.ensure(layout, "3.6.1")


def test_the_committed_checksums_are_sha256() -> None:
    table = json.loads((REPOSITORY / etcd.RELEASES).read_text())
    for sums in table.values():
        for system, sha256 in sums.items():
            assert system in {"linux-amd64", "linux-arm64"}
            assert len(bytes.fromhex(sha256)) == 32
