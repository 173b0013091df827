"""The profile in /etc/profile.d and out of it. These tests see a folder of their own there."""

from __future__ import annotations

import subprocess

import pytest

from components.member.settings import render_settings
from tests.node.fakes import with_fakes
from tests.support.preparation import base_settings, run_step
from tests.support.scripts import SCRIPTS

INSTEAD = 'mount --bind "$0" /etc/profile.d && exec "$@"'


@pytest.fixture
def node(shell, tmp_path):
    """A node with a profile in its generation; `profiles` is its /etc/profile.d."""
    profiles, current = tmp_path / "profile.d", tmp_path / "node/etc/current"
    profiles.mkdir()
    current.mkdir(parents=True)
    (tmp_path / "payload").mkdir()
    key = tmp_path / "node/etc/pki/operator.key"
    (current / "profile.sh").write_text(f"[ -r {key} ]\n")
    before = ("unshare", "--map-root-user", "--mount", "sh", "-c", INSTEAD, str(profiles))

    def install() -> None:
        settings = render_settings(base_settings(tmp_path))
        (tmp_path / "payload/settings").write_text(settings)
        code = (
            f"set -eu; umask 077; payload='{tmp_path}/payload'\n"
            f"for lib in '{SCRIPTS}'/lib/*.sh; do . \"$lib\"; done\nprofile_install"
        )
        subprocess.run([*before, shell.sh, "-c", code], env={"PATH": shell.path}, check=True)

    def step(action: str, **fakes: str):
        known = with_fakes(shell, tmp_path / f"fakes-{action}", **fakes)
        settings = {"profile_group": "operators"}
        return run_step(known, "shell_profile", action, settings, folder=tmp_path, before=before)

    install.step = step
    install.profile = profiles / "etcdctl.sh"
    install.wanted = current / "profile.sh"
    return install


def test_installed_for_everybody_to_read(node):
    node()
    assert node.profile.read_text() == node.wanted.read_text()
    assert node.profile.stat().st_mode & 0o777 == 0o644
    assert [path.name for path in node.profile.parent.iterdir()] == ["etcdctl.sh"]


def test_written_only_if_it_differs(node):
    node()
    written = node.profile.stat()
    node()
    assert (node.profile.stat().st_ino, node.profile.stat().st_mtime_ns) == (
        written.st_ino,
        written.st_mtime_ns,
    )
    node.profile.chmod(0o600)
    node()
    assert node.profile.stat().st_mode & 0o777 == 0o644
    node.wanted.write_text(node.wanted.read_text() + "# more\n")
    node()
    assert node.profile.read_text().endswith("# more\n")


def test_gone_when_it_is_no_longer_asked_for(node):
    node()
    node.wanted.unlink()
    node()
    assert not node.profile.exists()
    node()


def test_somebody_elses_is_refused_and_stays(node):
    node.profile.write_text("export ETCDCTL_ENDPOINTS=theirs\n")
    node.step("check").failed(
        "/etc/profile.d/etcdctl.sh was not made by this project; move it away"
    )
    node.step("remove").ok()
    node.wanted.unlink()
    node()
    assert "theirs" in node.profile.read_text()


def test_the_part_makes_the_group_and_takes_the_profile_away(node, tmp_path):
    node()
    node.step("check").ok()
    calls = tmp_path / "calls"
    tools = {"getent": "exit 2", "groupadd": f"echo \"$*\" >>'{calls}'"}
    node.step("make", **tools).ok()
    assert calls.read_text() == "--system operators\n"
    node.step("remove").ok()
    assert not node.profile.exists()
