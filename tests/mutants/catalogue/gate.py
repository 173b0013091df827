"""At most one member is down by our hand, and the others go on without it."""

from functools import partial

from tests.mutants.catalogue.hints import CHANGES, COMPONENT, JOURNEY, LIVES, harmless
from tests.mutants.mutant import Mutant

_gate = partial(Mutant, area="gate")

MUTANTS = (
    _gate(
        id="gate-restarts-without-asking",
        function="pass_gate",
        former='require_others_healthy "not restarted" "${1:-}"',
        broken="member_list=${1:-$(members)}",
        promise="one-down-at-most",
        hints=(
            harmless("restarts without asking who is healthy"),
            f"{CHANGES}::test_no_restart_while_another_voter_is_sick",
        ),
    ),
    _gate(
        id="gate-counts-learners",
        function="count_voters",
        former="""awk -F ', ' '$6 == "false"' |""",
        broken="cat |",
        promise="one-down-at-most",
        hints=("tests/node/test_gate.py", LIVES),
    ),
    _gate(
        id="gate-half-is-a-majority",
        function="majority_remains",
        former="unhealthy_count)) -gt $((voters / 2))",
        broken="unhealthy_count)) -ge $((voters / 2))",
        promise="one-down-at-most",
        hints=("tests/node/test_gate.py", LIVES),
    ),
    _gate(
        id="gate-waits-only-for-whom-the-file-does-not-name",
        function="unhealthy_others",
        former="if is_expected",
        broken="if ! is_expected",
        promise="one-down-at-most",
        hints=(
            harmless("restarts without asking who is healthy"),
            LIVES,
            f"{CHANGES}::test_no_restart_while_another_voter_is_sick",
        ),
    ),
    _gate(
        id="gate-leader-restarts-as-leader",
        function="restart",
        former="    remember_good\n    transfer_leadership",
        broken="    remember_good",
        promise="no-write-lost",
        hints=(JOURNEY,),
    ),
    _gate(
        id="gate-leadership-goes-to-whom-is-next",
        function="Member.transfer_candidates",
        former="(*names[:turn], *reversed(names[turn + 1 :]))",
        broken="(*names[turn + 1 :], *names[:turn])",
        promise="no-write-lost",
        hints=(
            "tests/node/test_gate.py",
            JOURNEY,
        ),
    ),
    _gate(
        id="gate-takes-a-moving-member-for-one-that-is-down",
        function="is_healthy_itself",
        former='is_healthy "$(own_place client_url)"',
        broken='is_healthy "$(setting client_url)"',
        promise="one-down-at-most",
        hints=(harmless("takes a member that moves for one that is down"),),
    ),
    _gate(
        id="gate-does-not-wait-until-it-is-back",
        function="restart",
        former="recovers=is_healthy_again",
        broken="recovers=:",
        promise="one-down-at-most",
        hints=(
            harmless("does not go back from what etcd refuses"),
            JOURNEY,
        ),
    ),
    _gate(
        id="gate-goes-on-with-corrupt-data",
        function="pass_gate",
        former='  require_no_corruption "not restarted: "\n',
        broken="",
        promise="no-write-lost",
        hints=(
            "tests/node/test_maintenance.py::test_nothing_goes_on_while_a_members_data_differs",
        ),
    ),
    _gate(
        id="gate-takes-no-answer-for-health",
        function="is_healthy",
        former='|| lacks_rights "$read_output"',
        broken="|| :",
        promise="one-down-at-most",
        hints=("tests/node/test_alarms.py::test_who_is_healthy",),
    ),
    _gate(
        id="gate-members-change-all-at-once",
        function="in_turn",
        former="        turn = [member.applied]\n",
        broken="",
        promise="one-down-at-most",
        hints=(COMPONENT,),
    ),
    _gate(
        id="gate-looks-at-the-whole-too-soon",
        function="Machines._health",
        former="depends_on=[node.applied for node in self.nodes]",
        broken="depends_on=[node.leaving for node in self.nodes]",
        promise="readable-report",
        hints=(COMPONENT,),
    ),
    _gate(
        id="gate-needless-restart-of-who-runs-as-it-should",
        function="member_runs_desired_state",
        former="! is_joining && ! defragment_is_due &&",
        broken="! is_joining && defragment_is_due &&",
        promise="no-needless-restart",
        hints=(JOURNEY,),
    ),
)
