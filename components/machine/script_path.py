"""The folders of scripts that a machine gets."""

from __future__ import annotations

from pathlib import Path

from components.member.files import SCRIPTS as MEMBER_SCRIPTS

SCRIPTS = Path(__file__).parent / "scripts"
# Beside those of any member; no file is in both.
SCRIPT_PATH = (SCRIPTS, MEMBER_SCRIPTS)
