"""A rotation goes step by step: everybody knows everybody at each of them."""

from functools import partial

from tests.mutants.catalogue.hints import DESIRED, JOURNEY, LIVES, ORDER, ROTATION, harmless
from tests.mutants.mutant import Mutant

_trust = partial(Mutant, area="trust", promise="rotation-without-outage")
_STEPS = "tests/pki/test_rotation.py"
_LEFT_OUT = JOURNEY
_NOT_YET = f"{ROTATION}::test_a_step_that_has_not_reached_every_member_stops_the_next"

MUTANTS = (
    _trust(
        id="trust-not-asked-before-a-reload",
        function="reload",
        former="  require_trust\n",
        broken="",
        hints=(
            ORDER,
            _LEFT_OUT,
        ),
    ),
    _trust(
        id="trust-not-asked-before-a-restart",
        function="restart",
        former="    require_trust\n",
        broken="",
        hints=(
            ORDER,
            harmless("goes on with a rotation that has not reached everybody"),
            _LEFT_OUT,
            _NOT_YET,
        ),
    ),
    _trust(
        id="trust-not-asked-before-a-join",
        function="join",
        former="  require_trust\n",
        broken="",
        hints=(
            ORDER,
            "tests/model/test_broken_scripts.py"
            "::test_nobody_comes_back_with_certificates_that_nobody_believes",
        ),
    ),
    _trust(
        id="trust-asked-with-the-former-certificates",
        function="trusts_new_certificates",
        former="credentials_from=payload",
        broken="credentials_from=node",
        hints=(ORDER, _LEFT_OUT, _NOT_YET, LIVES),
    ),
    _trust(
        id="trust-does-not-see-another-bundle",
        function="trust_of",
        former='",".join(map(str, cluster.pki.trusted))',
        broken="str(cluster.pki.signing)",
        hints=("tests/node/test_node_text.py", _NOT_YET),
    ),
    _trust(
        id="trust-bundle-of-the-signer-alone",
        function="Authority.__init__",
        former="*(made.root_pem for made in self.generations.values())",
        broken="self.generations[cluster.pki.signing].root_pem",
        hints=(_STEPS,),
    ),
    _trust(
        id="trust-bundle-without-a-restart",
        function="credential_files",
        former=", mode=CERTIFICATE_MODE, cold=True)",
        broken=", mode=CERTIFICATE_MODE)",
        hints=(DESIRED,),
    ),
    _trust(
        id="trust-waits-for-a-member-that-is-away",
        function="those_without_new_trust",
        former='! is_expected "$other_name" || trusts_new_certificates',
        broken="trusts_new_certificates",
        hints=("tests/node/test_gate.py", LIVES),
    ),
)
