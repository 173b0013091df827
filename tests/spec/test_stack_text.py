"""A stack file's text is read as the engine reads it, or refused with the line."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.spec.reading.stack_text import (
    CONFIG_KEY,
    UnreadableError,
    config_at,
    fault_of,
    parse,
)
from lab.stack import EtcdStack
from tests.spec.test_spec_properties import REPEATABLE

HEAD = f"config:\n  {CONFIG_KEY}:\n"
ALIKE = """\
    a: no
    b: on
    c: 1:30
    d: 2026-11-26
    e: 1.0
    f: +5
    g: !!str 010
    h: '010'
    i: .5
    j: ~
    k:
    l: TRUE
    m: y
    n: 3.60
    o: "on"
    p: 12345678901234567890123
    q: &x {b: 1}
    r: {<<: *x, e: 2}
    s: 0
    t: =
    u: 10.0.0.1
    w: 2026-13-45
    x: 2026-02-30
    z: 2024-02-29
    aa: 2026-11-26 00:00:00 +0000 UTC
    ab: 2026-1-1T25:00:00Z
    ac: 2026-1-1T1:2:3
    ad: 2026-001-01
    ae: 0000-02-29
    af: 2026-1-1 01:02:03Z
    ag: 2026-1-1T01:02:60Z
    ah: 2026-1-1T1:2:3+0100
    v: [no, 1, ~]
    no: 1
    2: 3
    true: 4
"""
REFUSED = (
    *("010", "08", "01501", "-010", "1e1", "5e-1", "0x1F", "0o17", "0b11", "1_000", "1_0.5"),
    *(".inf", "-.Inf", ".NaN", "2026-11-26T10:00:00Z", "2026-1-1", "2026-11-6", "2026-1-01"),
    *("2026-1-1T1:2:3Z", "2026-1-1t1:2:3.5+01:00", "2026-1-1 1:2:3", "2026-1-1  1:2:3.5"),
)


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        parse(content)
    return str(caught.value)


@pytest.mark.slow
def test_it_is_read_as_the_engine_reads_it(tmp_path: Path) -> None:
    stack = EtcdStack(tmp_path).create()
    stack.stack_file.write_text(HEAD + ALIKE)
    said = stack.run("config", "--json").ok().output
    assert (
        json.loads(said)[CONFIG_KEY]["objectValue"]
        == parse((HEAD + ALIKE).encode())["config"][CONFIG_KEY]
    )


@pytest.mark.parametrize("value", REFUSED)
def test_what_looks_like_something_else_is_refused(value: str) -> None:
    for text in (f"    a: {value}\n", f"    a: [1, {value}]\n", f"    {value}: 1\n"):
        assert refusal((HEAD + text).encode()).startswith(f"line 3: {value} is read as ")


@pytest.mark.parametrize("value", REFUSED)
def test_in_quotes_it_is_a_text(value: str) -> None:
    found = parse(f'{HEAD}    a: "{value}"\n'.encode())
    assert found["config"][CONFIG_KEY] == {"a": value}


def test_the_number_that_is_read_is_told() -> None:
    for text, number in (("010", 8), ("01501", 833), ("1e1", 10), ("08", 8), ("0x1F", 31)):
        assert f" the number {number}; " in refusal(f"{HEAD}    a: {text}\n".encode())


def test_settings_of_others_are_left_to_them() -> None:
    content = b"encryptionsalt: 010\nconfig:\n  aws:accountId: 0123\n  True: 1\n"
    assert parse(content)["config"]["aws:accountId"] == "0123"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a: caf\xe9\n", "line 1 holds the byte 0xe9, which is not UTF-8"),
        ("a: 1".encode("utf-16"), "is in UTF-16"),
        ("a: 1".encode("utf-32"), "is in UTF-32"),
        (b"\0\0\xfe\xff" + "a: 1".encode("utf-32-be"), "is in UTF-32"),
        ("a: 1".encode("utf-16-le"), "control character 0x00"),
        (b"a:\n\tb: 1\n", "line 2: a tab"),
        (b"a: 1\nb: 2\na: 3\n", "line 3: the key `a` is there twice, first in line 1"),
        (b"1: 1\n1.0: 2\n", "line 2: the key `1` is there twice"),
        (b"a: 1\n---\nb: 1\n", "line 2: a second document"),
        (b"a: &x [*x]\n", "contains itself"),
        (b"a: &x {b: *x}\n", "contains itself"),
        (b"? [a]\n: 1\n", "a key is one text"),
        (f"{HEAD}    a: !!binary aGVsbG8=\n".encode(), "is a type that is not known here"),
        (b"a: !!set {b}\n", "is a type that is not known here"),
        (b"a: {<<: 5}\n", "`<<` takes a mapping"),
        (b"a: *b\n", "line 1: found undefined alias"),
        (b"a: " + b"[" * 500, "is nested too deeply"),
        (b"a: [", "line 1: "),
        (b'a: "\\U00110000"\n', "stands for no character"),
        (b'a: "\\UFFFFFFFF"\n', "stands for no character"),
        (b'a:\n  "\\ud800x": 1\n', r"line 2: has an escape such as \ud800"),
        (b'a: ["\\ud83d\\ude00"]\n', r"line 1: has an escape such as \ud800"),
        (b'a: "b\\/c"\n', "line 1: found unknown escape character '/'"),
        (f"{HEAD}    a: 0x{'f' * 4000}\n".encode(), f"0x{'f' * 38}… is read as a number;"),
        (f"{HEAD}    a: {'0' * 5000}1\n".encode(), f"{'0' * 40}… is read as a number;"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line(content: bytes, reason: str) -> None:
    assert reason in refusal(content)


def test_what_aliases_stand_for_is_limited() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    assert "aliases" in refusal(f"a0: &a0 [x]\n{levels}".encode())


def test_a_byte_order_mark_of_utf_8_is_skipped() -> None:
    assert parse(b"\xef\xbb\xbfa: 1\n") == {"a": 1}


def test_the_settings_of_a_file_by_name(tmp_path: Path) -> None:
    assert config_at(tmp_path / "none") == {}
    for text, found in (("config: {a:b: 1, c: yes}", {"a:b": 1, "c": "yes"}), ("config: 1", {})):
        (tmp_path / "f").write_text(text)
        assert config_at(tmp_path / "f") == found


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Path.mkdir, "is a folder"),
        (os.mkfifo, "is no plain file"),
        (lambda path: path.symlink_to("nowhere"), "is a link that leads nowhere"),
        (lambda path: path.symlink_to(path), "symbolic links"),
        (lambda path: path.symlink_to(os.devnull), "is no plain file"),
    ],
)  # fmt: skip
def test_what_is_no_file_is_told(
    make: Callable[[Path], object], reason: str, tmp_path: Path
) -> None:
    make(tmp_path / "f")
    with pytest.raises(UnreadableError, match=reason):
        config_at(tmp_path / "f")


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account that may read everything runs these tests too."""

    def refuse(_path: Path) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    (tmp_path / "f").touch()
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableError, match="Permission denied"):
        config_at(tmp_path / "f")


