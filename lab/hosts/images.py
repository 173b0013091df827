"""Base images of the hosts: a whole Debian each, built once and kept outside the clone.

All packages come from where apt gets this machine's own.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.cache import cache_folder
from lab.phases import phase

RECIPES = Path(__file__).parent / "recipes"
COMMON = (
    "acl busybox ca-certificates curl e2fsprogs iproute2 iptables libfaketime nftables opendoas"
    " openssh-server procps sudo"
)
BUILD_LIMIT_S = 1800


@dataclass(frozen=True)
class Image:
    """One kind of host. `scripts` run in its chroot, in this order."""

    name: str
    scripts: tuple[str, ...]
    packages: str = COMMON
    architecture: str = "amd64"

    def digest(self) -> str:
        """Changes with anything that goes into the image."""
        texts = [(RECIPES / name).read_text() for name in (*self.scripts, *_FILES)]
        recipe = "\0".join([self.packages, self.architecture, _release(), *texts])
        return hashlib.sha256(recipe.encode()).hexdigest()[:12]


_SYSTEMD = f"{COMMON} dbus systemd systemd-sysv"
_SYSTEMD_SCRIPTS = ("common.sh", "systemd.sh", "last.sh")
_OPENRC_SCRIPTS = ("common.sh", "openrc.sh", "busybox.sh", "last.sh")
_FILES = ("accounts.sh",)
IMAGES = {
    image.name: image
    for image in (
        Image("systemd", _SYSTEMD_SCRIPTS, _SYSTEMD),
        Image("systemd-firewalld", ("common.sh", "firewalld.sh", *_SYSTEMD_SCRIPTS[1:]), _SYSTEMD),
        Image("openrc", _OPENRC_SCRIPTS),
        Image("openrc-arm64", _OPENRC_SCRIPTS, architecture="arm64"),
    )
}


def layers(name: str, userland: str = "debian") -> list[Path]:
    """The folders that a host of this image is made of, topmost first; nobody writes to them."""
    built = _built(name)
    above = [] if userland == "debian" else [built / userland]
    assert all(layer.is_dir() for layer in above), f"{name} has no {userland} userland"
    return [*above, built / "root"]


def _built(name: str) -> Path:
    """The image's folder; made if it is not at hand."""
    image = IMAGES[name]
    built = cache_folder("hosts") / f"{name}-{image.digest()}"
    with _lock(image):
        if image.architecture != "amd64":
            _let_run_arm64()
        if not built.exists():
            _build(image, built)
    return built


@contextmanager
def _lock(image: Image) -> Iterator[None]:
    """Whoever comes second waits, and finds the image there."""
    with (cache_folder("hosts") / f"{image.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@phase("compile")
def _build(image: Image, built: Path) -> None:
    """Under another name until it is whole, so that a run that ends midway leaves no half image."""
    for left in built.parent.glob(f"{image.name}.part-*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=built.parent, prefix=f"{image.name}.part-") as folder:
        part = Path(folder) / "image"
        root = part / "root"
        root.mkdir(parents=True)
        packages = ",".join(image.packages.split())
        _apart(
            *("debootstrap", "--variant=minbase", f"--arch={image.architecture}"),
            *(f"--include={packages}", _release(), str(root), _mirror()),
        )
        inside = root / "recipes"
        shutil.copytree(RECIPES, inside)
        for script in image.scripts:
            _apart("chroot", str(root), "/bin/sh", f"/recipes/{script}")
        shutil.rmtree(inside)
        _split_userland(part)
        part.rename(built)


def _split_userland(part: Path) -> None:
    """A layer of its own out of what `busybox.sh` prepared. Its folders of programs hide those
    below them."""
    prepared = part / "root" / "busybox"
    if prepared.exists():
        layer = prepared.rename(part / "busybox")
        for folder in ("bin", "sbin"):
            os.setxattr(layer / "usr" / folder, "trusted.overlay.opaque", b"y")


def _apart(*command: str) -> None:
    """Runs it where its mounts and processes end with it, whatever happens."""
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--", *command],
        env={**os.environ, "LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=BUILD_LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-4000:]}"


def _release() -> str:
    return platform.freedesktop_os_release()["VERSION_CODENAME"]


def _mirror() -> str:
    """Where this machine's apt gets this release's main packages."""
    wanted = ["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(SITE)"]
    answer = subprocess.run(
        [*wanted, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in answer.splitlines():
        release, component, site = line.split(maxsplit=2)
        if (release, component) == (_release(), "main"):
            return site
    raise LookupError(f"apt on this machine knows no packages of {_release()}:\n{answer}")


def _let_run_arm64() -> None:
    """Where no service has told the kernel of the emulator. It stays told: it may serve others."""
    kernel = Path("/proc/sys/fs/binfmt_misc")
    if not (kernel / "register").exists():
        subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", kernel], check=True)
    if not (kernel / "qemu-aarch64").exists():
        shutil.copyfile("/usr/lib/binfmt.d/qemu-aarch64.conf", kernel / "register")


def main() -> None:
    """Builds the images that are named, so that no test waits for them."""
    for name in sys.argv[1:]:
        layers(name)


if __name__ == "__main__":
    main()
