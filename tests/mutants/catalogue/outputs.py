"""What a stack tells its users is enough, and hides what is secret."""

from functools import partial

from tests.mutants.mutant import Mutant

_outputs = partial(Mutant, area="outputs", promise="outputs-suffice")
_CLIENTS = "tests/outputs/test_client_configuration.py"
_CLUSTER = "tests/outputs/test_cluster_outputs.py"
_REFERENCE = "tests/outputs/test_outputs_by_reference.py"

MUTANTS = (
    _outputs(
        id="outputs-miss-an-endpoint",
        function="endpoints",
        former="for node in cluster.resolved_nodes()]",
        broken="for node in cluster.resolved_nodes()[1:]]",
        hints=(_CLIENTS,),
    ),
    _outputs(
        id="outputs-peer-urls-for-clients",
        function="endpoints",
        former="node.client_url",
        broken="node.peer_url",
        hints=(_CLIENTS,),
    ),
    _outputs(
        id="outputs-k3s-files-lie-elsewhere",
        function="cluster_outputs",
        former='"k3s": with_files(K3S_DIRECTORY,',
        broken='"k3s": with_files(APISERVER_DIRECTORY,',
        hints=(_CLUSTER,),
    ),
    _outputs(
        id="outputs-k3s-flags-of-the-apiserver",
        function="k3s",
        former="--datastore-cafile",
        broken="--etcd-cafile",
        hints=(_CLIENTS,),
    ),
    _outputs(
        id="outputs-certificate-for-the-key",
        function="apiserver",
        former="--etcd-keyfile={paths.key}",
        broken="--etcd-keyfile={paths.certificate}",
        hints=(_CLIENTS,),
    ),
    _outputs(
        id="outputs-nobody-restarts-for-the-bundle",
        function="apiserver",
        former='"restart_on": [paths.ca]',
        broken='"restart_on": []',
        promise="rotation-without-outage",
        hints=(_CLUSTER,),
    ),
    _outputs(
        id="outputs-files-of-another-consumer",
        function="_files",
        former="leaf = authority.consumers[consumer]",
        broken="leaf = next(iter(authority.consumers.values()))",
        promise="keys-where-they-belong",
        hints=(_CLUSTER,),
    ),
    _outputs(
        id="outputs-keys-are-plain",
        function="_certificates",
        former="return Output.secret(",
        broken="return Output.unsecret(",
        promise="keys-nowhere-shown",
        hints=(_CLUSTER,),
    ),
    _outputs(
        id="outputs-read-keys-are-plain",
        function="EtcdOutputs._secret",
        former="Output.secret(self._read",
        broken="Output.unsecret(self._read",
        promise="keys-nowhere-shown",
        hints=(_REFERENCE,),
    ),
    _outputs(
        id="outputs-etcdctl-knows-one-endpoint",
        function="etcdctl",
        former='",".join(endpoints)',
        broken="endpoints[0]",
        hints=(_CLIENTS,),
    ),
    _outputs(
        id="outputs-kubeadm-of-a-former-form",
        function="kubeadm",
        former='"caFile": paths.ca',
        broken='"ca_file": paths.ca',
        hints=(_CLIENTS,),
    ),
    _outputs(
        id="outputs-prometheus-without-certificate",
        function="_job",
        former='if scheme == "https":',
        broken='if scheme == "http":',
        hints=(_CLIENTS,),
    ),
    _outputs(
        id="outputs-a-missing-consumer-is-a-traceback",
        function="Outputs._unnamed",
        former="if named is None or consumer in named:",
        broken="if named is None or named:",
        promise="readable-report",
        hints=("tests/outputs/test_outputs_reference.py",),
    ),
)
