"""What a preparation refuses: everything at once, before anything is changed."""

from __future__ import annotations

import shutil
import socket
import sys
from pathlib import Path

import pytest

from tests.node.machine import VERSION, Shell


def fake_etcd(folder: Path, version: str) -> None:
    folder.mkdir(parents=True)
    for name in ("etcd", "etcdctl", "etcdutl"):
        (folder / name).write_text(f"#!/bin/sh\necho 'etcd Version: {version}'\n")
        (folder / name).chmod(0o755)


def prepared(single, mode="create", **settings):
    return single.run(single.plan(**settings).commands["etcd1-prepare"], mode)


def changed(single) -> set[str]:
    """What there is beside the lock."""
    root = single.root("etcd1")
    return {str(path.relative_to(root)) for path in root.rglob("*")} - {"state", "state/lock"}


def test_everything_wrong_is_said_at_once(single, tmp_path):
    (tmp_path / "bin" / VERSION).mkdir(parents=True)
    with socket.socket() as client, socket.socket() as peer:
        for listener, address, port in [
            (client, f"{single.network}.1", 2379),
            (peer, f"{single.network}.1", 2380),
        ]:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
            listener.listen()
        done = prepared(single, install={"directory": "bin"})
    address = f"{single.network}.1"
    done.failed(
        f"error: etcd1: {address}:2379 is already taken by another program; stop it, or choose",
        f"error: etcd1: {address}:2380 is already taken",
        f"error: etcd1: {tmp_path}/bin/{VERSION}/etcd is missing; install etcd {VERSION} there",
        f"{VERSION}/etcdctl is missing",
        f"{VERSION}/etcdutl is missing",
    )
    last = done.errors.splitlines()[-1]
    assert last.startswith("error: etcd1: not prepared: 5 problem(s), nothing was changed")
    assert changed(single) == set()


def test_a_wrong_version(single, tmp_path):
    fake_etcd(tmp_path / "bin" / VERSION, "3.6.1")
    prepared(single, install={"directory": "bin"}).failed(
        f"bin/{VERSION}/etcd is version 3.6.1, the stack file asks for {VERSION}", "1 problem(s)"
    )
    assert changed(single) == set()


def test_an_etcd_that_does_not_run_here(single, tmp_path):
    fake_etcd(tmp_path / "bin" / VERSION, VERSION)
    (tmp_path / "bin" / VERSION / "etcd").write_bytes(b"\x7fELF for another machine")
    prepared(single, install={"directory": "bin"}).failed("/etcd is version unknown")


def test_a_missing_command(single, tmp_path):
    single.shell = without(single.shell, tmp_path / "path", "find")
    prepared(single).failed("error: etcd1: the command find is missing; install the package")
    assert changed(single) == set()


def test_supervisord_need_not_be_on_path(single, tmp_path):
    """A person's own shell has not sourced what set-up wrote."""
    single.shell = without(single.shell, tmp_path / "path", "supervisord")
    prepared(single).ok()


def test_nor_need_its_path_be_one_word(single, tmp_path, monkeypatch):
    (tmp_path / "my project").mkdir()
    (tmp_path / "my project/bin").symlink_to(Path(sys.prefix, "bin"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "my project"))
    single.shell = without(single.shell, tmp_path / "path", "supervisord")
    prepared(single).ok()


def test_nor_is_it_anywhere(single, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    single.shell = without(single.shell, tmp_path / "path", "supervisord")
    prepared(single).failed("error: etcd1: the command supervisord is missing; install the Python")
    assert changed(single) == set()


def test_without_flock_it_says_so_instead_of_waiting(single, tmp_path):
    single.shell = without(single.shell, tmp_path / "path", "flock")
    done = prepared(single)
    done.failed("error: the command flock is missing; install the package that has it")
    assert done.seconds < 5
    assert not single.root("etcd1").exists()


def without(shell: Shell, folder: Path, missing: str) -> Shell:
    """A PATH with every command of the shell's but one."""
    folder.mkdir()
    for part in map(Path, shell.path.split(":")):
        for command in part.iterdir() if part.is_dir() else ():
            if command.name != missing and not (folder / command.name).is_symlink():
                (folder / command.name).symlink_to(command)
    return Shell(shell.name, str(folder), str(folder / "sh"))


def test_folders_and_the_link_to_the_binaries(single, tmp_path):
    fake_etcd(tmp_path / "bin" / VERSION, VERSION)
    done = prepared(single, install={"directory": "bin"}).ok()
    assert done.output == f"etcd1: ready for etcd {VERSION}\n"
    root = single.root("etcd1")
    assert (root / "bin" / VERSION).readlink() == tmp_path / "bin" / VERSION
    modes = {part.name: f"{part.stat().st_mode & 0o777:o}" for part in root.iterdir()}
    assert modes == {"etc": "755", "bin": "755", "data": "700", "state": "700", "log": "700"}


@pytest.mark.slow
def test_a_rerun_changes_nothing(single, tmp_path):
    fake_etcd(tmp_path / "bin" / VERSION, VERSION)
    prepared(single, install={"directory": "bin"}).ok()
    times = {path: path.lstat().st_mtime_ns for path in single.root("etcd1").rglob("bin/*")}
    prepared(single, "update", install={"directory": "bin"}).ok()
    assert {path: path.lstat().st_mtime_ns for path in times} == times
    shutil.rmtree(tmp_path / "bin")
    prepared(single, "update", install={"directory": "bin"}).failed("etcd is missing")
