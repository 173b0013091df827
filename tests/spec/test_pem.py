"""PEM that an editor, YAML or openssl has changed is read as Go can read it."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from components.spec import load
from components.spec.x509.pem import normal_certificates, normal_key
from tests.spec.authorities import make
from tests.spec.chains import Authority, chain, key_of
from tests.spec.machines import LOCKED_KEYS, OPEN_KEYS, remote
from tests.spec.stack_files import changed, problems_of

ROOT = make("root")
TEXTS = {"certificate": ROOT.pem, "key": ROOT.key, **OPEN_KEYS, **LOCKED_KEYS}
CHANGED = {
    "byte order mark": lambda text: f"\ufeff{text}",
    "indented": lambda text: "".join(f"    {line}\n" for line in text.splitlines()),
    "one line": lambda text: " ".join(text.split("\n")),
    "written out": lambda text: text.replace("\n", "\\n"),
    "written out with CR": lambda text: text.replace("\n", "\\r\\n"),
    "all": lambda text: "\ufeff  " + " ".join(text.split("\n")),
    "quoted": lambda text: f'"{text}"',
    "its own name before it": lambda text: f"key: {text}",
    "no-break spaces": lambda text: "".join(f"\u00a0{line}\n" for line in text.splitlines()),
    "a space of width zero": lambda text: f"\u200b{text}",
    "a comment": lambda text: f"# mine\n{text}",
    "lines of CR and LF": lambda text: text.replace("\n", "\r\n"),
    "spaces behind": lambda text: text.replace("\n", "  \n"),
    "parameters before": lambda text: f"{block('DSA PARAMETERS')}{block('EC PARAMETERS')}{text}",
    "certificate before": lambda text: f"{ROOT.pem}{text}",
    "text behind": lambda text: f"{text}hunter2",
}
# A key may be found among other things, certificates among none but themselves.
FOR_KEYS_ONLY = {"parameters before", "certificate before"}


def block(label: str) -> str:
    return f"-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n"


def normal(name: str, text: str) -> str:
    return normal_certificates(text) if name == "certificate" else normal_key(text)


def stack(**generation: str) -> dict[str, Any]:
    return changed(("pki", {"signing": 2, "generations": {"2": generation}}))


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_whole_stays_as_it_is(name: str) -> None:
    assert normal(name, TEXTS[name]) == TEXTS[name]


@pytest.mark.parametrize("change", CHANGED)
@pytest.mark.parametrize("name", TEXTS)
def test_it_is_put_right(name: str, change: str) -> None:
    if name != "certificate" or change not in FOR_KEYS_ONLY:
        assert normal(name, CHANGED[change](TEXTS[name])) == TEXTS[name]


@pytest.mark.parametrize("name", ["certificate", "key"])
def test_empty_lines_and_one_long_line(name: str) -> None:
    text = TEXTS[name]
    assert normal(name, text.replace("\n", "\n\n")) == text
    assert normal(name, text.replace("\n", "")) == text


@pytest.mark.parametrize("change", sorted({*CHANGED} - FOR_KEYS_ONLY))
def test_it_is_taken_so(change: str) -> None:
    spoil = CHANGED[change]
    generation = load(stack(certificate=spoil(ROOT.pem), key=spoil(ROOT.key))).pki.generations[2]
    assert generation.certificate == ROOT.pem
    assert generation.key
    assert generation.key.get_secret_value() == ROOT.key
    login = remote(("ssh.agent", ...), ("ssh.private_key", spoil(OPEN_KEYS["ed25519"])))
    assert problems_of(login) == ()


def openssl(*arguments: str, given: str = "") -> str:
    return subprocess.run(
        ["openssl", *arguments], input=given, capture_output=True, text=True, check=True
    ).stdout


def test_an_authority_with_explicit_parameters_is_refused(tmp_path: Any) -> None:
    key = openssl(*["ecparam", "-genkey", "-name", "prime256v1", "-param_enc", "explicit"])
    signer = certificate(key, tmp_path)
    found = [each.reason for each in problems_of(stack(certificate=signer, key=ROOT.key))]
    assert "has a key whose curve is not named, which Go does not read" in found


def test_a_key_whose_numbers_differ_is_refused() -> None:
    numbers = key_of("rsa").private_numbers()
    wrong = rsa.RSAPrivateNumbers(
        numbers.p, numbers.q, numbers.d + 2, numbers.dmp1, numbers.dmq1, numbers.iqmp,
        numbers.public_numbers,
    ).private_key(unsafe_skip_rsa_key_validation=True)  # fmt: skip
    key = wrong.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    signer = chain(Authority(key="rsa"))
    (problem,) = problems_of(stack(**{**signer.generation, "key": key}))
    assert problem.path == "cluster.pki.generations.2.key"
    assert "numbers differ" in problem.reason


def certificate(key: str, tmp_path: Any) -> str:
    (tmp_path / "key").write_text(key)
    options = ["-subj", "/CN=ca", "-days", "30", "-addext", "keyUsage=keyCertSign"]
    return openssl("req", "-x509", *options, "-key", str(tmp_path / "key"))


def test_a_key_after_its_parameters_works(tmp_path: Any) -> None:
    key = openssl("ecparam", "-genkey", "-name", "prime256v1")
    assert "EC PARAMETERS" in key
    found = load(stack(certificate=certificate(key, tmp_path), key=key)).pki.generations[2].key
    assert found
    assert found.get_secret_value().startswith("-----BEGIN EC PRIVATE KEY-----\n")


def test_a_login_key_after_its_parameters_works() -> None:
    key = openssl("ecparam", "-genkey", "-name", "prime256v1")
    found = load(remote(("ssh.agent", ...), ("ssh.private_key", key))).ssh.private_key
    assert found
    assert found.get_secret_value().startswith("-----BEGIN EC PRIVATE KEY-----\n")


def test_explicit_parameters_are_refused_with_the_reason(tmp_path: Any) -> None:
    key = openssl(*["ecparam", "-genkey", "-name", "prime256v1", "-param_enc", "explicit"])
    (problem,) = problems_of(stack(certificate=ROOT.pem, key=key))
    assert problem.path == "cluster.pki.generations.2.key"
    assert "parameters of its curve written out" in problem.reason
    (problem,) = problems_of(remote(("ssh.agent", ...), ("ssh.private_key", key)))
    assert problem.path == "cluster.ssh.private_key"
    assert "parameters of its curve written out" in problem.reason
