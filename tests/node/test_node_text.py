"""The text of a command: what a preview shows, and what hostile values do to it."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from components.machine.text import apply_facts, health_facts, prepare_facts
from components.member.command_text import RECEIVE, command_text
from components.member.timeouts import TIMEOUTS
from tests.node.stack_files import first_member
from tests.support.shells import SHELLS

HOSTILE = ["two words", "it's", 'a "quote"', "$(touch broken)", "`touch broken`", "a;b&c|d", "*"]


def facts_of(text: str) -> list[str]:
    head, _, rest = text.partition("\nFACTS\n")
    assert head.startswith(": <<'FACTS'\n")
    assert rest.startswith("set -- ")
    return head.splitlines()[1:]


def test_the_text_is_facts_and_one_line():
    member = first_member()
    text = command_text(member, "apply", "create", {"a": "1", "b": "2"})
    run_s = TIMEOUTS["local"].run_s
    assert text == (
        ": <<'FACTS'\na=1\nb=2\nFACTS\n"
        f"set -- apply create /srv/project/.dev/nodes/etcd1/state {run_s}; {RECEIVE}"
    )
    assert len(RECEIVE.splitlines()) == 1


def test_facts_of_a_preparation():
    assert prepare_facts(first_member()) == {
        "node": "etcd1",
        "version": "3.6.16",
        "install": "preinstalled",
        "binaries": "/srv/project/.toolchain/etcd/3.6.16",
        "on_destroy": "keep",
    }


def test_a_changed_flag_is_one_changed_line():
    was, now = (
        facts_of(command_text(member, "apply", "create", apply_facts(member)))
        for member in (first_member(), first_member(quota_mib=4096))
    )
    assert set(was) ^ set(now) == {
        "--quota-backend-bytes=2147483648",
        "--quota-backend-bytes=4294967296",
    }
    assert len(was) == len(now)


def test_facts_name_the_trusted_and_the_signing_generation():
    member = first_member(pki={"signing": 2, "trusted": [1, 2]})
    lines = facts_of(command_text(member, "apply", "create", apply_facts(member)))
    assert "signing=2" in lines
    assert "trusted=1,2" in lines


def test_facts_leave_out_what_only_a_first_start_reads():
    assert not [name for name in apply_facts(first_member()) if "initial" in name]
    assert health_facts(first_member()) == {"members": "etcd1 etcd2 etcd3"}


def test_a_preview_shows_what_is_defragmented_for_and_the_run_has_time_for_it():
    member = first_member(maintenance={"defragment": "2026-11-26"})
    texts = [
        command_text(asked, "apply", "create", apply_facts(asked))
        for asked in (first_member(), member)
    ]
    was, now = map(facts_of, texts)
    assert set(was) ^ set(now) == {"defragment=2026-11-26"}
    times = TIMEOUTS["local"]
    for text, run_s in zip(texts, (times.run_s, times.run_s + 2 * times.defragment_s), strict=True):
        assert f"/etcd1/state {run_s}; " in text


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("shell", SHELLS)
def test_hostile_values_stay_data(hostile, shell, tmp_path):
    member = first_member()
    layout = replace(member.layout, state=tmp_path / hostile / "etcd1/state")
    text = command_text(
        replace(member, layout=layout), "apply", "create", {"root": hostile, "other": "$HOME"}
    )
    beginning = text.removesuffix(RECEIVE)
    told = subprocess.run(
        [*shell.split(), "-c", beginning + 'printf "%s\\n" "$@"'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == [
        "apply",
        "create",
        f"{tmp_path}/{hostile}/etcd1/state",
        str(TIMEOUTS["local"].run_s),
    ]
    assert told.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_a_fact_is_one_line():
    """Or its value could end the list of facts and go on as code."""
    with pytest.raises(ValueError, match="one line"):
        command_text(first_member(), "apply", "create", {"note": "a\nFACTS\ntouch broken"})
