"""PEM that an editor, YAML or openssl has changed is read as Go can read it."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from components.spec import load
from components.spec.pem import normal
from tests.spec.authorities import make
from tests.spec.machines import LOCKED_KEYS, OPEN_KEYS, remote
from tests.spec.stack_files import changed, problems_of

ROOT = make("root")
TEXTS = {"certificate": ROOT.pem, "key": ROOT.key, **OPEN_KEYS, **LOCKED_KEYS}
CHANGED = {
    "byte order mark": lambda text: f"\ufeff{text}",
    "indented": lambda text: "".join(f"    {line}\n" for line in text.splitlines()),
    "one line": lambda text: " ".join(text.split("\n")),
    "all": lambda text: "\ufeff  " + " ".join(text.split("\n")),
}


def stack(**generation: str) -> dict[str, Any]:
    return changed(("pki", {"signing": 2, "generations": {"2": generation}}))


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_whole_stays_as_it_is(name: str) -> None:
    assert normal(TEXTS[name]) == TEXTS[name]


@pytest.mark.parametrize("change", CHANGED)
@pytest.mark.parametrize("name", sorted({*TEXTS} - {"pem"}))
def test_it_is_put_right(name: str, change: str) -> None:
    text = TEXTS[name]
    lines = normal(CHANGED[change](text)).split()
    assert "".join(lines) == "".join(text.split())
    assert normal(CHANGED[change](text)).startswith("-----BEGIN ")
    # Go's pem.Decode wants the body on lines of its own.
    assert all("-----" not in line or line.count("-----") == 2
               for line in normal(CHANGED[change](text)).splitlines())  # fmt: skip


@pytest.mark.parametrize("change", CHANGED)
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


def test_explicit_parameters_are_refused_with_the_reason(tmp_path: Any) -> None:
    key = openssl(*["ecparam", "-genkey", "-name", "prime256v1", "-param_enc", "explicit"])
    (problem,) = problems_of(stack(certificate=ROOT.pem, key=key))
    assert problem.path == "cluster.pki.generations.2.key"
    assert "parameters of its curve written out" in problem.reason
