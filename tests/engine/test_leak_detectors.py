"""What looks for private keys finds one wherever it was put on purpose."""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from components.member.files import text_file
from components.member.payload import pack
from lab.watchers.leaks import Keys, Seen, texts_of
from lab.watchers.sampling import all_running, watched_files, watched_processes
from tests.spec.authorities import make
from tests.support.record import (
    Record,
    exposed,
    note_what_is_left,
    recorded_stack,
    samplers_of,
)

MADE = make("planted")
KEY = MADE.key
PAYLOAD = pack({"name": "x"}, [text_file("pki/server.key", KEY)])
KEYS = Keys.of([PAYLOAD])


def other_form(form: PrivateFormat) -> str:
    """The same key in a form whose lines are all different."""
    return MADE.private.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


PEM_FORMS = ("as it is", "the older PEM form", "the form of OpenSSH")
FORMS = {
    "as it is": KEY,
    "one line of it": KEY.splitlines()[1],
    "JSON in JSON": json.dumps(json.dumps({"key": KEY})),
    "base64": base64.b64encode(b"xx" + KEY.encode()).decode(),
    "base64 with line breaks in JSON": json.dumps(base64.encodebytes(KEY.encode() * 3).decode()),
    "the older PEM form": other_form(PrivateFormat.TraditionalOpenSSL),
    "the form of OpenSSH": other_form(PrivateFormat.OpenSSH),
    "the payload": PAYLOAD,
    "a line of the payload": PAYLOAD.splitlines()[3],
    "the payload anew, other settings": pack({"n": "y"}, [text_file("z.key", KEY)]),
    "gzip in base64": base64.b64encode(gzip.compress(b"--" + KEY.encode())).decode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_found(form: str) -> None:
    assert KEYS.shown_in(f"before {FORMS[form]} after".encode())


@pytest.mark.parametrize("form", [*PEM_FORMS, "the payload"])
def test_another_key_is_no_find(form: str) -> None:
    assert Keys.of([make("other").key]).shown_in(FORMS[form].encode()) == []


def test_what_was_seen_at_the_bottom_is_looked_into_where_it_stands_higher() -> None:
    seen: Seen = {}
    wrapped = KEY.encode()
    for _ in range(2):
        wrapped = base64.b64encode(wrapped)
    deep = wrapped
    for _ in range(4):
        deep = base64.b64encode(deep)
    assert KEYS.shown_in(deep, seen) == []
    assert KEYS.shown_in(wrapped, seen)


def test_a_key_with_leading_zeros_is_found_by_a_line() -> None:
    small = ec.derive_private_key(2**240 + 12345, ec.SECP256R1())
    pem = small.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert Keys.of([pem]).shown_in(pem.splitlines()[1].encode())


def test_the_last_line_of_a_payload_may_be_too_short_to_tell() -> None:
    """Four characters that end one payload stand in any other long text too."""
    shortened = PAYLOAD.rstrip("\n") + "\n8AAA\n"
    assert Keys.of([shortened]).shown_in(b"H4sI8AAA") == []


def test_what_is_public_is_no_find() -> None:
    public = MADE.private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    ssh = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    every_form = Keys.of(FORMS.values())
    assert every_form.shown_in(pem + ssh + MADE.pem.encode()) == []


LEARNABLE = {form: FORMS[form] for form in (*PEM_FORMS, "the payload")}


@pytest.mark.parametrize("form", LEARNABLE)
def test_keys_are_learnt_from_the_text_of_a_state(form: str) -> None:
    secret = {"plaintext": json.dumps({"nested": LEARNABLE[form]})}
    learnt = Keys.of(texts_of({"resources": [{"outputs": secret}]}))
    assert learnt.shown_in(KEY.encode())
    assert ("payload" in learnt.needles.values()) == (form == "the payload")


def passing_file(folder: Path) -> None:
    path = folder / "deep" / "passing"
    path.parent.mkdir()
    path.write_text(KEY)
    time.sleep(0.05)
    path.unlink()


@pytest.mark.parametrize("place", ["command line", "environment"])
def test_a_process_of_a_moment_is_seen(place: str) -> None:
    sampler = watched_processes()
    command = [sys.executable, "-S", "-c", "import time; time.sleep(0.05)"]
    with sampler.watch:
        if place == "command line":
            subprocess.run([*command, KEY], check=True)
        else:
            subprocess.run(command, env={**os.environ, "PLANTED": KEY}, check=True)
    found = {where.partition(" of ")[0] for where, seen in sampler.seen if KEYS.shown_in(seen)}
    assert found == {place}


def test_a_file_of_a_moment_is_seen(tmp_path: Path) -> None:
    sampler = watched_files(tmp_path)
    with sampler.watch:
        passing_file(tmp_path)
    assert [place for place, seen in sampler.seen if KEYS.shown_in(seen)] == [
        f"{0o666 & ~current_umask():04o} {tmp_path}/deep/passing"
    ]


def current_umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def test_a_file_for_everybody_is_found(tmp_path: Path) -> None:
    copies = {mode: tmp_path / f"{mode:o}.txt" for mode in (0o600, 0o640, 0o604, 0o644)}
    for mode, path in copies.items():
        path.write_text(f"a note\n{PAYLOAD}")
        path.chmod(mode)
    assert sorted(exposed(tmp_path, KEYS)) == sorted(set(copies.values()) - {copies[0o600]})


PLANTS = """\
say "$(cat "${payload:?}/files/pki/server.key")"
cat "$payload/files/pki/server.key" >&2
sh -c 'sleep 0.1' sh "$(cat "$payload/files/pki/server.key")"
PLANTED=$(cat "$payload/files/pki/server.key") sh -c 'sleep 0.1; :'
cp "$payload/files/pki/server.key" "$TMPDIR/planted"
cp "$payload/files/pki/server.key" "$(setting config_dir)/copy.pem"
chmod 0644 "$(setting config_dir)/copy.pem"
cat "$payload/files/pki/server.key" >>"$(setting log_dir)/etcd.log"
"""


@pytest.mark.soak
@pytest.mark.slow
def test_what_a_careless_script_does_is_found_in_every_place(tmp_path: Path) -> None:
    stack = recorded_stack(tmp_path)
    first = dict(list(stack.spec["nodes"].items())[:1])
    script = stack.folder / "components/machine/scripts/apply.sh"
    script.write_text(script.read_text().replace("apply() {\n", f"apply() {{\n{PLANTS}"))
    stack.change(nodes=first)
    record = Record(stack, Keys.of([]))
    samplers = samplers_of(stack)
    try:
        with all_running(*samplers.values()):
            record.up()
        record.learn_keys()
        note_what_is_left(record, samplers)
        kinds = ("up", "event log", "state", "logs of the nodes", "processes", "temporary files")
        assert [kind for kind in kinds if not record.leaks(kind)] == []
        seen = {found.partition(" of ")[0] for found in record.leaks("processes")}
        assert seen == {"command line", "environment"}
        (copy,) = exposed(stack.folder / ".dev", record.keys)
        assert copy.name == "copy.pem"
    finally:
        stack.remove()
