"""Objects of Kubernetes, word for word. After an intended change: UPDATE_GOLDEN=1 pytest this file,
then read the difference before committing it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.pods.documents import documents
from tests.pods.pod_members import EVERYTHING, first_member

GOLDEN = Path(__file__).parent / "golden"
CASES: dict[str, dict[str, Any]] = {"defaults": {}, "everything": EVERYTHING}
DOCUMENTS = {
    f"{case}.{name}": document
    for case, settings in CASES.items()
    for name, document in documents(first_member(**settings)).items()
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_object(name: str) -> None:
    # By way of JSON, so that what two places share is written out in both.
    plain = json.loads(json.dumps(DOCUMENTS[name]))
    text = yaml.safe_dump(plain, sort_keys=False, width=100)
    golden = GOLDEN / f"{name}.yaml"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text(), f"{golden.name} differs; see the head of this file"


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(DOCUMENTS)
