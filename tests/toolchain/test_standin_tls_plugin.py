"""The tls stand-in as a process, called as the engine calls it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from toolchain.standins.tls.plugin import Tls
from toolchain.standins.tls.resources import create
from toolchain.standins.wire import UNKNOWN, Secret, from_plain, to_plain

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).resolve().parents[2] / "toolchain" / "standins" / "tls"
KEY = "tls:index/privateKey:PrivateKey"
REQUEST = "tls:index/certRequest:CertRequest"
END_LIMIT_S = 10


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ResourceProviderStub]:
    """A plugin that was started from a folder of its own, with nothing in its environment."""
    folder = tmp_path_factory.mktemp("elsewhere")
    errors = folder / "stderr"
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, FOLDER, "127.0.0.1:1"],
            cwd=folder,
            env={},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
    port = int(process.stdout.readline())
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield ResourceProviderStub(channel)
    process.stdin.close()
    assert process.wait(END_LIMIT_S) == 0
    assert errors.read_text() == "", "the engine shows a person what a plugin writes here"


def of(type_token: str) -> dict[str, str]:
    return {"urn": f"urn:pulumi:s::p::{type_token}::res", "type": type_token, "name": "res"}


def test_it_says_which_version_it_stands_for(plugin: ResourceProviderStub) -> None:
    assert plugin.GetPluginInfo(Empty()).version == "5.5.1"


def test_a_made_key_is_secret_in_every_private_form(plugin: ResourceProviderStub) -> None:
    inputs = from_plain({"algorithm": "ECDSA", "ecdsaCurve": "P256"})
    answer = plugin.Create(pb.CreateRequest(**of(KEY), properties=inputs))
    outputs = to_plain(answer.properties)
    assert answer.id == outputs["id"]
    secret = {name for name, value in outputs.items() if isinstance(value, Secret)}
    assert secret == {"privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"}
    assert "PRIVATE KEY" not in repr(outputs)


@pytest.mark.parametrize("key", [Secret("k"), "k"], ids=["secret", "plain"])
def test_a_given_key_is_secret_even_if_the_program_forgot(
    plugin: ResourceProviderStub, key: object
) -> None:
    answer = plugin.Check(pb.CheckRequest(**of(REQUEST), news=from_plain({"privateKeyPem": key})))
    assert to_plain(answer.inputs) == {"privateKeyPem": Secret("k")}


def test_every_answer_about_a_request_keeps_its_key_secret(plugin: ResourceProviderStub) -> None:
    pem = create(KEY, {"algorithm": "ED25519"})["privateKeyPem"]
    inputs = from_plain({"privateKeyPem": pem})
    made = plugin.Create(pb.CreateRequest(**of(REQUEST), properties=inputs)).properties
    shown = plugin.Create(pb.CreateRequest(**of(REQUEST), properties=inputs, preview=True))
    state = {"id": "x", "properties": made, "inputs": inputs}
    read = plugin.Read(pb.ReadRequest(**of(REQUEST), **state))
    changed = plugin.Update(pb.UpdateRequest(**of(REQUEST), id="x", olds=made, news=inputs))
    answers = [made, shown.properties, read.properties, read.inputs, changed.properties]
    assert [to_plain(answer)["privateKeyPem"] for answer in answers] == [Secret(pem)] * 5


def test_a_key_that_is_not_known_yet_stays_unknown(plugin: ResourceProviderStub) -> None:
    inputs = from_plain({"privateKeyPem": UNKNOWN})
    shown = plugin.Create(pb.CreateRequest(**of(REQUEST), properties=inputs, preview=True))
    assert to_plain(shown.properties)["privateKeyPem"] is UNKNOWN


def test_an_unknown_type_is_named(plugin: ResourceProviderStub) -> None:
    with pytest.raises(grpc.RpcError) as refusal:
        plugin.Create(pb.CreateRequest(**of("tls:index/other:Other")))
    assert "no resource type tls:index/other:Other" in refusal.value.details()


def test_nothing_can_be_found_by_its_id(plugin: ResourceProviderStub) -> None:
    with pytest.raises(grpc.RpcError) as refusal:
        plugin.Read(pb.ReadRequest(**of(KEY), id="x"))
    assert "not found by its id" in refusal.value.details()


def test_the_engine_is_told_to_go_by_configure(plugin: ResourceProviderStub) -> None:
    with pytest.raises(grpc.RpcError) as refusal:
        plugin.Handshake(pb.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
    assert refusal.value.code() is grpc.StatusCode.UNIMPLEMENTED
    configured = plugin.Configure(pb.ConfigureRequest(acceptSecrets=True))
    assert (configured.acceptSecrets, configured.supportsPreview) == (False, True)


def test_the_provider_itself_has_nothing_to_configure() -> None:
    news = from_plain({"version": "5.5.1"})
    assert Tls().CheckConfig(pb.CheckRequest(news=news), None).inputs == news
    assert Tls().DiffConfig(pb.DiffRequest(), None) == pb.DiffResponse()
