"""Changes of members that live: without restart, one by one, refused, and undone."""

from __future__ import annotations

import pytest

from components.machine.runtimes import supervisor
from components.member import issued
from tests.node.asking import etcdctl, is_healthy, make_leader
from tests.node.processes import environment
from tests.support.usual import mostly_in_soak

pytestmark = pytest.mark.slow

CHANGE = {"flags": {"max-txn-ops": 256}}
REFUSED = {"flags": {"cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "NOPE"]}}


@pytest.mark.soak
def test_a_changed_supervisor_is_started_anew(single, monkeypatch):
    single.found()
    starts = single.starts()
    monkeypatch.setattr(supervisor, "CONF", supervisor.CONF.replace("=10MB", "=11MB"))
    single.up("update")["health"].ok()
    assert single.starts() != starts
    assert "=11MB" in (single.root("etcd1") / "state" / "supervisord.conf").read_text()


@pytest.mark.parametrize("how", mostly_in_soak(["kill_node", "freeze_node"], ["kill_node"]))
def test_no_restart_while_another_voter_is_sick(machine, timeouts, how):
    timeouts(gate_s=1, ask_ms=1000)
    machine.found()
    make_leader(machine, "etcd2")
    getattr(machine, how)("etcd3")
    pid, files = machine.pid("etcd1"), machine.files("etcd1")
    done = machine.run(machine.plan(**CHANGE).commands["etcd1-apply"], "update")
    done.failed(
        "error: etcd1: not restarted: etcd3 must be healthy first, or two members would be down"
    )
    assert done.errors.count("\n") == 1
    assert machine.pid("etcd1") == pid
    assert machine.files("etcd1") == files
    assert is_healthy(machine, "etcd1")


@pytest.mark.soak
def test_a_certificate_that_does_not_fit(single, monkeypatch, timeouts):
    """The key is another's. etcd reads both without a restart, so nothing else would tell."""
    timeouts(gate_s=2)
    single.found()
    starts, credentials = single.starts(), issued._credentials

    def mixed(values):
        pairs = values["pairs"]
        certificate, _, since = pairs["server"]
        server = [certificate, pairs["peer"][1], since]
        return credentials({**values, "pairs": {**pairs, "server": server}})

    with monkeypatch.context() as wrong:
        wrong.setattr(issued, "_credentials", mixed)
        done = single.up("update")
    done["etcd1-apply"].failed(
        "does not answer a read with the new certificates, so the former ones are back"
    )
    assert is_healthy(single, "etcd1")
    assert single.up("update")["etcd1-apply"].ok().output == "etcd1: unchanged\n"
    assert single.starts() == starts


@pytest.mark.soak
def test_a_first_start_that_is_refused_can_be_mended(single):
    done = single.up("create", single.plan(**REFUSED))["etcd1-apply"]
    done.failed("error: etcd1: etcd does not start: ", "NOPE")
    for _ in range(2):
        single.up("create", single.plan(**CHANGE))["health"].ok()
    assert environment(single.pid("etcd1"))["ETCD_MAX_TXN_OPS"] == "256"


@pytest.mark.soak
def test_a_change_goes_through_a_cluster_that_has_lost_its_quorum(machine, timeouts):
    """A member that nobody can hear has nothing to lose by a restart, and must not hold up the
    start of the others."""
    timeouts(ask_ms=1000, start_s=15)
    machine.found()
    assert etcdctl(machine, "etcd1", "put", "key", "value").returncode == 0
    for node in ("etcd2", "etcd3"):
        machine.kill_node(node)
    done = machine.up("update", machine.plan(**CHANGE))
    assert done["etcd1-apply"].ok().output == "etcd1: restarted, waits for the other members\n"
    assert done["health"].ok()
    assert etcdctl(machine, "etcd1", "get", "key").stdout == "key\nvalue\n"


@pytest.mark.soak
def test_a_former_form_of_the_configuration_does_not_stay(single):
    single.found()
    etc = single.root("etcd1") / "etc"
    for config_format, file, other in [
        ("yaml", "conf.yml", "etcd.env"),
        ("env", "etcd.env", "conf.yml"),
    ]:
        single.up("update", single.plan(config_format=config_format))["health"].ok()
        assert (etc / file).exists()
        assert not (etc / other).is_symlink()
