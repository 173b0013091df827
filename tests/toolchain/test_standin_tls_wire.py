"""Property values survive the wire, and marks are told from plain objects."""

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from toolchain.standins.wire import (
    OUTPUT,
    SECRET,
    SIGNATURE,
    UNKNOWN,
    Archive,
    Asset,
    Secret,
    bare,
    from_plain,
    has_unknown,
    to_plain,
)

pytestmark = pytest.mark.slow

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not x.is_integer())
    | st.text()
    | st.just(UNKNOWN)
)
NAMES = st.text().filter(lambda name: name != SIGNATURE)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner) | st.builds(Secret, inner),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES))
def test_what_is_sent_arrives_as_it_was(properties: dict) -> None:
    sent = from_plain(properties).SerializeToString()
    assert to_plain(Struct.FromString(sent)) == properties


@pytest.mark.parametrize(
    "marked",
    [
        Asset({"hash": "00", "path": "a.txt"}),
        Archive({"hash": "00", "assets": {"a": Asset({"hash": "01", "text": "x"})}}),
    ],
)
def test_assets_and_archives_arrive_as_they_were(marked: object) -> None:
    assert to_plain(from_plain({"source": marked})) == {"source": marked}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"value": "x", "secret": True}, Secret("x")),
        ({"value": "x"}, "x"),
        ({"secret": True}, Secret(UNKNOWN)),
        ({}, UNKNOWN),
    ],
)
def test_an_output_value_is_its_value(fields: dict, expected: object) -> None:
    assert to_plain(from_plain({"it": {SIGNATURE: OUTPUT, **fields}})) == {"it": expected}


def test_an_object_with_another_signature_stays_as_it_is() -> None:
    reference = {"it": {SIGNATURE: "a resource reference", "urn": "u"}}
    assert to_plain(from_plain(reference)) == reference


def test_a_secret_has_the_form_of_the_protocol() -> None:
    fields = from_plain({"it": Secret("x")}).fields["it"].struct_value.fields
    assert {name: value.string_value for name, value in fields.items()} == {
        SIGNATURE: SECRET,
        "value": "x",
    }


def test_whole_numbers_are_integers() -> None:
    assert isinstance(to_plain(from_plain({"n": 2.0}))["n"], int)


def test_a_secret_does_not_show_itself() -> None:
    assert "hidden" not in repr({"key": Secret("hidden")})


def test_bare_takes_off_secrets_at_every_depth() -> None:
    assert bare({"a": Secret([Secret("x"), {"b": Secret(1)}])}) == {"a": ["x", {"b": 1}]}


@pytest.mark.parametrize("value", [UNKNOWN, Secret(UNKNOWN), {"a": [1, UNKNOWN]}])
def test_unknowns_are_found_at_every_depth(value: object) -> None:
    assert has_unknown(value)
    assert not has_unknown({"a": [1, Secret("x")], "b": None})


def test_a_value_without_a_protocol_form_is_refused() -> None:
    with pytest.raises(TypeError, match="type set"):
        from_plain({"it": {1, 2}})
