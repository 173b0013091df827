"""What the stand-in for the kubernetes plugin waits for where pods really run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab.kubernetes.fixtures import need_lab
from lab.kubernetes.lab import Lab
from lab.kubernetes.node_files import PAUSE
from tests.kubernetes.standin_objects import BALANCING, stateful_set
from tests.kubernetes.standin_trial import StandinTrial

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.standins_only("kubernetes")]

LIMIT_S = 60
NEVER_S = 8


def etcd0(image: str, **container: Any) -> dict[str, Any]:
    """Parallel, because an ordered set leaves a pod that never became ready as it is."""
    spec = stateful_set(image, podManagementPolicy="Parallel", volumeClaimTemplates=[])
    spec["template"]["spec"]["containers"][0] |= container
    return spec


def test_a_set_is_made_when_its_pod_is_ready_and_one_that_never_is_says_why(tmp_path: Path) -> None:
    need_lab()
    with Lab(tmp_path, nodes=1) as lab:
        etcd = lab.etcd_image()
        trial = StandinTrial(tmp_path / "project", lab.kubeconfig, "default")
        trial.has("StatefulSet", "etcd0", seconds=LIMIT_S, spec=etcd0(PAUSE))
        trial.has("Service", "etcd-client", seconds=LIMIT_S, spec=BALANCING)
        trial.up().ok()
        assert lab.kubectl("get", "pod", "etcd0-0", "-o=jsonpath={..ready}").ok().stdout == "true"
        trial.refresh("--expect-no-changes").ok()

        trial.has("StatefulSet", "etcd0", seconds=NEVER_S, spec=etcd0("lab.test/missing:1"))
        missing = trial.up().output
        assert f"StatefulSet default/etcd0 is not ready after {NEVER_S} s" in missing
        assert "pod default/etcd0-0: container etcd: " in missing
        assert 'image "lab.test/missing:1"' in missing

        probe = {"tcpSocket": {"port": 2379}}  # else it is ready for the moment that it lives
        wrong = etcd0(etcd, args=["--data-dir=/proc/none"], command=["etcd"], readinessProbe=probe)
        trial.has("StatefulSet", "etcd0", seconds=NEVER_S, spec=wrong)
        crashing = trial.up().output
        assert "pod default/etcd0-0: container etcd: " in crashing
        assert "ended with 1" in crashing
        _, _, words = crashing.partition("container etcd printed last:")
        assert "mkdir /proc/none: no such file or directory" in words, crashing

        trial.has("StatefulSet", "etcd0", seconds=LIMIT_S, spec=etcd0(PAUSE))
        trial.up().ok()
        trial.destroy().ok()
        assert not lab.kubectl("get", "pod", "etcd0-0", "--ignore-not-found").ok().stdout
