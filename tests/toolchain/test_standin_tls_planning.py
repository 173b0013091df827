"""What the tls stand-in says about changes, and about time."""

import datetime as dt

import pytest

from toolchain.standins.tls.checking import failures
from toolchain.standins.tls.errors import TlsError
from toolchain.standins.tls.planning import difference, preview, refreshed, updated
from toolchain.standins.tls.resources import create
from toolchain.standins.tls.schema import PRIVATE_KEY, RESOURCES, SELF_SIGNED_CERT
from toolchain.standins.wire import UNKNOWN

pytestmark = pytest.mark.slow

NOW = dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(scope="module")
def inputs() -> dict:
    key = create("tls:index/privateKey:PrivateKey", {"algorithm": "ED25519"})
    return {
        "privateKeyPem": key["privateKeyPem"],
        "subject": {"commonName": "a"},
        "allowedUses": ["client_auth"],
        "validityPeriodHours": 48,
        "earlyRenewalHours": 24,
    }


@pytest.fixture(scope="module")
def outputs(inputs: dict) -> dict:
    return create("tls:index/selfSignedCert:SelfSignedCert", inputs, now=NOW)


def test_nothing_changes_before_the_renewal_window(inputs: dict, outputs: dict) -> None:
    found = difference(SELF_SIGNED_CERT, outputs, inputs, NOW + 24 * HOUR - SECOND)
    assert (found.changed, found.replaces) == (frozenset(), frozenset())


@pytest.mark.parametrize("hours", [24, 47, 48, 1000])
def test_in_the_window_and_after_the_end_the_certificate_is_replaced(
    inputs: dict, outputs: dict, hours: int
) -> None:
    found = difference(SELF_SIGNED_CERT, outputs, inputs, NOW + hours * HOUR)
    assert found.changed == found.replaces == {"readyForRenewal"}


def test_a_smaller_window_takes_the_certificate_out_of_it(inputs: dict, outputs: dict) -> None:
    time = NOW + 30 * HOUR
    smaller = {**inputs, "earlyRenewalHours": 2}
    found = difference(SELF_SIGNED_CERT, outputs, smaller, time)
    assert (found.changed, found.replaces) == ({"earlyRenewalHours"}, frozenset())
    kept = updated(SELF_SIGNED_CERT, outputs, smaller)
    assert kept == {**outputs, "earlyRenewalHours": 2}
    assert not difference(SELF_SIGNED_CERT, kept, smaller, time).changed


def test_a_refresh_tells_whether_the_window_is_reached(outputs: dict) -> None:
    assert refreshed(SELF_SIGNED_CERT, outputs, NOW + 23 * HOUR) == outputs
    late = refreshed(SELF_SIGNED_CERT, outputs, NOW + 25 * HOUR)
    assert late == {**outputs, "readyForRenewal": True}


def test_a_certificate_of_the_official_plugin_is_understood(inputs: dict, outputs: dict) -> None:
    """Its times have nanoseconds and the zone of the machine."""
    theirs = {**outputs, "validityEndTime": "2031-05-08T09:08:09.123456789+02:00"}
    assert not difference(SELF_SIGNED_CERT, theirs, inputs, NOW + 23 * HOUR).changed
    assert difference(SELF_SIGNED_CERT, theirs, inputs, NOW + 25 * HOUR).replaces


CHANGES = {
    "another name": {"dnsNames": ["a.test"]},
    "another subject": {"subject": {"commonName": "b"}},
    "a use more": {"allowedUses": ["client_auth", "server_auth"]},
    "an unknown key": {"privateKeyPem": UNKNOWN},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_other_change_replaces(inputs: dict, outputs: dict, change: dict) -> None:
    found = difference(SELF_SIGNED_CERT, outputs, {**inputs, **change}, NOW)
    assert found.changed == found.replaces == set(change)


def test_a_default_is_no_change(inputs: dict, outputs: dict) -> None:
    same = {**inputs, "isCaCertificate": False, "dnsNames": None, "validityPeriodHours": "48"}
    assert not difference(SELF_SIGNED_CERT, outputs, same, NOW).changed


def test_a_preview_knows_what_is_given_and_no_more(inputs: dict, outputs: dict) -> None:
    shown = preview(SELF_SIGNED_CERT, inputs)
    unknown = {name for name, value in shown.items() if value is UNKNOWN}
    made = {"id", "certPem", "keyAlgorithm", "validityStartTime", "validityEndTime"}
    assert unknown == made | {"maxPathLength"}
    assert {name: shown[name] for name in shown.keys() - unknown} == {
        name: outputs[name] for name in outputs.keys() - made
    }


def test_a_window_as_long_as_the_validity_never_ends(inputs: dict) -> None:
    always = {**inputs, "earlyRenewalHours": 48}
    assert preview(SELF_SIGNED_CERT, always)["readyForRenewal"] is True
    assert (
        preview(SELF_SIGNED_CERT, {**always, "validityPeriodHours": UNKNOWN})["readyForRenewal"]
        is False
    )


@pytest.mark.parametrize("token", RESOURCES)
def test_every_missing_required_input_is_told(token: str) -> None:
    resource = RESOURCES[token]
    missing = [known.name for known in resource.inputs if known.required]
    told = failures(resource, "res", {})
    assert [text.split("'")[1] for text in told] == missing
    assert not failures(resource, "res", dict.fromkeys(missing, UNKNOWN))


def test_every_wrong_use_is_told_with_its_place(inputs: dict) -> None:
    wrong = {**inputs, "allowedUses": ["fly", "client_auth", "swim"], "validityPeriodHours": -1}
    told = failures(SELF_SIGNED_CERT, "res", wrong)
    assert [text.rsplit("'", 2)[1] for text in told] == [
        "res.validityPeriodHours",
        "res.allowedUses[0]",
        "res.allowedUses[2]",
    ]


@pytest.mark.parametrize("value", ["many", "1.5", ""])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(TlsError, match='"rsa_bits": Expected a Number'):
        failures(PRIVATE_KEY, "res", {"algorithm": "RSA", "rsaBits": value})
