"""A package repository with etcd as Debian packs it: a service that starts when it is installed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

UNIT = """\
[Unit]
Description=etcd of the distribution
[Service]
ExecStart=/usr/bin/etcd --data-dir /var/lib/etcd/default
[Install]
WantedBy=multi-user.target
"""
# What debhelper puts there for a service.
POSTINST = """\
#!/bin/sh
set -e
touch /var/lib/etcd-server.installed
deb-systemd-helper enable etcd.service
systemctl --system daemon-reload
deb-systemd-invoke restart etcd.service
"""
PARTS = {"etcd-server": ("etcd",), "etcd-client": ("etcdctl", "etcdutl")}


def make_repository(folder: Path, versions: Mapping[str, Path]) -> None:
    """Packages and their index in `folder`; `versions` are package versions and where the three
    programs of each lie."""
    folder.mkdir(parents=True)
    entries = [
        _entry(_package(folder, package, version, programs))
        for version, programs in versions.items()
        for package in PARTS
    ]
    (folder / "Packages").write_text("\n".join(entries))


def _package(folder: Path, package: str, version: str, programs: Path) -> Path:
    tree = folder / f"{package}_{version}"
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "DEBIAN").mkdir()
    for program in PARTS[package]:
        shutil.copy(programs / program, tree / "usr/bin")
    (tree / "DEBIAN/control").write_text(
        f"Package: {package}\nVersion: {version}\nArchitecture: amd64\n"
        "Maintainer: tests <tests@example.org>\nDescription: etcd\n"
    )
    if package == "etcd-server":
        (tree / "lib/systemd/system").mkdir(parents=True)
        (tree / "lib/systemd/system/etcd.service").write_text(UNIT)
        (tree / "DEBIAN/postinst").write_text(POSTINST)
        (tree / "DEBIAN/postinst").chmod(0o755)
    built = folder / f"{tree.name}_amd64.deb"
    build = ["dpkg-deb", "-Znone", "--root-owner-group", "--build", str(tree), str(built)]
    subprocess.run(build, check=True, capture_output=True)
    shutil.rmtree(tree)
    return built


def _entry(built: Path) -> str:
    fields = ["dpkg-deb", "--field", str(built)]
    control = subprocess.run(fields, check=True, capture_output=True, text=True).stdout
    content = built.read_bytes()
    return (
        f"{control}Filename: ./{built.name}\nSize: {len(content)}\n"
        f"SHA256: {hashlib.sha256(content).hexdigest()}\n"
    )
