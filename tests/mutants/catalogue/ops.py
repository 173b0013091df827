"""The command line: what it says is so, and what a dead run has left is not in its way."""

from functools import partial

from tests.mutants.mutant import Mutant

_ops = partial(Mutant, area="ops")
_STATUS = "tests/ops/test_ops_status.py"
_LOCKS = "tests/ops/test_ops_locks.py"
_ENGINE = "tests/ops/test_ops_engine.py"
_FILES = "tests/ops/test_ops_files.py"
_FAILURES = "tests/ops/test_ops_failures.py"
_PREVIEW = "tests/ops/test_ops_preview.py"
_PROGRESS = "tests/ops/test_ops_progress.py"
_REAL = "tests/ops/test_ops_real.py"

MUTANTS = (
    _ops(
        id="ops-healthy-with-one-down",
        function="all_healthy",
        former="all(row.healthy for row in rows)",
        broken="any(row.healthy for row in rows)",
        promise="readable-report",
        hints=(_STATUS,),
    ),
    _ops(
        id="ops-healthy-with-an-alarm",
        function="_member",
        former='bool(health.get("health")) and not alarms',
        broken='bool(health.get("health"))',
        promise="readable-report",
        hints=(_STATUS,),
    ),
    _ops(
        id="ops-learner-is-a-follower",
        function="_role",
        former='    if status.get("isLearner"):\n        return "learner"\n',
        broken="",
        promise="readable-report",
        hints=(_STATUS,),
    ),
    _ops(
        id="ops-frees-the-lock-of-another-host",
        function="is_abandoned",
        former='lock.host == socket.gethostname() != "localhost" and not',
        broken="not",
        promise="resumable",
        hints=(_LOCKS,),
    ),
    _ops(
        id="ops-frees-the-lock-of-a-living-run",
        function="_is_alive",
        former="    except PermissionError:\n        return True\n",
        broken="    except PermissionError:\n        return False\n",
        promise="one-down-at-most",
        hints=(_LOCKS,),
    ),
    _ops(
        id="ops-dead-run-stays-in-the-way",
        function="_freed",
        former="            lock.file.unlink(missing_ok=True)\n",
        broken="            continue\n",
        promise="resumable",
        hints=(_ENGINE, _REAL),
    ),
    _ops(
        id="ops-interrupted-engine-is-left-alone",
        function="_Interruptions.take",
        former="            self._engine.send_signal(signal.SIGINT)\n",
        broken="            self._engine.kill()\n",
        promise="resumable",
        hints=(_ENGINE,),
    ),
    _ops(
        id="ops-secrets-for-everybody-to-read",
        function="private_files",
        former="path.touch(mode=0o600)",
        broken="path.touch()",
        promise="keys-where-they-belong",
        hints=(_FILES,),
    ),
    _ops(
        id="ops-whatever-is-written-is-throwaway",
        function="read",
        former='given.get("throwaway") is True',
        broken='bool(given.get("throwaway"))',
        promise="data-kept",
        hints=(_FILES,),
    ),
    _ops(
        id="ops-traces-with-data-go",
        function="remove_refused",
        former='if files <= {Path("state/lock")}:',
        broken='if files >= {Path("state/lock")}:',
        promise="data-kept",
        hints=(_FILES,),
    ),
    _ops(
        id="ops-backend-of-another-stack-goes",
        function="remove_if_unused",
        former='if any(p.suffix == ".json" for p in',
        broken='if all(p.suffix == ".json" for p in',
        promise="data-kept",
        hints=(_FILES,),
    ),
    _ops(
        id="ops-deletes-what-is-protected",
        function="down",
        former='() if throwaway else ("--exclude-protected",)',
        broken="()",
        promise="data-kept",
        hints=(_ENGINE,),
    ),
    _ops(
        id="ops-reason-is-the-script-itself",
        function="reason_of",
        former='"\\n".join(own or lines[-_LAST_LINES:])',
        broken='"\\n".join(lines[-_LAST_LINES:])',
        promise="readable-report",
        hints=(_FAILURES,),
    ),
    _ops(
        id="ops-one-failure-hides-the-others",
        function="report",
        former="[_block(failure) for failure in outcome.failures]",
        broken="[_block(outcome.failures[0])]",
        promise="readable-report",
        hints=(_FAILURES,),
    ),
    _ops(
        id="ops-preview-hides-what-goes",
        function="changes",
        former="        if name in before:\n",
        broken="        if name in before and name in after:\n",
        promise="readable-report",
        hints=(_PREVIEW,),
    ),
    _ops(
        id="ops-warnings-of-scripts-are-dropped",
        function="_told",
        former='return [*_lines(outputs, "stdout"), *dict.fromkeys(warnings)]',
        broken='return _lines(outputs, "stdout")',
        promise="readable-report",
        hints=(_PROGRESS,),
    ),
    _ops(
        id="ops-another-host-key-is-as-pinned",
        function="text",
        former="if pinned == shown.key else",
        broken="if pinned else",
        promise="only-who-may-connect",
        hints=("tests/ops/test_ops_host_keys.py",),
    ),
    _ops(
        id="ops-founds-anew-beside-what-was-started",
        function="forgetting",
        former='    if any("Command::" in urn and urn.endswith(_STARTS) for urn in known):\n'
        "        return ()\n",
        broken="",
        promise="never-founded-twice",
        hints=("tests/ops/test_ops_bootstrap_record.py",),
    ),
    _ops(
        id="ops-dead-members-stay-down",
        function="_is_silent",
        former="        return True\n",
        broken="        return False\n",
        promise="power-cut-survived",
        hints=("tests/ops/test_ops_revive.py",),
    ),
)
