"""The tls resources, made by plain function calls."""

import base64
import datetime as dt
import hashlib
import ipaddress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509 import verification

from toolchain.standins.tls.errors import TlsError
from toolchain.standins.tls.resources import create
from toolchain.standins.tls.schema import RESOURCES

pytestmark = pytest.mark.slow

KEY = "tls:index/privateKey:PrivateKey"
REQUEST = "tls:index/certRequest:CertRequest"
SELF_SIGNED = "tls:index/selfSignedCert:SelfSignedCert"
SIGNED = "tls:index/locallySignedCert:LocallySignedCert"

ECDSA = {"algorithm": "ECDSA", "ecdsaCurve": "P256"}
NOW = dt.datetime(2031, 5, 6, 7, 8, 9, 654321, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def authority(key: dict, **changes: object) -> dict:
    wanted = {
        "privateKeyPem": key["privateKeyPem"],
        "subject": {"commonName": "test authority"},
        "isCaCertificate": True,
        "allowedUses": ["cert_signing", "crl_signing"],
        "setSubjectKeyId": True,
        "setAuthorityKeyId": True,
        "validityPeriodHours": 100,
    }
    return create(SELF_SIGNED, {**wanted, **changes}, now=NOW)


def leaf(ca_key: dict, ca: dict, request: dict, **changes: object) -> dict:
    wanted = {
        "caPrivateKeyPem": ca_key["privateKeyPem"],
        "caCertPem": ca["certPem"],
        "certRequestPem": request["certRequestPem"],
        "allowedUses": ["digital_signature", "server_auth"],
        "validityPeriodHours": 50,
    }
    return create(SIGNED, {**wanted, **changes}, now=NOW)


def certificate(outputs: dict) -> x509.Certificate:
    return x509.load_pem_x509_certificate(outputs["certPem"].encode())


KEYS = {
    "ecdsa-p256": ECDSA,
    "ecdsa-p384": {"algorithm": "ECDSA", "ecdsaCurve": "P384"},
    "rsa-2048": {"algorithm": "RSA", "rsaBits": 2048},
}


@pytest.mark.parametrize("wanted", KEYS.values(), ids=KEYS)
def test_a_chain_is_accepted_by_a_verifier_that_was_not_told_of_it(wanted: dict) -> None:
    ca_key, key = create(KEY, wanted), create(KEY, wanted)
    ca = authority(ca_key)
    names = {"dnsNames": ["node.test"], "ipAddresses": ["127.0.0.11"]}
    request = create(REQUEST, {"privateKeyPem": key["privateKeyPem"], **names})
    served = certificate(leaf(ca_key, ca, request, dnsNames=["ignored.test"]))
    for time, subject in (
        (NOW + HOUR, x509.DNSName("node.test")),
        (NOW + 49 * HOUR, x509.IPAddress(ipaddress.ip_address("127.0.0.11"))),
    ):
        verifier = (
            verification.PolicyBuilder()
            .store(verification.Store([certificate(ca)]))
            .time(time)
            .build_server_verifier(subject)
        )
        assert verifier.verify(served, []) == [served, certificate(ca)]
    for time, subject in (
        (NOW + 51 * HOUR, x509.DNSName("node.test")),
        (NOW + HOUR, x509.DNSName("other.test")),
    ):
        verifier = (
            verification.PolicyBuilder()
            .store(verification.Store([certificate(ca)]))
            .time(time)
            .build_server_verifier(subject)
        )
        with pytest.raises(verification.VerificationError):
            verifier.verify(served, [])


def test_an_intermediate_signs_under_a_root() -> None:
    root_key, key, leaf_key = (create(KEY, ECDSA) for _ in range(3))
    root = authority(root_key)
    request = create(
        REQUEST, {"privateKeyPem": key["privateKeyPem"], "subject": {"commonName": "intermediate"}}
    )
    uses = {"allowedUses": ["cert_signing"], "isCaCertificate": True, "maxPathLength": 1}
    intermediate = leaf(root_key, root, request, **uses)
    names = {"privateKeyPem": leaf_key["privateKeyPem"], "dnsNames": ["node.test"]}
    served = leaf(key, intermediate, create(REQUEST, names))
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store([certificate(root)]))
        .time(NOW + HOUR)
        .build_server_verifier(x509.DNSName("node.test"))
    )
    chain = verifier.verify(certificate(served), [certificate(intermediate)])
    assert chain == [certificate(outputs) for outputs in (served, intermediate, root)]


