"""What happens to a cluster in its life, in this order.

An `up` that restarts all members costs a quarter of a minute and more of a processor, so what a
person may change together comes together. Where a step is not about what `ops` adds, it is applied
by the engine alone, as in a pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import pytest

from lab.interruptions import kill_engine
from lab.operations import changes
from lab.operations.changes import Change, Spec
from lab.watchers.leaks import Keys, Seen, texts_of
from lab.watchers.sampling import watched_processes
from tests.journeys.journey import Journey, Step

ETCDS_WORDS = f'unexpected TLS cipher suite "{changes.REFUSED_SUITE}"'
# Scripts, ssh and kubectl live longer; the subshells of scripts do not.
PROCESS_PAUSE_S = 0.01
ENGINE = "(pulumi up "
PEM_IN_BASE64 = "LS0tLS1CRUdJTi"
CUT, KEPT = "journey/before-the-power-cut", "journey/before-destroy"


def _changing(change: Callable[[Spec], Change]) -> Callable[[Journey], None]:
    def do(journey: Journey) -> None:
        journey.write(change(journey.spec))
        journey.apply()

    return do


def _found(journey: Journey) -> None:
    journey.apply()


def _again(journey: Journey) -> None:
    before = journey.platform.visits()
    journey.apply("--expect-no-changes")
    assert journey.platform.visits() == before, "a node was asked although nothing changes"


def _stranger(journey: Journey) -> None:
    assert not journey.is_answered_without_a_certificate()


def _renewal(journey: Journey) -> None:
    """Every machine is sent new certificates, the preview shows nothing of a key, and `keys` is
    told how programs are started meanwhile."""
    journey.keys |= _keys_of_the_state(journey)
    journey.write(changes.reissue(journey.spec))
    processes = watched_processes(PROCESS_PAUSE_S)
    with processes.watch:
        shown = journey.preview()
        journey.apply()
    assert "PRIVATE KEY" not in shown
    assert PEM_IN_BASE64 not in shown
    journey.started = processes.seen
    journey.keys |= _keys_of_the_state(journey)


def _keys(journey: Journey) -> None:
    """Each on its machine alone, and none in what people see: what was printed so far, how programs
    were started, what the state's file says, and what is there to look at now."""
    assert not (misplaced := journey.platform.misplaced_keys()), misplaced
    journey.keys |= _keys_of_the_state(journey)
    assert any(ENGINE in place for place, _ in journey.started), "the engine was not seen"
    shown = {
        "what was printed": "\n".join(journey.printed),
        "the state": journey.stack.run("stack", "export").ok().output,
        **journey.platform.shown(),
    }
    assert len(shown) > len(changes.reachable(journey.spec)), f"only {[*shown]} say anything"
    assert all(shown.values()), [place for place, text in shown.items() if not text]
    seen: Seen = {}
    looked_at = [*((place, text.encode()) for place, text in shown.items()), *journey.started]
    found = [(place, journey.keys.shown_in(content, seen)) for place, content in looked_at]
    assert not (leaks := [(place, pieces) for place, pieces in found if pieces]), leaks


def _keys_of_the_state(journey: Journey) -> Keys:
    keys = Keys.of(texts_of(journey.stack.document("stack", "export", "--show-secrets")))
    assert len(keys.pems) > len(changes.reachable(journey.spec)), "the state has no keys"
    return keys


def _refused_flag(journey: Journey) -> None:
    good = journey.spec
    journey.write(changes.refused_flag(good))
    refused = journey.ops("up")
    assert refused.status != 0, "the flag was not refused"
    for reason in ("no member was restarted", ETCDS_WORDS):
        assert reason in refused.stderr, refused.stderr
    journey.back_to(good)


def _taken_back(journey: Journey) -> None:
    """One member alone is given what etcd refuses, so nobody has tried it beforehand."""
    good = journey.spec
    journey.write(changes.refused_flag(good))
    last, kind = changes.reachable(good)[-1], journey.platform.member_type
    refused = journey.run_up("--target", f"**{kind}$**::*-{last}-*")
    assert refused.status != 0, "the flag was not refused"
    for reason in ("etcd did not become healthy with the change, and runs again", ETCDS_WORDS):
        assert reason in refused.output, refused.output
    journey.back_to(good)


def _trust_both(journey: Journey) -> None:
    """The engine dies while the second member restarts; another `up` goes on."""
    journey.write(changes.rotation_step(journey.spec))
    second = [*journey.spec["nodes"]][1]
    kill_engine(journey.stack, f"{journey.spec['name']}-{second}-apply", delay_s=1)
    journey.up()


def _grow(journey: Journey) -> None:
    journey.write(changes.join(journey.spec, journey.platform.newcomers()))
    journey.apply()


def _shrink(journey: Journey) -> None:
    """The leader goes, and one more."""
    leader = journey.leader()
    other = next(name for name in journey.spec["nodes"] if name != leader)
    journey.left = {name: journey.spec["nodes"][name] for name in (leader, other)}
    journey.write(changes.leave(journey.spec, journey.left))
    assert "does not name" not in journey.up().stdout
    keep_data(journey, journey.left)