@pytest.mark.parametrize("text", ["", "~", "a: 1", "config:", "config: {}", "config: {a: 1}"])
def test_a_file_for_the_engine(text: str) -> None:
    assert fault_of(parse(text.encode())) == ""


@pytest.mark.parametrize("text", ["- a", "a", "5", "no", "[]", "config: 0", "config: []"])
def test_a_file_that_is_none_for_the_engine(text: str) -> None:
    assert "is no mapping" in fault_of(parse(text.encode()))


PIECES = (
    *("a", ":", " ", "\n", "- ", "\t", "{", "}", "[", "]", "&x ", "*x", "<<", "? ", "'", '"', "|"),
    *("\\U00110000", "\\x", "\\u12", "\\ud800", "\\/", "0x" + "f" * 4000),
    *('"\\ud800x": 1', '"\\udfff"', "2026-13-45", "2026-1-1", "2026-02-30T10:00:00Z"),
    *("010", "1e1", "~", "!!int ", "!!str ", ">", "#", "%", "---\n", "\u00e9", "\u2028", "\0"),
)
pieces = st.sampled_from(PIECES)
texts = st.lists(pieces, max_size=20).map("".join) | st.text()
encodings = st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-32"])


def encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, "replace")


contents: st.SearchStrategy[Any] = st.binary(max_size=40) | st.builds(encoded, texts, encodings)


@given(contents)
@REPEATABLE
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for head in (b"", HEAD.encode() + b"    "):
        with suppress(UnreadableError):
            parse(head + content)
