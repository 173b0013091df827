"""Members in Kubernetes: no pod ends but in its turn, and none starts empty by itself."""

from functools import partial

from tests.mutants.mutant import Mutant

_pods = partial(Mutant, area="pods")
_NETWORK = "tests/pods/test_pod_network.py"
_TEMPLATE = "tests/pods/test_pod_template.py"
_COLD = "tests/pods/test_cold_digest.py"
_TEXTS = "tests/pods/test_manifest_texts.py"
_PROGRAM = "tests/pods/test_pod_program.py"
_SCRIPTS = "tests/pods/test_pod_scripts.py"

MUTANTS = (
    _pods(
        id="pods-rehearsal-is-not-waited-for",
        function="Pods.__init__",
        former="[*shared, *(each.rehearsed for each in tried)]",
        broken="shared",
        promise="refusal-touches-nothing",
        hints=(_PROGRAM,),
    ),
    _pods(
        id="pods-rehearsal-among-the-members",
        function="rehearsal_objects",
        former='"labels": {f"{PREFIX}/rehearsal": member.name}',
        broken='"labels": {"app.kubernetes.io/name": "etcd"}',
        promise="one-down-at-most",
        hints=("tests/pods/test_pod_rehearsal.py",),
    ),
    _pods(
        id="pods-two-may-go-at-once",
        function="disruption_budget",
        former="len(cluster.nodes) - 1",
        broken="len(cluster.nodes) // 2",
        promise="one-down-at-most",
        hints=(_NETWORK,),
    ),
    _pods(
        id="pods-sick-ones-go-without-asking",
        function="disruption_budget",
        former='"IfHealthyBudget"',
        broken='"AlwaysAllow"',
        promise="one-down-at-most",
        hints=(_TEXTS,),
    ),
    _pods(
        id="pods-kubernetes-restarts-them",
        function="stateful_set",
        former='{"type": "OnDelete"}',
        broken='{"type": "RollingUpdate"}',
        promise="one-down-at-most",
        hints=(_TEMPLATE,),
    ),
    _pods(
        id="pods-bootstrap-stays-allowed",
        function="bootstrap_guard",
        former='"ETCD_INITIAL_CLUSTER_STATE": "existing"',
        broken='"ETCD_INITIAL_CLUSTER_STATE": "new"',
        promise="never-founded-twice",
        hints=(_TEXTS,),
    ),
    _pods(
        id="pods-guard-of-another-counts",
        function="bootstrap_is_forbidden",
        former=" && $3 == alone {",
        broken=" {",
        promise="never-founded-twice",
        hints=(_SCRIPTS,),
    ),
    _pods(
        id="pods-founds-although-others-have-volumes",
        function="enter_as_founder",
        former='if [ -n "$lived" ]; then',
        broken='if [ -z "$lived" ]; then',
        promise="never-founded-twice",
        hints=(_SCRIPTS,),
    ),
    _pods(
        id="pods-silent-api-means-nobody-is-there",
        function="kube_get",
        former="  kill -TERM $$\n  exit 1\n",
        broken="",
        promise="never-founded-twice",
        hints=(_SCRIPTS,),
    ),
    _pods(
        id="pods-bundle-without-a-restart",
        function="cold_digest",
        former=', "bundle": bundle}',
        broken="}",
        promise="rotation-without-outage",
        hints=(_COLD,),
    ),
    _pods(
        id="pods-certificate-signed-before-it-is-trusted",
        function="check_trust",
        former='    *",$(setting signing),"*) ;;',
        broken="    *) ;;",
        promise="rotation-without-outage",
        hints=(_SCRIPTS,),
    ),
    _pods(
        id="pods-trust-dropped-before-the-last-has-another",
        function="check_trust",
        former='    *",$2,"*) ;;',
        broken='    *",$(setting signing),"*) ;;',
        promise="rotation-without-outage",
        hints=(_SCRIPTS,),
    ),
    _pods(
        id="pods-takes-over-somebody-elses-objects",
        function="check_owner",
        former='    "$(setting name) $(setting authority)") ;;',
        broken='    "$(setting name) "*) ;;',
        promise="refusal-touches-nothing",
        hints=(_SCRIPTS,),
    ),
    _pods(
        id="pods-peer-port-for-everybody",
        function="network_policy",
        former='{"from": members, "ports": [_port("peer")]}',
        broken='{"ports": [_port("peer")]}',
        promise="only-who-may-connect",
        hints=(_NETWORK,),
    ),
    _pods(
        id="pods-volumes-go-with-the-stack",
        function="_retention",
        former='"Delete" if member.cluster.on_destroy == "wipe" else "Retain"',
        broken='"Delete"',
        promise="data-kept",
        hints=(_TEMPLATE,),
    ),
    _pods(
        id="pods-keys-for-everybody-to-read",
        function="pod_spec",
        former='"defaultMode": 0o440',
        broken='"defaultMode": 0o444',
        promise="keys-where-they-belong",
        hints=(_TEMPLATE,),
    ),
    _pods(
        id="pods-change-all-at-once",
        function="Pods.__init__",
        former="in_turn(members, turn, take)",
        broken="[take(member, turn, []) for member in members]",
        promise="one-down-at-most",
        hints=(_PROGRAM,),
    ),
    _pods(
        id="pods-secret-is-made-anew-at-each-renewal",
        function="provider",
        former="enable_secret_mutable=True",
        broken="enable_secret_mutable=False",
        promise="rotation-without-outage",
        hints=(_PROGRAM,),
    ),
    _pods(
        id="pods-new-certificates-are-not-waited-for",
        function="pki_data",
        former='f"bundle-{files_digest(credentials)}.pem"',
        broken='"bundle.pem"',
        promise="rotation-without-outage",
        hints=(_COLD,),
    ),
    _pods(
        id="pods-liveness-ends-who-waits",
        function="_container",
        former='"livenessProbe": _probe("/livez", period_s=10, failures=60)',
        broken='"livenessProbe": _probe("/readyz", period_s=10, failures=3)',
        promise="one-down-at-most",
        hints=(_TEMPLATE, _TEXTS),
    ),
)
