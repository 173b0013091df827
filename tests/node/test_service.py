"""A service called etcd that was there before: nobody's etcd is taken for ours, or ended."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from components.machine.preparation import service
from tests.node.machine import Shell
from tests.node.test_runtime_files import member_under
from tests.node.test_runtime_scripts import run
from tests.support.scripts import SCRIPTS

# As `prepare` has them, with an init system that says what the test wants.
SYSTEMD = f"""
. '{SCRIPTS}/runtimes/systemd.sh'
unit_file=$1/etcd.service
unit_says() {{ cat "$payload/$1"; }}
"""
OPENRC = f"""
. '{SCRIPTS}/runtimes/openrc.sh'
init_script=$1/initd values_file=$1/confd
of_etcd() {{ [ -e "$payload/started" ]; }}
"""
CHECK = f"""
. '{SCRIPTS}/preparation/service.sh'
problem() {{ echo "problem: $*"; }}
service_check
"""
OURS = "ExecStart=/etc/etcd/bin/etcd\n"
# With our folder in its command line, as a foreign one's configuration may lie there.
THEIRS = "ExecStart=/usr/bin/etcd --config-file /etc/etcd/etcd.conf.yml\n"
OUR_INITD = (SCRIPTS / "openrc" / "etcd.initd").read_text()


class Machine:
    def __init__(self, shell: Shell, folder: Path) -> None:
        self._shell, self.folder = shell, folder
        self.says(MainPID="0", ActiveState="inactive", FragmentPath="")

    def says(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / name).write_text(text)

    def run(self, code: str, replaces: str = "no") -> str:
        settings = f"config_dir=/etc/etcd\nreplaces_packaged_service={replaces}\n"
        (self.folder / "settings").write_text(settings)
        code = f"payload='{self.folder}'; set -- '{self.folder}'\n{code}"
        return run(self._shell, code)[1]


@pytest.fixture
def machine(shell: Shell, tmp_path: Path) -> Machine:
    return Machine(shell, tmp_path)


def test_systemd_without_an_etcd(machine: Machine) -> None:
    assert machine.run(SYSTEMD + CHECK) == ""


@pytest.mark.parametrize("state", ["inactive", "active"])
def test_a_unit_in_our_place(machine: Machine, state: str) -> None:
    unit = machine.folder / "etcd.service"
    machine.says(ActiveState=state, FragmentPath=str(unit))
    unit.write_text(OURS)
    assert machine.run(SYSTEMD + CHECK) == ""
    unit.write_text(THEIRS)
    told = machine.run(SYSTEMD + CHECK)
    assert told.startswith(f"problem: {unit} is the service of an etcd that is not this member's;")
    assert told.count("problem") == 1
    assert "stop and disable that service" in told


def test_a_distributions_unit_counts_while_it_runs(machine: Machine) -> None:
    unit = machine.folder / "packaged.service"
    unit.write_text(THEIRS)
    machine.says(FragmentPath=str(unit))
    assert machine.run(SYSTEMD + CHECK) == ""
    # It is started again and again.
    machine.says(ActiveState="activating")
    assert f"problem: {unit} is" in machine.run(SYSTEMD + CHECK)


@pytest.mark.parametrize(("program", "ours"), [("bin/etcd", True), ("etcd.conf.yml", False)])
def test_a_running_etcd_is_ours_by_its_program(machine: Machine, program: str, ours: bool) -> None:
    with subprocess.Popen(["sh", "-c", "read _; :", f"/etc/etcd/{program}"], stdin=-1) as process:
        machine.says(MainPID=str(process.pid))
        said = machine.run(f"{SYSTEMD} runtime_pid || echo none")
        process.communicate()
    assert said == (f"{process.pid}\n" if ours else "none\n")


@pytest.mark.parametrize("action", ["stop", "kill", "remove"])
def test_what_is_foreign_stays_as_it_is(machine: Machine, action: str) -> None:
    (machine.folder / "etcd.service").write_text(THEIRS)
    machine.says(ActiveState="active")
    assert machine.run(f"{SYSTEMD} systemctl() {{ echo $*; }}; runtime_{action}") == ""
    assert (machine.folder / "etcd.service").read_text() == THEIRS
    machine.says(initd="#!/sbin/openrc-run\n", started="")
    assert machine.run(f"{OPENRC} of_etcd() {{ echo $*; }}; runtime_{action}") == ""
    assert (machine.folder / "initd").exists()


def test_openrc(machine: Machine) -> None:
    assert machine.run(OPENRC + CHECK) == ""
    machine.says(initd=OUR_INITD, confd="etcd_config=/etc/etcd\n")
    assert machine.run(OPENRC + CHECK) == ""
    machine.says(confd="etcd_config=/etc/etcd2\n")
    assert f"problem: {machine.folder}/confd is" in machine.run(OPENRC + CHECK)
    machine.says(initd="#!/sbin/openrc-run\ncommand=/usr/bin/etcd\n")
    assert machine.run(OPENRC + CHECK).count("problem: ") == 2


def test_what_the_wanted_package_has_put_there_makes_way(machine: Machine) -> None:
    machine.says(initd="#!/sbin/openrc-run\ncommand=/usr/bin/etcd\n")
    (machine.folder / "initd").chmod(0o755)
    assert machine.run(OPENRC + CHECK, replaces="yes") == ""
    machine.says(started="")
    assert "problem: " in machine.run(OPENRC + CHECK, replaces="yes")


@pytest.mark.parametrize(
    ("runtime", "method", "replaced"),
    [("openrc", "package", "yes"), ("openrc", "release", "no"), ("systemd", "package", "no")],
)
def test_who_gets_it(runtime: str, method: str, replaced: str) -> None:
    step = service.step(member_under(runtime, install={"method": method}))
    assert step
    assert step.settings == {"replaces_packaged_service": replaced}
