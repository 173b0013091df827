"""Certificates: who may say what to whom, for how long, and where its key is."""

from functools import partial

from tests.mutants.mutant import Mutant

_pki = partial(Mutant, area="pki")
_AUTHORITY = "tests/pki/test_authority.py"
_SANS = "tests/pki/test_sans.py"
_SUBJECTS = "tests/pki/test_subjects.py"
_ROTATION = "tests/pki/test_rotation.py"

MUTANTS = (
    _pki(
        id="pki-server-answers-not-on-its-own-machine",
        function="server_sans",
        former=", *service_names, *LOOPBACK]",
        broken=", *service_names]",
        promise="outputs-suffice",
        hints=(_SANS,),
    ),
    _pki(
        id="pki-server-has-no-further-names",
        function="server_sans",
        former="[address, *names, *service_names",
        broken="[address, *service_names",
        promise="outputs-suffice",
        hints=(_SANS,),
    ),
    _pki(
        id="pki-peer-of-any-process-on-the-machine",
        function="peer_sans",
        former="return _sans([address, *service_names])",
        broken='return _sans([address, "127.0.0.1", *service_names])',
        promise="only-who-may-connect",
        hints=(_SANS,),
    ),
    _pki(
        id="pki-server-key-is-a-client",
        function="SERVER",
        former='"modern": ("digital_signature", "server_auth")',
        broken='"modern": ("client_auth", "digital_signature", "server_auth")',
        promise="only-who-may-connect",
        hints=(f"{_AUTHORITY}::test_a_leaf_has_exactly_its_usages",),
    ),
    _pki(
        id="pki-client-key-is-a-server",
        function="_CLIENT_USES",
        former='"modern": ("client_auth", "digital_signature")',
        broken='"modern": ("client_auth", "digital_signature", "server_auth")',
        promise="only-who-may-connect",
        hints=(f"{_AUTHORITY}::test_a_leaf_has_exactly_its_usages",),
    ),
    _pki(
        id="pki-consumers-are-the-operator",
        function="consumer_subject",
        former="_subject(pki, CLIENT, consumer.common_name)",
        broken='_subject(pki, CLIENT, "operator")',
        promise="only-who-may-connect",
        hints=(_SUBJECTS,),
    ),
    _pki(
        id="pki-consumers-of-no-organization",
        function="consumer_subject",
        former="consumer.organization or subject.organization",
        broken="subject.organization",
        promise="only-who-may-connect",
        hints=(_SUBJECTS,),
    ),
    _pki(
        id="pki-old-generation-signs",
        function="Authority.issue",
        former="self.generations[self._pki.signing].signer",
        broken="next(iter(self.generations.values())).signer",
        promise="rotation-without-outage",
        hints=(_ROTATION,),
    ),
    _pki(
        id="pki-leaf-without-its-intermediate",
        function="Leaf.__init__",
        former="lambda pems: join_certificates(*pems)",
        broken="lambda pems: join_certificates(pems[0])",
        promise="only-who-may-connect",
        hints=(_ROTATION,),
    ),
    _pki(
        id="pki-leaf-is-never-renewed",
        function="Leaf.__init__",
        former="hours(spec.lifetime.renew_before)",
        broken="0",
        promise="rotation-without-outage",
        hints=(f"{_AUTHORITY}::test_lifetimes_are_those_of_the_spec",),
    ),
    _pki(
        id="pki-leaf-key-is-plain",
        function="Leaf.__init__",
        former="Output.secret(key.private_key_pem)",
        broken="Output.unsecret(key.private_key_pem)",
        promise="keys-nowhere-shown",
        hints=(f"{_AUTHORITY}::test_keys_are_secret_and_certificates_are_not",),
    ),
    _pki(
        id="pki-external-key-is-plain",
        function="_external",
        former="Output.secret(key)",
        broken="Output.from_input(key)",
        promise="keys-nowhere-shown",
        hints=(_ROTATION,),
    ),
    _pki(
        id="pki-curve-that-go-does-not-speak",
        function="_KEY_ARGUMENTS",
        former='{"algorithm": "ECDSA", "ecdsa_curve": "P256"}',
        broken='{"algorithm": "ECDSA"}',
        promise="only-who-may-connect",
        hints=(f"{_AUTHORITY}::test_the_curve_is_named",),
    ),
    _pki(
        id="pki-signing-root-is-not-protected",
        function="_self_made",
        former="number == pki.signing and not cluster.throwaway",
        broken="number != pki.signing and not cluster.throwaway",
        promise="data-kept",
        hints=(f"{_AUTHORITY}::test_what_signs_is_protected_unless_the_stack_is_throw_away",),
    ),
    _pki(
        id="pki-root-is-made-anew-for-another-lifetime",
        function="_ISSUED_ONCE",
        former=', "validity_period_hours"]',
        broken="]",
        promise="rotation-without-outage",
        hints=(f"{_AUTHORITY}::test_a_living_root_is_never_reissued_by_another_setting",),
    ),
    _pki(
        id="pki-root-of-a-chain-is-its-signer",
        function="external_chain",
        former="root=join_certificates(path[-1])",
        broken="root=join_certificates(path[0])",
        promise="only-who-may-connect",
        hints=(_ROTATION,),
    ),
)
