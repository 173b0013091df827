"""The report on a node's disk and swap."""

from __future__ import annotations

import re
import shutil

import pytest

from lab.needs import needs
from tests.node.fakes import with_fakes
from tests.node.machine import Shell
from tests.support.preparation import StepRun, run_step

pytestmark = pytest.mark.slow

# As GNU's dd and busybox's say it; the last 2 of 100 writes are slower.
GNU = "2300 bytes (2.3 kB, 2.2 KiB) copied, $s s, 8.0 MB/s"
BUSYBOX = "2300 bytes (2.2KB) copied, $s seconds, 7.6MB/s"
NO_SWAP = "Filename Type Size Used Priority"
SWAP = NO_SWAP + "\n/dev/sda2 partition 1048576 0 -2\n/swapfile file 1048576 0 -3"


def made(shell: Shell, folder, *, swaps: str = NO_SWAP) -> StepRun:
    """The step's make, with the machine's swap as given."""
    (folder / "node/data").mkdir(parents=True, exist_ok=True)
    (folder / "swaps").write_text(f"{swaps}\n")
    awk = shutil.which("awk", path=shell.path)
    path = f'for a; do shift; [ "$a" != /proc/swaps ] || a="{folder}/swaps"; set -- "$@" "$a"; done'
    known = with_fakes(shell, folder / "swap", awk=f'{path}\nexec {awk} "$@"')
    return run_step(known, "latency", "make", {}, folder=folder)


def slow_dd(folder, line: str) -> str:
    """Each write takes 1 ms, the 99th and the 100th 20 ms; nothing is written."""
    return (
        f"case $* in *count=1*) echo >>'{folder}/calls' ;; esac\n"
        f"n=$(grep -c '' '{folder}/calls')\ns=0.001\n[ $n -lt 99 ] || s=2e-2\n"
        f'echo "1+0 records out" >&2\necho "{line}" >&2'
    )


@pytest.mark.parametrize("line", [GNU, BUSYBOX])
def test_the_99th_percentile_and_a_warning_above_etcds_limit(shell, tmp_path, line):
    # A longer second, so that a busy machine has all writes too.
    second = f"exec {shutil.which('sleep', path=shell.path)} 60"
    slow = with_fakes(shell, tmp_path / "slow", dd=slow_dd(tmp_path, line), sleep=second)
    done = made(slow, tmp_path).ok()
    assert done.output == "etcd1: fdatasync p99 20.0 ms (100 writes of 2300 B)\n"
    expected = "warning: etcd1: the disk is slow: fdatasync p99 20.0 ms, etcd asks for less than 10"
    assert done.errors.startswith(expected)


def test_this_disk(shell, tmp_path):
    done = made(shell, tmp_path).ok()
    said = r"etcd1: f(data)?sync p99 \d+\.\d ms \((\d+) writes of 2300 B\)\n"
    count = re.fullmatch(said, done.output)
    assert count is not None, done
    assert 1 <= int(count[2]) <= 100
    assert list((tmp_path / "node/data").iterdir()) == []


@needs("strace")
@pytest.mark.slow
def test_the_figure_is_the_wait_for_the_disk(shell, tmp_path):
    dd = shutil.which("dd", path=shell.path)
    late = "-e inject=fdatasync,fsync:delay_exit=30000"
    slow = f'exec {shutil.which("strace")} -qq -o /dev/null {late} {dd} "$@"'
    done = made(with_fakes(shell, tmp_path / "slow", dd=slow), tmp_path).ok()
    p99_ms = float(done.output.split("p99 ")[1].split()[0])
    assert 28 < p99_ms < 10_000  # 30 in seconds or microseconds would be less or more
    assert "the disk is slow" in done.errors


@pytest.mark.slow
def test_what_dd_takes_to_start_is_not_the_disks(shell, tmp_path):
    dd = shutil.which("dd", path=shell.path)
    lazy = f'case $* in *count=*) sleep 1 ;; esac\nexec {dd} "$@"'
    done = made(with_fakes(shell, tmp_path / "lazy", dd=lazy), tmp_path)
    assert float(done.ok().output.split("p99 ")[1].split()[0]) < 1000


def test_without_any_fine_clock_it_says_so(shell, tmp_path):
    dash = Shell("dash", shell.path, str(shutil.which("dash")))
    mute = with_fakes(dash, tmp_path / "mute", dd="echo 1+0 records out >&2")
    assert "fdatasync not measured: neither dd nor the" in made(mute, tmp_path).ok().output


@pytest.mark.slow
def test_it_ends_in_time_on_any_disk(shell, tmp_path):
    stuck = with_fakes(shell, tmp_path / "slow", dd=f'sleep 0.3; s=0.3; echo "{GNU}" >&2')
    done = made(stuck, tmp_path)
    assert 1 <= int(done.output.split("(")[1].split()[0]) <= 4


def test_swap_is_warned_of(shell, tmp_path):
    done = made(shell, tmp_path, swaps=SWAP).ok()
    assert "warning: etcd1: swap is on (2048 MiB); a member that is swapped out" in done.errors
    assert "swap" not in made(shell_again(shell, tmp_path), tmp_path).errors


def shell_again(shell: Shell, folder) -> Shell:
    shutil.rmtree(folder / "swap")
    return shell


def test_a_member_with_data_is_not_disturbed(shell, tmp_path):
    (tmp_path / "node/data/member").mkdir(parents=True)
    assert made(shell, tmp_path).ok().output == ""
