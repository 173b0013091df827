"""What the command stand-in refuses, fills in, and calls a change. No process, no network."""

import pytest

from toolchain.standins.command.checking import check
from toolchain.standins.command.differences import changes
from toolchain.standins.command.schema import COPY_TO_REMOTE, LOCAL_COMMAND, REMOTE_COMMAND
from toolchain.standins.wire import UNKNOWN, Archive, Asset, Secret

pytestmark = pytest.mark.slow

HOST = {"host": "10.0.0.11"}
PLACE = {"connection": HOST, "remotePath": "/tmp/x"}


def reasons(resource, inputs):
    return [(failure.property, failure.reason) for failure in check(resource, inputs)[1]]


def test_every_error_is_told_at_once():
    wrong = "Field '{}' on 'local.CommandInputs' must be a 'string'; got 'float64' instead"
    assert reasons(LOCAL_COMMAND, {"create": 5, "colour": "red", "interpreter": ["sh", 1]}) == [
        ("create", wrong.format("create")),
        ("colour", "Unrecognized field 'colour' on 'local.CommandInputs'"),
        ("interpreter[1]", wrong.format("interpreter[1]")),
    ]


def test_errors_within_a_connection_name_the_place_within():
    connection = {"host": "a", "port": "22", "proxy": {}}
    [(name, reason)] = reasons(REMOTE_COMMAND, {"connection": connection})
    assert name == "connection"
    assert "2 failures decoding" in reason
    assert "port: Field 'port' on 'remote.Connection' must be a 'float64'" in reason
    assert "Missing required field 'host' on 'remote.ProxyConnection'" in reason


def test_a_truth_value_is_no_number():
    assert reasons(REMOTE_COMMAND, {"connection": {**HOST, "port": True}})


@pytest.mark.parametrize("value", [Secret("x"), UNKNOWN, Secret(UNKNOWN)])
def test_what_is_secret_or_unknown_is_judged_by_what_it_is(value):
    assert reasons(LOCAL_COMMAND, {"create": value}) == []


def test_a_secret_of_the_wrong_kind_is_refused_without_showing_it():
    [(_, reason)] = reasons(LOCAL_COMMAND, {"stdin": Secret(4711)})
    assert "4711" not in reason


def test_a_connection_is_secret_and_so_is_each_way_to_log_in():
    proxy = {"host": "b", "privateKey": "p"}
    connection = {**HOST, "password": "x", "privateKeyPassword": "y", "proxy": proxy}
    inputs, failures = check(REMOTE_COMMAND, {"connection": connection})
    assert failures == []
    defaults = {"port": 22, "user": "root", "dialErrorLimit": 10, "perDialTimeout": 15}
    assert inputs["connection"] == Secret(
        {
            **HOST,
            **defaults,
            "password": Secret("x"),
            "privateKeyPassword": Secret("y"),
            "proxy": {"host": "b", **defaults, "privateKey": Secret("p")},
        }
    )


@pytest.mark.parametrize(
    ("source", "property_"),
    [
        (Asset({"uri": "file:///x"}), "asset"),
        (Archive({"assets": {}}), "archive"),
        ("/etc/hosts", "source"),
    ],
)
def test_a_source_that_cannot_be_sent_is_refused(source, property_):
    [(name, _)] = reasons(COPY_TO_REMOTE, {**PLACE, "source": source})
    assert name == property_


@pytest.mark.parametrize(
    "source", [Asset({"path": "a"}), Asset({"text": "a"}), Archive({"path": "a"})]
)
def test_files_texts_and_folders_can_be_sent(source):
    assert reasons(COPY_TO_REMOTE, {**PLACE, "source": source}) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"stdin": "a"}, {"stdin": "a"}, {}),
        ({"stdin": "a"}, {"stdin": Secret("a")}, {"stdin": "UPDATE"}),
        ({"stdin": Secret("a")}, {"stdin": Secret("a")}, {}),
        ({"triggers": [1, 2]}, {"triggers": [1]}, {"triggers[1]": "DELETE"}),
        ({"triggers": [1]}, {}, {"triggers": "DELETE_REPLACE"}),
        ({}, {"triggers": []}, {"triggers": "ADD_REPLACE"}),
        ({"triggers": [{"a": 1}]}, {"triggers": [{"a": 2}]}, {"triggers[0].a": "UPDATE"}),
        (
            {"environment": {"A": "1"}},
            {"environment": {"b.c": "1"}},
            {"environment.A": "DELETE", 'environment["b.c"]': "ADD"},
        ),
        ({"stdout": "old output"}, {}, {}),
    ],
)
def test_changes_have_their_path_and_kind(old, new, expected):
    assert changes(LOCAL_COMMAND, old, new) == expected


def test_a_file_is_its_content_wherever_it_lies():
    def at(path, digest):
        return {"source": Asset({"path": path, "hash": digest})}

    assert changes(COPY_TO_REMOTE, at("a", "1"), at("b", "1")) == {}
    assert changes(COPY_TO_REMOTE, at("a", "1"), at("a", "2")) == {"source": "UPDATE"}


def test_a_wholly_unknown_connection_is_no_change_yet():
    news, _ = check(REMOTE_COMMAND, {"connection": UNKNOWN})
    assert changes(REMOTE_COMMAND, {"connection": Secret(HOST)}, news) == {}