@pytest.mark.parametrize(
    ("wanted", "kind", "size"),
    [
        ({"algorithm": "RSA"}, rsa.RSAPrivateKey, 2048),
        ({"algorithm": "RSA", "rsaBits": "3072"}, rsa.RSAPrivateKey, 3072),
        ({"algorithm": "ECDSA"}, ec.EllipticCurvePrivateKey, 224),
        ({"algorithm": "ECDSA", "ecdsaCurve": "P521"}, ec.EllipticCurvePrivateKey, 521),
        ({"algorithm": "ED25519"}, ed25519.Ed25519PrivateKey, None),
    ],
)
def test_a_key_is_of_the_wanted_kind_in_all_its_forms(
    wanted: dict, kind: type, size: int | None
) -> None:
    made = create(KEY, wanted)
    forms = [
        serialization.load_pem_private_key(made[name].encode(), None)
        for name in ("privateKeyPem", "privateKeyPemPkcs8")
    ]
    if made["privateKeyOpenssh"]:
        text = made["privateKeyOpenssh"].encode()
        forms.append(serialization.load_ssh_private_key(text, None))
        forms_public = serialization.load_ssh_public_key(made["publicKeyOpenssh"].encode())
        assert forms_public == forms[0].public_key()
    assert len(forms) == (2 if size == 224 else 3), "SSH has no form for P224"
    public = serialization.load_pem_public_key(made["publicKeyPem"].encode())
    for key in forms:
        assert isinstance(key, kind)
        assert size is None or key.key_size == size
        assert key.public_key() == public


def test_a_certificate_is_valid_from_its_creation_for_the_wanted_hours() -> None:
    ca = authority(create(KEY, ECDSA))
    assert ca["validityStartTime"] == "2031-05-06T07:08:09.654321Z"
    assert ca["validityEndTime"] == "2031-05-10T11:08:09.654321Z"
    made = certificate(ca)
    assert made.not_valid_before_utc == NOW.replace(microsecond=0)
    assert made.not_valid_after_utc == (NOW + 100 * HOUR).replace(microsecond=0)
    assert ca["id"] == str(made.serial_number)
    assert ca["readyForRenewal"] is False


def test_every_secret_output_is_in_the_schema() -> None:
    key = create(KEY, ECDSA)
    request = create(REQUEST, {"privateKeyPem": key["privateKeyPem"]})
    ca = authority(key)
    made = {KEY: key, REQUEST: request, SELF_SIGNED: ca, SIGNED: leaf(key, ca, request)}
    for token, outputs in made.items():
        private = {name for name, value in outputs.items() if "PRIVATE KEY" in str(value)}
        assert private == RESOURCES[token].secrets, token
        assert "id" in outputs


def test_a_subject_holds_what_was_given_and_nothing_empty() -> None:
    key = create(KEY, ECDSA)
    subject = {"commonName": "Ünit", "organization": "o", "country": "DE", "locality": ""}
    ca = certificate(authority(key, subject={**subject, "province": None}))
    assert ca.subject.rfc4514_string() == "CN=Ünit,O=o,C=DE"


REFUSALS = {
    "an address": ({"ipAddresses": ["fe80::1%lo"]}, "Invalid IP address"),
    "a name": ({"dnsNames": ["ünit"]}, "IA5String"),
    "an escape": ({"uris": ["a%g0"]}, 'invalid URL escape "%g0"'),
    "no subject": ({"subject": None}, "Invalid Certificate Subject"),
    "a path of no CA": (
        {"isCaCertificate": False, "maxPathLength": 1},
        "only CAs are allowed to specify MaxPathLen",
    ),
    "no key id": ({"isCaCertificate": False, "setSubjectKeyId": False}, "Authority Key"),
    "a validity beyond time": ({"validityPeriodHours": 10**8}, "Failed to create certificate"),
}


