"""What a person sees while the engine works."""

from __future__ import annotations

from ops.commands.up import endpoints_of
from ops.engine.events import Diagnostic, Event, Finished, Started, Step, resource_of
from ops.screen.progress import Progress, summary_line
from tests.ops.recorded import events


def lines(recorded: list[Event]) -> list[str]:
    """One second passes with every event."""
    progress = Progress()
    return [line for now, event in enumerate(recorded) for line in progress.feed(event, now)]


def test_each_change_is_a_line_and_below_it_what_the_script_said() -> None:
    shown = lines(events("first"))
    assert "created PrivateKey dev-authority-node-etcd1-peer  1.0 s" in shown
    start = next(n for n, line in enumerate(shown) if "Command dev-etcd1-apply" in line)
    assert shown[start].startswith("created Command dev-etcd1-apply  ")
    assert shown[start + 1] == "    etcd1: started"


def test_providers_and_components_are_not_shown() -> None:
    assert not [line for line in lines(events("first")) if "default_" in line or "EtcdNode" in line]


def test_an_unchanged_stack_shows_nothing_but_its_summary() -> None:
    recorded = events("unchanged")
    assert lines(recorded) == []
    assert summary_line(recorded, 1.23) == "nothing to change (1.2 s)"


def test_summary_counts_what_changed() -> None:
    assert summary_line(events("preview"), 2) == "4 updated, 60 unchanged in 2.0 s"
    assert summary_line(events("destroy"), 2) == "64 deleted in 2.0 s"


def test_what_is_under_way_is_live_with_its_latest_words() -> None:
    recorded = events("traceback")
    progress = Progress()
    failing = next(
        n
        for n, event in enumerate(recorded)
        if isinstance(event, Diagnostic) and event.message == "etcd2 waited"
    )
    for event in recorded[: failing + 1]:
        progress.feed(event, 10)
    assert progress.live(13) == ["creating Command dev-etcd2-apply  3 s  etcd2 waited"]
    for event in recorded[failing + 1 :]:
        progress.feed(event, 10)
    assert progress.live(13) == []


def test_an_interrupted_run_is_one_line_not_the_engines_essay() -> None:
    shown = lines(events("interrupted"))
    assert [line for line in shown if "cut off" in line] == [
        "an earlier run was cut off while creating dev-etcd2-apply; done anew"
    ]
    assert not [line for line in shown if "AWS" in line]


def test_a_warning_is_shown_once_and_where_plugins_lie_never() -> None:
    def warning(message: str) -> Diagnostic:
        return Diagnostic("warning", message, None, passing=False)

    plugin = warning("using pulumi-resource-command from $PATH at /x")
    assert lines([warning("two members"), plugin, warning("two members")]) == [
        "warning: two members"
    ]


def test_what_a_script_warns_of_stays_below_what_it_has_done() -> None:
    slow = "warning: etcd1: the disk is slow: fdatasync p99 21.7 ms"
    outputs = {"stdout": "etcd1: prepared", "stderr": f"{slow}\nlooking\n{slow}\n"}
    command = resource_of("urn:pulumi:t::etcd-cluster::command:remote:Command::t-etcd1-prepare")
    step = Step("create", command, custom=True, outputs=outputs)
    said = Diagnostic("info", slow, command, passing=True)
    assert lines([Started(step), said, Finished(step)]) == [
        "created Command t-etcd1-prepare  2.0 s",
        "    etcd1: prepared",
        f"    {slow}",
    ]


def test_what_a_deletion_says_is_kept() -> None:
    started = next(e for e in events("destroy") if isinstance(e, Started) and e.step.custom)
    said = Diagnostic("info", "etcd1: data kept in /d", started.step.resource, passing=True)
    recorded = events("destroy")
    at = recorded.index(started)
    assert "    etcd1: data kept in /d" in lines([*recorded[: at + 1], said, *recorded[at + 1 :]])


def test_endpoints_are_those_of_the_run() -> None:
    assert len(endpoints_of(events("unchanged"))) == 3
    assert endpoints_of([]) == []
