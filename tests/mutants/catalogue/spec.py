"""What a stack file may say: every mistake is named at once, before anything is touched."""

from functools import partial

from tests.mutants.mutant import Mutant

_spec = partial(Mutant, area="spec", promise="refusal-touches-nothing")
_PROBLEMS = "tests/spec/test_spec_problems.py"
_MACHINES = "tests/spec/test_spec_machines.py"
_VALUES = "tests/spec/test_spec_values.py"
_FLAGS = "tests/spec/test_spec_flags.py"
_TOGETHER = "tests/spec/test_spec_together.py"
_KUBERNETES = "tests/spec/test_spec_kubernetes.py"

MUTANTS = (
    _spec(
        id="spec-report-stops-at-the-first-kind",
        function="_judged",
        former="        refused += _new(findings(cluster), refused, emptied)\n",
        broken="        refused = refused or _new(findings(cluster), refused, emptied)\n",
        promise="readable-report",
        hints=(_TOGETHER, _PROBLEMS),
    ),
    _spec(
        id="spec-report-in-any-order",
        function="_problems",
        former="sorted(refused, key=lambda finding: position(raw, finding.place))",
        broken="sorted(refused, key=lambda finding: finding.reason)",
        promise="readable-report",
        hints=(_TOGETHER, _PROBLEMS),
    ),
    _spec(
        id="spec-report-repeats-itself",
        function="_new",
        former=" and not _rests(finding, wrong)\n",
        broken="\n",
        promise="readable-report",
        hints=(_TOGETHER, _PROBLEMS),
    ),
    _spec(
        id="spec-report-shows-secrets",
        function="_value",
        former="show(Cluster, finding.place, value)",
        broken="plain(value)",
        promise="keys-nowhere-shown",
        hints=(_PROBLEMS, _KUBERNETES),
    ),
    _spec(
        id="spec-two-members-at-one-address",
        function="_listeners",
        former="if taken is not listener:",
        broken="if taken.node == listener.node and taken is not listener:",
        hints=(_PROBLEMS,),
    ),
    _spec(
        id="spec-two-members-on-one-machine",
        function="_machines",
        former="if taken != node.name:",
        broken="if taken == node.address:",
        promise="data-kept",
        hints=(_MACHINES,),
    ),
    _spec(
        id="spec-even-count-is-no-warning",
        function="warnings",
        former="    if count % 2 == 0:",
        broken="    if count % 2 == 0 and count > 7:",
        promise="readable-report",
        hints=(_VALUES, _PROBLEMS),
    ),
    _spec(
        id="spec-wipes-what-matters",
        function="findings",
        former='if spec.on_destroy == "wipe" and not spec.throwaway:',
        broken='if spec.on_destroy == "wipe" and spec.throwaway:',
        promise="data-kept",
        hints=(_PROBLEMS,),
    ),
    _spec(
        id="spec-connects-to-whoever-answers",
        function="_host_keys",
        former='[] if node.host_key else [("nodes", node.name, "host_key")]',
        broken="[]",
        promise="only-who-may-connect",
        hints=(_MACHINES,),
    ),
    _spec(
        id="spec-any-host-key",
        function="check_host_key",
        former="if _lengths(second, first) != _FIELDS[first]:",
        broken="if not second:",
        promise="only-who-may-connect",
        hints=(_MACHINES,),
    ),
    _spec(
        id="spec-signer-is-not-trusted",
        function="_trust",
        former="if pki.signing not in unique:",
        broken="if not unique:",
        promise="rotation-without-outage",
        hints=(_PROBLEMS,),
    ),
    _spec(
        id="spec-renews-at-every-up",
        function="_window",
        former="if lifetime.renew_before >= lifetime.validity:",
        broken="if lifetime.renew_before > 2 * lifetime.validity:",
        promise="no-needless-restart",
        hints=(_PROBLEMS,),
    ),
    _spec(
        id="spec-flags-that-lose-data",
        function="_unsafe",
        former="if name not in DANGEROUS or spec.throwaway:",
        broken="if name not in DANGEROUS or not spec.throwaway:",
        promise="no-write-lost",
        hints=(_FLAGS,),
    ),
    _spec(
        id="spec-flags-that-the-version-has-not",
        function="_refused",
        former="if name in known_flags(series):",
        broken="if minors_with(name):",
        promise="one-down-at-most",
        hints=(_FLAGS,),
    ),
    _spec(
        id="spec-any-version",
        function="check_version",
        former="if version.series not in SUPPORTED:",
        broken="if version.major != 3:",
        promise="upgrade-in-order",
        hints=("tests/spec/test_spec_versions.py", _VALUES, _PROBLEMS),
    ),
    _spec(
        id="spec-election-within-a-heartbeat",
        function="findings",
        former="if spec.election_ms >= least_ms:",
        broken="if spec.election_ms >= spec.heartbeat_ms:",
        promise="one-down-at-most",
        hints=(_PROBLEMS, _VALUES),
    ),
    _spec(
        id="spec-settings-without-effect",
        function="findings",
        former="if is_written(spec.nodes[node.name], use.place) and not use.is_used(node):",
        broken="if is_written(spec.nodes[node.name], use.place) and not nodes:",
        promise="readable-report",
        hints=(_MACHINES, _KUBERNETES),
    ),
    _spec(
        id="spec-mixes-pods-and-machines",
        function="findings",
        former="elif len(pods) < len(nodes):",
        broken="elif len(pods) > len(nodes):",
        hints=(_KUBERNETES,),
    ),
)
