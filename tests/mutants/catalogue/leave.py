"""How a member goes: alone, behind the gate, and only if the stack file names it no more."""

from functools import partial

from tests.mutants.catalogue.hints import (
    COMPONENT,
    FOUNDED_TWICE,
    JOURNEY,
    arrives,
    harmless,
)
from tests.mutants.mutant import Mutant

_leave = partial(Mutant, area="leave")
_GROWS = JOURNEY
_SHRINKS = JOURNEY

MUTANTS = (
    _leave(
        id="leave-without-asking",
        function="leave",
        former='require_others_healthy "not removed" "$leave_list"',
        broken="member_list=$leave_list",
        promise="one-down-at-most",
        hints=(harmless("leaves without asking who is healthy"),),
    ),
    _leave(
        id="leave-removes-the-first-of-the-list",
        function="leave",
        former='own_id=$(echo "$leave_list" | member_id "$(setting name)")',
        broken="own_id=$(echo \"$leave_list\" | head -n 1 | sed 's/,.*//')",
        promise="membership-follows-file",
        hints=(arrives("stops one of two before it is removed"), _SHRINKS),
    ),
    _leave(
        id="leave-removes-who-is-named-alike",
        function="member_id",
        former="$3 == name",
        broken='index($3 "", name)',
        promise="membership-follows-file",
        hints=("tests/node/test_gate.py",),
    ),
    _leave(
        id="leave-stops-one-of-two-before-it-is-removed",
        function="leave",
        former="-le 2 ]",
        broken="-le 0 ]",
        promise="membership-follows-file",
        hints=(arrives("stops one of two before it is removed"),),
    ),
    _leave(
        id="leave-looks-for-the-others-where-they-were",
        function="leave",
        former="serving_url=$(",
        broken="nothing=$(",
        promise="membership-follows-file",
        hints=(arrives("leaves the others where they were"),),
    ),
    _leave(
        id="leave-in-an-update",
        function="leave",
        former='[ "$1" = delete ] || return 0',
        broken='[ "$1" != create ] || return 0',
        promise="membership-follows-file",
        hints=(_GROWS,),
    ),
    _leave(
        id="leave-is-not-noted",
        function="leave",
        former="  note_left\n",
        broken="",
        promise="never-founded-twice",
        hints=(FOUNDED_TWICE,),
    ),
    _leave(
        id="leave-when-the-whole-cluster-goes",
        function="EtcdNode._leave",
        former=", after, deleted_with=whole",
        broken=", after",
        promise="data-kept",
        hints=(COMPONENT,),
    ),
    _leave(
        id="leave-two-at-once",
        function="in_turn",
        former="        leave_before = [*leave_before, member.leaving]\n",
        broken="",
        promise="one-down-at-most",
        hints=(COMPONENT,),
    ),
    _leave(
        id="leave-of-a-machine-that-is-away",
        function="NodeCommands.options",
        former=', "retain_on_delete": True',
        broken="",
        promise="membership-follows-file",
        hints=(COMPONENT,),
    ),
)
