"""How the etcd binaries get onto a node. A method is a script of its own, and a row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from components.machine.installs.push import archive_of
from components.machine.preparation.step import PreparationStep
from components.member.member import Member
from components.spec.models.install import Architecture, Method

ARCHITECTURES: tuple[Architecture, ...] = ("amd64", "arm64", "ppc64le", "s390x")
# Where a person's shell finds programs that no package has put there, and where packages put them.
TOOLS_DIR = "/usr/local/bin"
PACKAGED_DIR = "/usr/bin"


def archive(member: Member) -> PreparationStep | None:
    """For a node whose programs come out of an archive or a folder."""
    return None if member.node.install.method == "package" else step(member)


def package(member: Member) -> PreparationStep | None:
    """For a node whose programs come out of its distribution's package."""
    return step(member) if member.node.install.method == "package" else None


def step(member: Member) -> PreparationStep:
    """One of the two, for every node."""
    method = member.node.install.method
    settings, facts = METHODS[method](member)
    return PreparationStep(
        f"install_{method}", {**_shared(member), **settings}, {"install": method, **facts}
    )


Texts = Mapping[str, str]


def _shared(member: Member) -> Texts:
    """`architecture` is empty where the node says what it is."""
    return {
        "architecture": member.node.architecture or "",
        "tools_dir": TOOLS_DIR if member.node.own_machine else "",
    }


def _release(member: Member) -> tuple[Texts, Texts]:
    """Only the node knows its architecture: it gets the URL with that left open, and all sums."""
    install = member.node.install
    url = install.url.format(version=member.version, architecture="{architecture}")
    known = {f"sha256_{name}": sha256 for name, sha256 in sorted(install.sha256.items())}
    return (
        {"archive_url": url, **{f"sha256_{name}": "" for name in ARCHITECTURES}, **known},
        {"archive": url, **known},
    )


def _push(member: Member) -> tuple[Texts, Texts]:
    archive = archive_of(member)
    return (
        {"sha256": archive.sha256, "sent": archive.sent},
        {"archive": archive.url, "sha256": archive.sha256},
    )


def _package(_: Member) -> tuple[Texts, Texts]:
    return {"packaged_dir": PACKAGED_DIR}, {}


def _preinstalled(member: Member) -> tuple[Texts, Texts]:
    directory = (member.project / member.node.install.directory / member.version).absolute()
    return {"binaries": str(directory)}, {"binaries": str(directory)}


METHODS: Mapping[Method, Callable[[Member], tuple[Texts, Texts]]] = {
    "release": _release,
    "push": _push,
    "package": _package,
    "preinstalled": _preinstalled,
}
