"""How a member comes into a cluster: founded once, or as a learner of one that lives."""

from functools import partial

from tests.mutants.catalogue.hints import (
    FOUNDED_TWICE,
    FOUNDING,
    JOURNEY,
    LIVES,
    MEMBERSHIP,
    arrives,
    harmless,
)
from tests.mutants.mutant import Mutant

_join = partial(Mutant, area="join")

MUTANTS = (
    _join(
        id="join-as-a-voter-at-once",
        function="try_add_learner",
        former='"$(setting name)" --learner',
        broken='"$(setting name)"',
        promise="one-down-at-most",
        hints=(harmless("joins as a voter at once"),),
    ),
    _join(
        id="join-as-the-former-self",
        function="remove_old_member_entry",
        former='remove_member "$former_id" "$(setting name)"',
        broken=":",
        promise="no-write-lost",
        hints=(harmless("joins as its former self"),),
    ),
    _join(
        id="join-founds-in-an-update",
        function="enter",
        former='require_bootstrap_is_safe "$1"',
        broken="require_bootstrap_is_safe create",
        promise="never-founded-twice",
        hints=(
            harmless("founds in an update"),
            f"{FOUNDING}::test_an_update_never_founds",
        ),
    ),
    _join(
        id="join-founds-where-a-member-has-lived",
        function="require_bootstrap_is_safe",
        former='  [ ! -e "$(setting state_dir)/lived" ] || refuse_to_start_empty\n',
        broken="",
        promise="never-founded-twice",
        hints=(FOUNDED_TWICE, LIVES),
    ),
    _join(
        id="join-founds-beside-a-cluster-that-is-down",
        function="require_bootstrap_is_safe",
        former='[ -z "$(setting bootstrap_differs)" ] ||',
        broken=": ||",
        promise="never-founded-twice",
        hints=(f"{MEMBERSHIP}::test_nobody_founds_a_second_cluster_beside_one_that_is_down",),
    ),
    _join(
        id="join-founds-beside-the-cluster-it-left",
        function="has_left",
        former='[ -s "$(setting state_dir)/left" ] &&',
        broken='[ -d "$(setting state_dir)/left" ] &&',
        promise="never-founded-twice",
        hints=(FOUNDED_TWICE,),
    ),
    _join(
        id="join-asks-nobody-before-it-founds",
        function="enter",
        former='if ! cluster_is_running; then\n    require_bootstrap_is_safe "$1"',
        broken='if [ "$1" = create ] || ! cluster_is_running; then\n'
        '    require_bootstrap_is_safe "$1"',
        promise="never-founded-twice",
        hints=(
            f"{MEMBERSHIP}::test_a_founder_that_lost_its_disk_comes_back_as_a_new_member",
            LIVES,
        ),
    ),
    _join(
        id="join-never-promoted",
        function="try_promote",
        former="*', true')",
        broken="*', never')",
        promise="membership-follows-file",
        hints=(arrives("never promotes"),),
    ),
    _join(
        id="join-while-another-is-sick",
        function="join",
        former='require_others_healthy "not joined"',
        broken="has_list",
        promise="one-down-at-most",
        hints=(JOURNEY,),
    ),
    _join(
        id="join-is-blocked-by-the-dead",
        function="add_learner",
        former="  remove_dead_members is_expected\n",
        broken="",
        promise="membership-follows-file",
        hints=(
            JOURNEY,
            LIVES,
        ),
    ),
    _join(
        id="join-sends-the-living-away",
        function="remove_dead_members",
        former='[ -n "$dead_url" ] && is_healthy "$dead_url"',
        broken='[ -z "$dead_url" ]',
        promise="membership-follows-file",
        hints=(
            JOURNEY,
            LIVES,
        ),
    ),
    _join(
        id="join-has-no-end",
        function="forget_joining",
        former='rm -rf "$(setting config_dir)/joining" "$(setting state_dir)/joining"',
        broken='rm -rf "$(setting config_dir)/joining"',
        promise="no-needless-restart",
        hints=(
            arrives("never promotes"),
            JOURNEY,
        ),
    ),
    _join(
        id="join-waits-for-the-dead-that-is-named-no-more",
        function="restart",
        former='remove_dead_members is_named\n    pass_gate "$member_list"',
        broken='has_list\n    pass_gate "$member_list"',
        promise="membership-follows-file",
        hints=(arrives("waits for a dead member that is named no more"),),
    ),
    _join(
        id="join-nobody-is-told-where-a-lone-member-has-gone",
        function="update_peer_url",
        former='update_member "${known_at%%,*}" "$1"',
        broken=":",
        promise="membership-follows-file",
        hints=(arrives("does not say where a lone member has gone"),),
    ),
    _join(
        id="join-nobody-is-told-where-one-has-gone-that-was-cut-off",
        function="correct_peer_urls",
        former="$4 != url",
        broken="$4 == name",
        promise="membership-follows-file",
        hints=(arrives("does not say where one has gone that was cut off"),),
    ),
)
