"""What the scripts of pods conclude from what Kubernetes says of its objects."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from components.member.files import script
from components.member.settings import render_settings
from components.pods.payload import SCRIPT_PATH, scripts_of
from components.pods.settings import check_settings, enter_settings, rehearse_settings
from tests.node.test_reads import BROKEN_OFF, GATEWAY, REFUSED
from tests.pods.pod_members import first_member, place_of, record_of
from tests.support.shells import SHELLS

SETTINGS = {
    "check": check_settings,
    "enter": enter_settings,
    "rehearse": lambda member, place, _: rehearse_settings(member, place, "cold"),
}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=SHELLS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    """Runs code with the scripts of an action. `says`: what objects say, by shell patterns of
    `KIND/NAME JSONPATH`; nothing of all others."""
    member = first_member()

    def run(action: str, code: str, says: str = "", **settings: str):
        known = SETTINGS[action](member, place_of(member), record_of(member))
        (tmp_path / "settings").write_text(render_settings({**known, **settings}))
        paths = [path for path in scripts_of(action) if path != "main.sh"]
        (tmp_path / "code").write_text(
            "\n".join(
                [
                    f"set -eu; payload='{tmp_path}'",
                    *(script(path, SCRIPT_PATH).decode() for path in paths),
                    f'kube_says() {{ case "$1 $2" in {says} *) ;; esac; }}',
                    "bootstrap_guards() { :; }; sleep() { :; }",
                    'set_bootstrap_guard() { echo "guard of $1: $2"; }',
                    code,
                ]
            )
        )
        return subprocess.run(
            [*request.param.split(), tmp_path / "code"], capture_output=True, text=True, check=False
        )

    return run


@pytest.mark.parametrize(
    ("runs_with", "trusted", "signing", "reason"),
    [
        ("1 1", "1,2", "1", ""),
        ("1,2 1", "1,2", "2", ""),
        ("1,2 2", "2", "2", ""),
        ("1 1", "1,2", "2", "trusts authority generation 1 and would not trust certificates"),
        ("1,2 1", "2", "2", "serves a certificate that authority generation 1 signed"),
    ],
)
def test_a_step_of_a_rotation_that_a_running_member_could_not_follow(
    run: Run, runs_with: str, trusted: str, signing: str, reason: str
) -> None:
    """A member runs with the trusted generations and the one that signed its certificate."""
    done = run("check", f"check_trust {runs_with}", trusted=trusted, signing=signing)
    assert (reason in done.stderr, bool(done.stderr)) == (True, bool(reason)), done.stderr


@pytest.mark.parametrize(
    ("owner", "reason"),
    [
        ("p its-authority", ""),
        ("p another", "belongs to another cluster of this name (authority another)"),
        ("q its-authority", "belongs to q"),
    ],
)
def test_objects_of_somebody_else_are_refused(run: Run, owner: str, reason: str) -> None:
    code = f"check_owner service/etcd '{owner}'"
    done = run("check", code, name="p", authority="its-authority")
    assert (reason in done.stderr, bool(done.stderr)) == (True, bool(reason)), done.stderr


def test_a_door_is_shut_if_it_leads_to_nobody_else(run: Run) -> None:
    known = first_member()
    alone = f"{known.name}={known.node.peer_url}"
    for cluster, shut in ((alone, "yes"), (f"{alone},other=https://other:2380", "no")):
        bootstrap_guards = f"echo '{known.name}-entry existing {cluster}'"
        done = run(
            "enter",
            f"{bootstrap_guards} | bootstrap_is_forbidden {known.name} && echo yes || echo no",
        )
        assert (done.stdout.strip(), done.stderr) == (shut, "")


def test_nobody_founds_a_cluster_while_others_have_their_volumes(run: Run) -> None:
    lived = run("enter", "enter_as_founder", "pvc/data-etcd1-0*) echo data-etcd1-0 ;;")
    assert lived.stdout == "etcd0: has no volume, and waits for the members that have one: etcd1\n"
    assert "enters as a founder" in run("enter", "enter_as_founder").stdout


def test_no_answer_of_the_api_server_is_not_taken_for_no_object(run: Run) -> None:
    code = "kube() { echo refused >&2; return 1; }; found=$(kube_get pods); echo went on"
    done = run("enter", code)
    assert done.returncode != 0
    assert done.stdout == ""
    assert "the API server of Kubernetes does not answer: refused" in done.stderr


def test_a_rehearsed_etcd_that_lets_nobody_in_is_refused_for_that(run: Run) -> None:
    code = (
        "kube() { :; }; pod_runs() { :; }; started_with() { :; }\n"
        f"ask_in() {{ echo '{BROKEN_OFF}'; return 1; }}\n"
        f"last_log() {{ cat <<'LOG'\n{REFUSED}{GATEWAY}LOG\n}}\nrehearse"
    )
    done = run("rehearse", code, start_timeout_s="10")
    name = rehearse_settings(first_member(), place_of(first_member()), "cold")["rehearsal"]
    assert done.returncode == 1
    assert done.stderr == (
        f"error: {first_member().name}: its pod does not serve, so no member was restarted: "
        'rejected connection on client endpoint: open "x": no such file; '
        "etcdctl: error reading server preface: EOF\n"
        f"(its log: kubectl -n {place_of(first_member()).namespace} logs {name})\n"
    )
