"""All files of a member as a whole: written beside the former ones, used in one step."""

from functools import partial

from tests.mutants.catalogue.hints import DESIRED, FOUNDING, INTERRUPTED, JOURNEY, ORDER
from tests.mutants.mutant import Mutant

_generation = partial(Mutant, area="generation")
_GENERATIONS = "tests/node/test_generations.py"

MUTANTS = (
    _generation(
        id="generation-keys-for-everybody-to-read",
        function="write_files",
        former='    chmod "$mode" "$1/$path"',
        broken='    chmod 0644 "$1/$path"',
        promise="keys-where-they-belong",
        hints=(f"{FOUNDING}::test_keys_are_readable_for_their_owner_alone",),
    ),
    _generation(
        id="generation-key-mode-of-a-certificate",
        function="credential_files",
        former="pair.key, mode=KEY_MODE",
        broken="pair.key, mode=CERTIFICATE_MODE",
        promise="keys-where-they-belong",
        hints=(DESIRED,),
    ),
    _generation(
        id="generation-used-before-it-is-whole",
        function="reload",
        former='  generation_write\n  generation_use "$(setting generation)"\n',
        broken='  generation_use "$(setting generation)"\n  generation_write\n',
        promise="resumable",
        hints=(ORDER, _GENERATIONS, f"{INTERRUPTED}::test_a_renewal"),
    ),
    _generation(
        id="generation-cold-files-are-not-noticed",
        function="runs_on",
        former='[ "$(cat "$(setting state_dir)/started" 2>/dev/null)" = "$1" ] &&',
        broken='[ -e "$(setting state_dir)/started" ] &&',
        promise="membership-follows-file",
        hints=(
            ORDER,
            JOURNEY,
        ),
    ),
    _generation(
        id="generation-flags-are-hot",
        function="_cold_digest",
        former='        "flags": flag_texts(cold_flags(member)),\n',
        broken="",
        promise="membership-follows-file",
        hints=(DESIRED,),
    ),
    _generation(
        id="generation-another-version-is-hot",
        function="_cold_digest",
        former='        "version": member.cluster.version,\n',
        broken="",
        promise="upgrade-in-order",
        hints=(DESIRED,),
    ),
    _generation(
        id="generation-every-file-is-cold",
        function="_cold_digest",
        former="for file in files if file.cold}",
        broken="for file in files}",
        promise="no-needless-restart",
        hints=(DESIRED,),
    ),
    _generation(
        id="generation-initial-flags-are-cold",
        function="cold_flags",
        former="        **_identity(member),\n",
        broken='        **_identity(member),\n        "initial-cluster": member.name,\n',
        promise="no-needless-restart",
        hints=("tests/node/test_node_flags.py",),
    ),
    _generation(
        id="generation-noted-as-started-too-soon",
        function="run_generation",
        former='defragment_if_due && "$2" && note_started &&\n'
        '    write_atomically "$(setting state_dir)/started" <"$(generation_dir "$1")/cold"',
        broken="defragment_if_due &&\n"
        '    write_atomically "$(setting state_dir)/started" <"$(generation_dir "$1")/cold" &&\n'
        '    "$2" && note_started',
        promise="resumable",
        hints=(
            ORDER,
            f"{INTERRUPTED}::test_a_restart",
        ),
    ),
    _generation(
        id="generation-way-back-to-what-never-ran",
        function="remember_good",
        former='cmp -s "$(setting state_dir)/started" "$(setting config_dir)/current/cold"',
        broken='[ -e "$(setting state_dir)/started" ]',
        promise="refused-start-taken-back",
        hints=(ORDER, _GENERATIONS, INTERRUPTED),
    ),
    _generation(
        id="generation-no-way-back",
        function="generation_prune",
        former='      "$(last_good)") rm -f "$old"/pki/operator.* "$old/profile.sh" ;;\n',
        broken="",
        promise="one-down-at-most",
        hints=(_GENERATIONS, JOURNEY),
    ),
    _generation(
        id="generation-former-one-keeps-peoples-keys",
        function="generation_prune",
        former='rm -f "$old"/pki/operator.* "$old/profile.sh" ;;',
        broken=";;",
        promise="keys-where-they-belong",
        hints=(_GENERATIONS,),
    ),
    _generation(
        id="generation-changed-files-stay-changed",
        function="generation_holds",
        former='cmp -s "${payload:?}/files/$path" "$held/$path"',
        broken='[ -e "$held/$path" ]',
        promise="membership-follows-file",
        hints=(_GENERATIONS,),
    ),
)