def keep_data(journey: Journey, left: Iterable[str]) -> None:
    """AssertionError if the data of one of those who `left` is gone."""
    assert not (lost := [name for name in left if not journey.platform.keeps_data_of(name)]), lost


def _replace(journey: Journey) -> None:
    change = journey.platform.replacement()
    journey.settle_for(change)
    journey.write(change)
    journey.up()


def _return(journey: Journey) -> None:
    """The other one of those that left comes back to the machine that it left, and the dead one is
    named no more."""
    journey.write(changes.forget(journey.spec))
    name = next(name for name in journey.left if name not in journey.spec["nodes"])
    journey.write(changes.join(journey.spec, {name: journey.left[name]}))
    journey.apply()


def _upgrade(journey: Journey) -> None:
    """With the last step of the rotation: each member restarts once for both."""
    journey.write(changes.rotation_step(journey.spec))
    journey.write(journey.platform.upgrade())
    assert "leadership transferred to" in journey.up().stdout, "the leader restarted as it was"


def _cut_power(journey: Journey) -> None:
    journey.etcdctl("put", CUT, "is still there")
    journey.platform.cut_power()
    journey.wait_healthy()
    assert journey.etcdctl("get", CUT, "--print-value-only") == "is still there\n"


def _destroy(journey: Journey) -> None:
    journey.etcdctl("put", KEPT, "is still there")
    journey.trusted = journey.bundle()
    journey.ops("down", "--yes").ok()
    remains = journey.platform.remains()
    assert not remains, f"destroy has left {remains}"


def _restore(journey: Journey) -> None:
    journey.platform.put_data_back()
    journey.up()


def _read_restored(journey: Journey) -> None:
    """By whom the same authority makes known, unless that might be lost with all else."""
    assert journey.etcdctl("get", KEPT, "--print-value-only") == "is still there\n"
    kept = not journey.spec.get("throwaway")
    assert (journey.bundle() == journey.trusted) is kept, "the authority is another"


_LIVE = ("no-write-lost", "one-down-at-most")
_ROTATION = ("rotation-without-outage", *_LIVE)
_MEMBERSHIP = ("membership-follows-file", *_LIVE)
STEPS = (
    Step("found", _found, rests_on=(), beside=False, promises=("outputs-suffice",)),
    Step("again", _again, promises=("no-needless-restart",)),
    Step("stranger", _stranger, beside=False, promises=("only-who-may-connect",)),
    Step("flag", _changing(changes.flag), restarts=1, promises=_LIVE),
    Step("refused-flag", _refused_flag, promises=("refusal-touches-nothing", *_LIVE)),
    Step(
        "taken-back",
        _taken_back,
        restarts=3,  # a service manager starts it twice before it counts as refused
        restarting=1,
        promises=("refused-start-taken-back", *_LIVE),
    ),
    Step("renewal", _renewal, promises=("no-needless-restart", *_LIVE)),
    Step(
        "trust-both",
        _trust_both,
        restarts=2,  # between a restart and the note of it another `up` restarts once more
        promises=("resumable", *_ROTATION),
    ),
    Step(
        "sign-with-new",
        _changing(changes.rotation_step),
        rests_on=("trust-both",),
        promises=_ROTATION,
    ),
    Step("grow", _grow, promises=_MEMBERSHIP),
    Step("shrink", _shrink, rests_on=("grow",), promises=("removed-data-kept", *_MEMBERSHIP)),
    Step("replace", _replace, rests_on=("shrink",), dying=1, promises=_MEMBERSHIP),
    Step("return", _return, rests_on=("replace",), promises=_MEMBERSHIP),
    Step(
        "upgrade",
        _upgrade,
        rests_on=("sign-with-new",),
        restarts=1,
        promises=("upgrade-in-order", *_ROTATION),
    ),
    Step(
        "power-cut",
        _cut_power,
        restarts=1,
        serving=False,
        promises=("power-cut-survived",),
    ),
    Step(
        "keys",
        _keys,
        rests_on=("renewal",),
        beside=False,
        promises=("keys-where-they-belong", "keys-nowhere-shown"),
    ),
    Step("destroy", _destroy, beside=False, standing=False),
    Step("restore", _restore, rests_on=("destroy",), beside=False),
    Step(
        "data-there", _read_restored, rests_on=("restore",), beside=False, promises=("data-kept",)
    ),
)


def journey_steps(
    platform: str,
    known: Mapping[str, str] | None = None,
    steps: Sequence[Step] = STEPS,
    in_soak: Collection[str] = (),
) -> Any:
    """The tests of a platform of tests/promises.py, whose module has a fixture `platform`, and
    `STEPS` if these are not those of all. `known`: by the name of a step, why it fails there;
    `in_soak`: names of steps that are left to soak there."""
    reasons = known or {}
    parameters = []
    for step in steps:
        marks = [pytest.mark.promise(promise, platform) for promise in step.promises]
        if step.name in reasons:
            marks.append(pytest.mark.xfail(reason=reasons[step.name], strict=True))
        if step.name in in_soak:
            marks.append(pytest.mark.soak)
        parameters.append(pytest.param(step, id=step.name, marks=marks))

    @pytest.mark.parametrize("step", parameters)
    def test_a_cluster_lives_through(journey: Journey, step: Step) -> None:
        journey.take(step)

    return test_a_cluster_lives_through
