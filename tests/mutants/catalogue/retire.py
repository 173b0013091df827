"""What is left of a member whose machine is given up: its data, and nothing else."""

from functools import partial

from tests.mutants.mutant import Mutant

_retire = partial(Mutant, area="retire")
_RETIRE = "tests/node/test_node_retire.py"
_NOTES = "tests/node/test_notes.py"
_DISK = "tests/node/test_disk_of_its_own.py"

MUTANTS = (
    _retire(
        id="retire-wipes-what-is-to-be-kept",
        function="retire",
        former='if [ "$(setting on_destroy)" = wipe ]; then',
        broken='if [ -n "$(setting on_destroy)" ]; then',
        promise="data-kept",
        hints=(_DISK, _RETIRE),
    ),
    _retire(
        id="retire-deletes-data-that-is-kept",
        function="retire_data_to",
        former='mv "$(setting data_dir)" "$1"',
        broken='rm -rf "$(setting data_dir)" && mkdir "$1"',
        promise="removed-data-kept",
        hints=(f"{_RETIRE}::test_keep_says_where_the_data_is",),
    ),
    _retire(
        id="retire-renames-a-disk",
        function="retired_data_path",
        former='if is_mount_point "$(setting data_dir)"; then',
        broken="if false; then",
        promise="data-kept",
        hints=(_DISK,),
    ),
    _retire(
        id="retire-takes-a-disk-for-a-folder",
        function="remove_folder",
        former='if is_mount_point "$1"; then',
        broken="if false; then",
        promise="resumable",
        hints=(_DISK,),
    ),
    _retire(
        id="retire-forgets-whose-data-it-keeps",
        function="name_data",
        former='[ ! -s "$(data_record)" ] || cp "$(data_record)" "$1/identity"',
        broken=":",
        promise="data-kept",
        hints=(_NOTES, _DISK),
    ),
    _retire(
        id="retire-leaves-keys",
        function="remove_configuration",
        former="for ours in generations current",
        broken="for ours in current",
        promise="keys-where-they-belong",
        hints=(_RETIRE,),
    ),
    _retire(
        id="retire-keeps-notes-of-the-former-member",
        function="forget_node",
        former="forget_notes process member node",
        broken="forget_notes process node",
        promise="resumable",
        hints=(_NOTES, _DISK),
    ),
    _retire(
        id="retire-does-not-say-where-the-data-is",
        function="keep",
        former='say "stopped, data kept in $kept" >&2',
        broken='say "stopped, data kept"',
        promise="data-kept",
        hints=(_DISK, f"{_RETIRE}::test_keep_says_where_the_data_is"),
    ),
    _retire(
        id="retire-removes-somebody-elses-service",
        function="runtime_remove",
        former='  [ -z "$(foreign_service)" ] || return 0\n  [ ! -e "$unit_file" ]',
        broken='  [ ! -e "$unit_file" ]',
        promise="refusal-touches-nothing",
        hints=("tests/node/test_service.py",),
    ),
)
