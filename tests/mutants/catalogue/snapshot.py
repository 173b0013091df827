"""Before the first member changes its version there is a snapshot that is whole."""

from functools import partial

from tests.mutants.catalogue.hints import ORDER, UPGRADE, harmless
from tests.mutants.mutant import Mutant

_snapshot = partial(Mutant, area="snapshot", promise="data-kept")
_UP_AND_BACK = f"{UPGRADE}::test_through_three_minors_and_back"
_NOT_WHOLE = f"{UPGRADE}::test_a_snapshot_that_is_not_whole"
_GOES_ON = f"{UPGRADE}::test_an_interrupted_change_goes_on"

MUTANTS = (
    _snapshot(
        id="snapshot-is-not-made",
        function="before_new_version",
        former="  some_other_runs_wanted || keep_snapshot "
        '"before-$(setting version)" "$running_version"\n',
        broken="",
        hints=(
            harmless("goes to another minor without a snapshot"),
            f"{UPGRADE}::test_a_snapshot_without_a_place",
            _UP_AND_BACK,
        ),
    ),
    _snapshot(
        id="snapshot-is-not-checked",
        function="keep_snapshot",
        former='save_snapshot "$kept.new" && check_snapshot "$kept.new" "$2")',
        broken='save_snapshot "$kept.new")',
        hints=(ORDER, _NOT_WHOLE, _UP_AND_BACK),
    ),
    _snapshot(
        id="snapshot-that-failed-stops-nobody",
        function="keep_snapshot",
        former='fail "not restarted: no snapshot could be made in $folder',
        broken='say "warning: no snapshot could be made in $folder',
        hints=(ORDER, _NOT_WHOLE, f"{UPGRADE}::test_a_snapshot_without_a_place"),
    ),
    _snapshot(
        id="snapshot-of-the-changed-replaces-that-from-before",
        function="before_new_version",
        former="  some_other_runs_wanted || keep_snapshot",
        broken="  keep_snapshot",
        hints=(ORDER, _GOES_ON, _UP_AND_BACK),
    ),
    _snapshot(
        id="snapshot-goes-with-the-old-ones",
        function="keep_snapshot",
        former='find "$folder" -type f ! -name "$1.db" -exec',
        broken='find "$folder" -type f -exec',
        hints=(ORDER, _GOES_ON, _UP_AND_BACK),
    ),
    _snapshot(
        id="snapshot-takes-the-place-of-a-good-one-before-it-is-whole",
        function="keep_snapshot",
        former='save_snapshot "$kept.new" && check_snapshot "$kept.new"',
        broken='save_snapshot "$kept" && cp "$kept" "$kept.new" && check_snapshot "$kept"',
        hints=(ORDER, _NOT_WHOLE, _UP_AND_BACK),
    ),
)