@pytest.mark.parametrize(("change", "text"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_made_is_refused(change: dict, text: str) -> None:
    with pytest.raises(TlsError, match=text):
        authority(create(KEY, ECDSA), **change)


def test_a_refusal_shows_no_key() -> None:
    pem = create(KEY, ECDSA)["privateKeyPem"]
    broken = pem.replace("\n", "\nAAAA", 1)
    with pytest.raises(TlsError) as refusal:
        create(REQUEST, {"privateKeyPem": broken})
    assert "Failed to parse private key PEM" in str(refusal.value)
    assert not any(line in str(refusal.value) for line in pem.split("\n")[1:-2])


def test_a_key_too_short_for_any_use_is_refused() -> None:
    with pytest.raises(TlsError, match="Unable to generate Private Key"):
        create(KEY, {"algorithm": "RSA", "rsaBits": 512})


def test_a_pem_of_another_kind_is_named() -> None:
    key = create(KEY, ECDSA)
    request = create(REQUEST, {"privateKeyPem": key["privateKeyPem"]})
    with pytest.raises(TlsError, match='expected "CERTIFICATE", got "CERTIFICATE REQUEST"'):
        leaf(key, {"certPem": request["certRequestPem"]}, request)


LABELS = {
    "RSA": ({"algorithm": "RSA"}, "RSA PRIVATE KEY", "sha256WithRSAEncryption"),
    "P256": (ECDSA, "EC PRIVATE KEY", "ecdsa-with-SHA256"),
    "P384": (KEYS["ecdsa-p384"], "EC PRIVATE KEY", "ecdsa-with-SHA384"),
    "P521": ({**ECDSA, "ecdsaCurve": "P521"}, "EC PRIVATE KEY", "ecdsa-with-SHA512"),
    "ED25519": ({"algorithm": "ED25519"}, "PRIVATE KEY", "ed25519"),
}


@pytest.mark.parametrize(("wanted", "label", "signature"), LABELS.values(), ids=LABELS)
def test_each_algorithm_has_its_pem_form_and_its_digest(
    wanted: dict, label: str, signature: str
) -> None:
    key = create(KEY, wanted)
    assert key["privateKeyPem"].startswith(f"-----BEGIN {label}-----\n")
    assert key["privateKeyPemPkcs8"].startswith("-----BEGIN PRIVATE KEY-----\n")
    ca = authority(key)
    assert certificate(ca).signature_algorithm_oid._name == signature
    assert ca["keyAlgorithm"] == wanted["algorithm"]


def test_a_key_is_known_by_the_digest_of_its_public_half() -> None:
    key = create(KEY, ECDSA)
    der = base64.b64decode("".join(key["publicKeyPem"].split("\n")[1:-2]))
    assert key["id"] == hashlib.sha1(der.strip()).hexdigest()


def test_an_authority_identifies_its_key_and_so_do_its_certificates() -> None:
    key = create(KEY, {"algorithm": "ED25519"})
    ca = authority(key, setSubjectKeyId=False)
    request = create(REQUEST, {"privateKeyPem": create(KEY, ECDSA)["privateKeyPem"]})
    own = certificate(ca).extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    raw = certificate(ca).public_key().public_bytes_raw()
    assert own.digest == hashlib.sha1(b"\x04\x20" + raw).digest()
    for signed in (ca, leaf(key, ca, request)):
        issuer = certificate(signed).extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
        assert issuer.value.key_identifier == own.digest


def test_an_authority_does_not_sign_with_the_key_of_another() -> None:
    key, other = create(KEY, ECDSA), create(KEY, ECDSA)
    request = create(REQUEST, {"privateKeyPem": key["privateKeyPem"]})
    with pytest.raises(TlsError, match="doesn't match parent's PublicKey"):
        leaf(other, authority(key), request)


def test_a_certificate_may_be_ready_for_renewal_from_the_start() -> None:
    key = create(KEY, ECDSA)
    assert authority(key, earlyRenewalHours=99)["readyForRenewal"] is False
    assert authority(key, earlyRenewalHours=100)["readyForRenewal"] is True


def test_names_come_in_the_usual_order_and_only_of_the_usual_kinds() -> None:
    key, ca_key = ec.generate_private_key(ec.SECP256R1()), create(KEY, ECDSA)
    asked = [
        x509.UniformResourceIdentifier("spiffe://test/a"),
        x509.RFC822Name("a@b.test"),
        x509.IPAddress(ipaddress.ip_address("::1")),
        x509.DNSName("a.test"),
    ]
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([]))
        .add_extension(x509.SubjectAlternativeName(asked), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = request.public_bytes(serialization.Encoding.PEM).decode()
    served = certificate(leaf(ca_key, authority(ca_key), {"certRequestPem": pem}))
    names = served.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert list(names.value) == [asked[3], asked[2], asked[0]]
    assert names.critical, "a certificate without a subject has no name but these"


def test_an_ipv4_address_in_ipv6_form_is_an_ipv4_address() -> None:
    made = certificate(authority(create(KEY, ECDSA), ipAddresses=["::ffff:127.0.0.1"]))
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
