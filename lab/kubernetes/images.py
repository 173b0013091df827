"""Container images out of static programs, as archives that containerd imports."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from lab.kubernetes import programs
from lab.kubernetes.node_files import PAUSE
from toolchain.etcd import CPU
from toolchain.versions import DEV_ETCD

ETCD_PROGRAMS = ("etcd", "etcdctl", "etcdutl")
PROGRAMS = "usr/local/bin"
ENVIRONMENT = ("PATH=/usr/local/bin:/usr/bin:/bin",)
ACCOUNTS = {
    "etc/passwd": "root:x:0:0:root:/root:/sbin/nologin\n"
    "nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n",
    "etc/group": "root:x:0:\nnonroot:x:65532:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}


def etcd_image(folder: Path, version: str = DEV_ETCD) -> tuple[str, Path]:
    """Named and made as etcd's own is: three programs, no shell. Returns its name and archive."""
    name = f"gcr.io/etcd-development/etcd:v{version}"
    files = {f"{PROGRAMS}/{each}": programs.etcd(version) / each for each in ETCD_PROGRAMS}
    return name, archive(folder / f"etcd-{version}.tar", name, files, ["/usr/local/bin/etcd"])


def client_image(folder: Path, version: str = DEV_ETCD) -> tuple[str, Path]:
    """etcdctl and etcdutl, with a shell and its tools (Debian's busybox) for what needs one."""
    name = f"lab.test/client:{version}"
    files = {f"{PROGRAMS}/{each}": programs.etcd(version) / each for each in ETCD_PROGRAMS[1:]}
    busybox = Path("/usr/bin/busybox")
    files |= {"bin/busybox": busybox} | {str(lib)[1:]: lib for lib in libraries(busybox)}
    links = {f"bin/{tool}": "busybox" for tool in _tools(busybox)}
    path = folder / f"client-{version}.tar"
    return name, archive(path, name, files, ["/bin/sh"], links)


def pause_image(folder: Path) -> tuple[str, Path]:
    """What every pod has."""
    files = {"pause": programs.KUBERNETES / "pause"}
    return PAUSE, archive(folder / "pause.tar", PAUSE, files, ["/pause"])


def archive(
    path: Path,
    name: str,
    files: Mapping[str, Path],
    command: Sequence[str],
    links: Mapping[str, str] | None = None,
) -> Path:
    """Everything belongs to root and has no date, so that the same files make the same image."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        layer = Path(folder) / "layer.tar"
        with tarfile.open(layer, "w") as tar:
            _fill(tar, files, links or {})
        with layer.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        config = _config(digest, command)
        config_name = f"{hashlib.sha256(config).hexdigest()}.json"
        manifest = [{"Config": config_name, "RepoTags": [name], "Layers": ["layer.tar"]}]
        with tarfile.open(path, "w") as tar:
            _add_text(tar, config_name, config)
            _add_file(tar, "layer.tar", layer, 0o644)
            _add_text(tar, "manifest.json", json.dumps(manifest).encode())
    return path


def libraries(program: Path) -> list[Path]:
    """Those that the program is linked to, with the one that loads them; none of a static one."""
    told = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    words = told.stdout.split() if told.returncode == 0 else []
    return sorted({Path(word) for word in words if word.startswith("/")})


def _tools(busybox: Path) -> list[str]:
    told = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
    return [tool for tool in told.stdout.split() if tool != "busybox"]


def _fill(tar: tarfile.TarFile, files: Mapping[str, Path], links: Mapping[str, str]) -> None:
    names = [*files, *links, *ACCOUNTS, "root/x", "var/lib/etcd/x"]
    folders = {str(parent) for name in names for parent in Path(name).parents}
    for folder in sorted(folders - {"."}):
        _add_folder(tar, folder, 0o755)
    _add_folder(tar, "tmp", 0o1777)
    for name, text in ACCOUNTS.items():
        _add_text(tar, name, text.encode())
    for name, source in sorted(files.items()):
        _add_file(tar, name, source.resolve(), 0o755)
    for name, target in sorted(links.items()):
        member = tarfile.TarInfo(name)
        member.type, member.linkname = tarfile.SYMTYPE, target
        tar.addfile(member)


def _config(layer: str, command: Sequence[str]) -> bytes:
    machine = platform.machine()
    document = {
        "architecture": CPU.get(machine, machine),
        "os": "linux",
        "config": {"Env": list(ENVIRONMENT), "Cmd": list(command), "WorkingDir": "/"},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer}"]},
    }
    return json.dumps(document).encode()


def _add_folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.mode = tarfile.DIRTYPE, mode
    tar.addfile(member)


def _add_text(tar: tarfile.TarFile, name: str, text: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(text)
    tar.addfile(member, io.BytesIO(text))


def _add_file(tar: tarfile.TarFile, name: str, source: Path, mode: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = source.stat().st_size, mode
    with source.open("rb") as file:
        tar.addfile(member, file)
