"""From one minor to the next, all members healthy, by etcd's own procedure down as up."""

from functools import partial

from tests.mutants.catalogue.hints import ORDER, UPGRADE, harmless
from tests.mutants.mutant import Mutant

_upgrade = partial(Mutant, area="upgrade", promise="upgrade-in-order")
_STEPS = "tests/node/test_upgrade_steps.py"
_UP_AND_BACK = f"{UPGRADE}::test_through_three_minors_and_back"

MUTANTS = (
    _upgrade(
        id="upgrade-skips-a-minor",
        function="check_version_step",
        former="    *) refuse_skipped_minor ;;\n",
        broken="",
        promise="skipped-minor-refused",
        hints=(_STEPS,),
    ),
    _upgrade(
        id="upgrade-from-below-the-floor",
        function="check_version_step",
        former='"$(minor_of "$(setting release_before)")") check_floor ;;',
        broken='"$(minor_of "$(setting release_before)")") ;;',
        hints=(_STEPS,),
    ),
    _upgrade(
        id="upgrade-floors-are-compared-as-text",
        function="check_floor",
        former="-ge \"$(setting floor_before | sed 's/.*\\.//')\" ]",
        broken="\\> \"$(setting floor_before | sed 's/.*\\.//')\" ]",
        hints=(_STEPS,),
    ),
    _upgrade(
        id="upgrade-floor-is-not-told-to-nodes",
        function="version_steps",
        former='"floor_before": str(floor.version) if floor else ""',
        broken='"floor_before": ""',
        hints=(_STEPS,),
    ),
    _upgrade(
        id="upgrade-down-without-telling-the-cluster",
        function="before_new_version",
        former='    allow_downgrade "$running_version"\n',
        broken="    :\n",
        hints=(
            ORDER,
            harmless("does not tell etcd that it goes down"),
            _UP_AND_BACK,
        ),
    ),
    _upgrade(
        id="upgrade-down-before-the-data-is-ready",
        function="storage_is_ready",
        former='[ "$(own_status_field StorageVersion)" = "$target.0" ]',
        broken='[ -n "$(own_status_field StorageVersion)" ]',
        hints=(
            ORDER,
            _UP_AND_BACK,
        ),
    ),
    _upgrade(
        id="upgrade-to-a-third-release",
        function="before_new_version",
        former="  require_no_third_release\n",
        broken="",
        hints=(
            ORDER,
            harmless("takes a third version"),
            f"{UPGRADE}::test_three_versions_at_once",
        ),
    ),
    _upgrade(
        id="upgrade-with-an-alarm",
        function="before_new_version",
        former="  require_no_alarm\n",
        broken="",
        hints=(
            ORDER,
            f"{UPGRADE}::test_an_alarm",
        ),
    ),
    _upgrade(
        id="upgrade-of-a-member-that-is-down",
        function="start",
        former='  if [ "$starts_empty" = no ]; then\n    require_version_may_mend\n',
        broken='  if [ "$starts_empty" = no ]; then\n',
        hints=(
            ORDER,
            harmless("goes to another minor to mend a member"),
            f"{UPGRADE}::test_a_member_that_is_down",
            f"{UPGRADE}::test_no_quorum",
        ),
    ),
    _upgrade(
        id="upgrade-before-the-former-is-done",
        function="former_upgrade_is_done",
        former="    *) return 1 ;;\n",
        broken="    *) ;;\n",
        hints=(
            ORDER,
            _UP_AND_BACK,
        ),
    ),
    _upgrade(
        id="upgrade-of-a-binary-of-another-version",
        function="version_runs",
        former='if [ "$running_version" != "$(setting version)" ]; then',
        broken='if [ -z "$running_version" ]; then',
        hints=("tests/node/test_install_release.py::test_programs_of_another_version",),
    ),
    _upgrade(
        id="upgrade-removes-the-version-of-the-way-back",
        function="versions_in_use",
        former=' "$(setting config_dir)"/generations/*/bin; do',
        broken="; do",
        hints=("tests/node/test_install_versions.py",),
    ),
    _upgrade(
        id="upgrade-known-minors-are-taken-for-older",
        function="is_older_minor",
        former='"$(minor_number "$1")" -lt "$(minor_number "$2")"',
        broken='"$(minor_number "$1")" -gt "$(minor_number "$2")"',
        hints=(_STEPS, _UP_AND_BACK),
    ),
)
