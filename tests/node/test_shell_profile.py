"""etcdctl for people on the node: what a login shell reads, and who may use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from components.machine.preparation import shell_profile
from components.machine.shell_profile import profile_text, shell_profile_files
from components.member.credentials import Pair
from tests.node.ssh_files import ssh_member
from tests.support.issued import issued
from tests.support.tls_etcd import BINARIES, tls_member

ENDPOINTS = ["https://10.0.0.1:2379", "https://10.0.0.2:2379"]
SHOW = 'echo "$ETCDCTL_ENDPOINTS|$ETCDCTL_CACERT|$ETCDCTL_CERT|$ETCDCTL_KEY|$PATH"'
GROUP_ID = 61234
NOBODY_ID = 65533


def files(**settings):
    member = ssh_member(**settings)
    return shell_profile_files(member, Pair("certificate", "key"), ENDPOINTS)


def test_nothing_unless_it_is_asked_for():
    assert files() == ()
    assert shell_profile.step(ssh_member()) is None


def test_the_key_is_the_groups_and_nothing_costs_a_restart():
    made = {file.path: file for file in files(shell_profile={"group": "operators"})}
    assert {path: (f"{file.mode:o}", file.group) for path, file in made.items()} == {
        "pki/operator.pem": ("644", ""),
        "pki/operator.key": ("640", "operators"),
        "profile.sh": ("644", ""),
    }
    assert not any(file.cold for file in made.values())
    step = shell_profile.step(ssh_member(shell_profile={"group": "operators"}))
    assert step is not None
    assert (step.settings, step.facts) == (
        {"profile_group": "operators"},
        {"shell_profile": "operators"},
    )


@pytest.fixture
def sourced(shell, tmp_path):
    """What a login shell knows after it has read the profile."""
    config = tmp_path / "my etc"
    (config / "pki").mkdir(parents=True)
    key = config / "pki" / "operator.key"
    key.touch()
    profile = tmp_path / "profile.sh"
    profile.write_text(profile_text(config, "operators", ENDPOINTS))

    def run(before: str = "", after: str = SHOW) -> str:
        code = f'{before}\n. "$1"\n{after}'
        done = subprocess.run(
            [shell.sh, "-eu", "-c", code, "login", str(profile)],
            env={"PATH": "/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        return done.stdout.strip()

    run.config, run.key = config, key
    return run


def test_all_endpoints_and_the_operators_certificate(sourced):
    pki = sourced.config / "pki"
    assert sourced() == "|".join(
        [
            ",".join(ENDPOINTS),
            f"{pki}/ca.pem",
            f"{pki}/operator.pem",
            f"{pki}/operator.key",
            f"/bin:{sourced.config}/bin",
        ]
    )
    seen = sourced(after="env").splitlines()
    assert f"ETCDCTL_KEY={pki}/operator.key" in seen


def test_what_a_person_has_set_stays(sourced):
    mine = sourced(before="export ETCDCTL_ENDPOINTS=mine ETCDCTL_CERT=")
    assert mine.startswith(f"mine|{sourced.config}/pki/ca.pem||")


def test_a_second_reading_adds_nothing(sourced):
    assert sourced(after=f'. "$1"; {SHOW}') == sourced()


def test_nothing_is_set_for_whom_the_key_is_not(sourced):
    sourced.key.unlink()
    assert sourced(after="env | grep ETCD || echo none; echo $PATH") == "none\n/bin"


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="acts as other users")
def test_a_real_etcdctl_works_for_the_group_alone(shell):
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder)
        config.chmod(0o755)
        pki = issued("modern", "ecdsa-p256").write(config / "pki")
        os.chown(pki / "operator.key", 0, GROUP_ID)
        (pki / "operator.key").chmod(0o640)
        (config / "bin").mkdir()
        shutil.copy(BINARIES / "etcdctl", config / "bin")
        with tls_member(config, pki, gateway_certificate=True) as member:
            endpoint = f"https://127.77.0.1:{member.client_port}"
            (config / "profile.sh").write_text(profile_text(config, "g", [endpoint]))

            def as_user(group: int, code: str) -> subprocess.CompletedProcess[str]:
                who = ["setpriv", f"--reuid={NOBODY_ID}", f"--regid={NOBODY_ID}"]
                called = f". {config}/profile.sh; {code}"
                return subprocess.run(
                    # By its real path: the link of these tests lies where only root may look.
                    [*who, f"--groups={group}", *real(shell), "-c", called],
                    env={"PATH": "/usr/bin:/bin"},
                    capture_output=True,
                    text=True,
                    timeout=30,
                    check=False,
                )

            assert as_user(GROUP_ID, "etcdctl put a b && etcdctl get a").stdout == "OK\na\nb\n"
            assert as_user(NOBODY_ID, "etcdctl get a").returncode == 127
            explicit = f"{config}/bin/etcdctl --endpoints {endpoint} --cacert {pki}/ca.pem"
            identity = f"--cert {pki}/operator.pem --key {pki}/operator.key"
            refused = as_user(NOBODY_ID, f"{explicit} {identity} get a")
            assert refused.returncode != 0
            assert "permission denied" in refused.stderr


def real(shell) -> list[str]:
    name = Path(shell.sh).resolve()
    return [str(name), "sh"] if shell.name == "busybox" else [str(name)]
