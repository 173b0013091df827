"""A machine is made ready, or refused as it is; what runs is not touched."""

from functools import partial

from tests.mutants.catalogue.hints import COMPONENT, FOUNDING, JOURNEY, ORDER, REHEARSAL
from tests.mutants.mutant import Mutant

_preparation = partial(Mutant, area="preparation")
_PREPARE = "tests/node/test_node_prepare.py"
_RELEASE = "tests/node/test_install_release.py"
_IMMUTABLE = "tests/node/test_immutable.py"

MUTANTS = (
    _preparation(
        id="rehearsal-is-not-waited-for",
        function="Machines.__init__",
        former="[preparation.rehearsed for preparation in prepared]",
        broken="[preparation.prepared for preparation in prepared]",
        promise="refusal-touches-nothing",
        hints=(COMPONENT,),
    ),
    _preparation(
        id="rehearsal-that-was-refused-stops-nobody",
        function="rehearse",
        former="case $rehearsal_outcome in",
        broken="case served in",
        promise="refusal-touches-nothing",
        hints=(REHEARSAL, JOURNEY),
    ),
    _preparation(
        id="rehearsal-of-whoever-runs-on-these-files",
        function="rehearse",
        former='if runs_on "$(setting cold)"; then',
        broken="if false; then",
        promise="no-needless-restart",
        hints=(REHEARSAL,),
    ),
    _preparation(
        id="rehearsal-leaves-keys",
        function="rehearsal_end",
        former='rm -rf "$(setting rehearsal_config)" "$(setting rehearsal_data)"',
        broken='rm -rf "$(setting rehearsal_data)"',
        promise="keys-where-they-belong",
        hints=(REHEARSAL,),
    ),
    _preparation(
        id="preparation-goes-on-after-a-refusal",
        function="prepare",
        former='[ "$problems" -eq 0 ] || fail "not prepared',
        broken='[ "$problems" -eq 0 ] || say "not prepared',
        promise="refusal-touches-nothing",
        hints=(_PREPARE,),
    ),
    _preparation(
        id="preparation-stops-at-the-first-problem",
        function="problem",
        former="  problems=$((problems + 1))\n",
        broken='  problems=$((problems + 1))\n  fail "$*"\n',
        promise="readable-report",
        hints=(_PREPARE,),
    ),
    _preparation(
        id="preparation-makes-each-step-before-it-checks-the-next",
        function="prepare",
        former='    "${step}_check"\n  done\n',
        broken='    "${step}_check"\n    [ "$problems" -ne 0 ] || "${step}_make"\n  done\n',
        promise="refusal-touches-nothing",
        hints=(ORDER,),
    ),
    _preparation(
        id="preparation-takes-any-archive",
        function="archive_holds",
        former='[ -s "$1" ] && [ "$(file_sha256 "$1")" = "$2" ]',
        broken='[ -s "$1" ]',
        promise="only-who-may-connect",
        hints=(_RELEASE,),
    ),
    _preparation(
        id="preparation-takes-any-sent-archive",
        function="take_sent",
        former='if [ "$arrived" != "$(setting sha256)" ]; then',
        broken='if [ -z "$arrived" ]; then',
        promise="only-who-may-connect",
        hints=("tests/node/test_install_push.py",),
    ),
    _preparation(
        id="preparation-takes-somebody-elses-data",
        function="data_check",
        former="if ! has_data || is_own_data; then",
        broken='if ! has_data || [ -d "$(setting data_dir)" ]; then',
        promise="data-kept",
        hints=("tests/node/test_data.py",),
    ),
    _preparation(
        id="preparation-by-a-state-that-does-not-know-the-member",
        function="immutable_check",
        former='if [ "$(immutable_value authority)" != "$(setting authority)" ]; then',
        broken='if [ -z "$(immutable_value authority)" ]; then',
        promise="never-founded-twice",
        hints=(_IMMUTABLE,),
    ),
    _preparation(
        id="preparation-moves-the-data-folder-of-a-member",
        function="immutable_check",
        former='[ "$former" = "$(setting "${pair#*=}")" ] ||',
        broken='[ -n "$former" ] ||',
        promise="data-kept",
        hints=(_IMMUTABLE,),
    ),
    _preparation(
        id="preparation-does-not-see-taken-ports",
        function="ports_check",
        former='if listening "${socket#*=}"; then',
        broken='if listening "${socket%%=*}"; then',
        promise="refusal-touches-nothing",
        hints=(_PREPARE,),
    ),
    _preparation(
        id="preparation-on-a-full-disk",
        function="check_space",
        former="print int($4 / 1024)",
        broken="print int($2 / 1024)",
        promise="refusal-touches-nothing",
        hints=("tests/node/test_space.py",),
    ),
    _preparation(
        id="preparation-beside-another-run",
        function="",
        former="until flock -n 9; do",
        broken='until [ -e "$3/lock" ]; do',
        promise="one-down-at-most",
        hints=("tests/node/test_node_lock.py",),
    ),
    _preparation(
        id="preparation-leaves-its-payload",
        function="",
        former="""trap 'rm -rf "$3/work"' EXIT\n""",
        broken="",
        promise="keys-where-they-belong",
        hints=(f"{FOUNDING}::test_no_key_is_left_outside_of_its_generation",),
    ),
    _preparation(
        id="preparation-peer-port-for-clients",
        function="_settings",
        former="(map(str, [node.client_port, *metrics]))",
        broken="(map(str, [node.client_port, node.peer_port, *metrics]))",
        promise="only-who-may-connect",
        hints=("tests/node/test_firewall_settings.py",),
    ),
    _preparation(
        id="preparation-data-for-everybody-to-read",
        function="make_data_folder",
        former='chmod 0700 "$(setting data_dir)"',
        broken='chmod 0755 "$(setting data_dir)"',
        promise="keys-where-they-belong",
        hints=(_PREPARE,),
    ),
    _preparation(
        id="preparation-with-a-clock-that-is-behind",
        function="clock",
        former='[ "$ahead_s" -lt -60 ]',
        broken='[ "$ahead_s" -gt 60 ]',
        promise="refusal-touches-nothing",
        hints=("tests/node/test_clock.py",),
    ),
)
