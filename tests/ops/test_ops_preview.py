"""A preview shows for each node what its command would see changed."""

from __future__ import annotations

from ops.commands.preview import plan, warnings
from ops.engine.events import Diagnostic
from ops.screen.command_text import changes, facts
from tests.ops.recorded import events


def text(script: str = "echo hello\n", **named: str) -> str:
    lines = "".join(f"{name}={value}\n" for name, value in named.items())
    return f": <<'FACTS'\n{lines}FACTS\n{script}"


def test_plan_shows_a_line_diff_below_each_node() -> None:
    lines = plan(events("preview"))
    start = lines.index("update Command dev-etcd2-apply")
    assert lines[start + 1 : start + 3] == ["    - --log-level=debug", "    + --log-level=info"]
    assert "update Command dev-etcd1-apply" in lines


def test_plan_of_nothing_is_empty() -> None:
    assert plan(events("unchanged")) == []


def test_facts_are_only_those_in_the_here_document() -> None:
    assert facts(text(node="etcd1", version="3.6.16")) == {"node": "etcd1", "version": "3.6.16"}
    assert facts("a=1\necho hello") == {}
    assert facts({"4dabf18193072939515e22adb298388d": "secret"}) == {}


def test_changes_show_old_and_new_value_and_only_what_differs() -> None:
    old = text(node="etcd1", version="3.6.13", flag="a=b")
    new = text(node="etcd1", version="3.6.16", extra="1")
    assert changes(old, new) == ["- version=3.6.13", "+ version=3.6.16", "- flag=a=b", "+ extra=1"]


def test_a_new_node_shows_all_of_its_facts() -> None:
    assert changes(None, text(node="etcd4", version="3.6.16")) == [
        "+ node=etcd4",
        "+ version=3.6.16",
    ]


def test_a_changed_script_is_one_line() -> None:
    assert changes(text("one\n", a="1"), text("two\nthree\n", a="1")) == ["~ the script itself"]


def test_warnings_are_shown_once_and_nothing_else_that_is_said() -> None:
    old = "etcd 3.6.13 is older than 3.6.16"
    said = [("warning", old), ("info", "using pulumi-language-python"), ("warning", old)]
    told = [Diagnostic(severity, text, None, passing=False) for severity, text in said]
    assert warnings(told) == [f"warning: {old}"]
