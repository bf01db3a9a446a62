"""`packaging/setup.sh` on a machine that lacks what it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
TOOLS = ("sh", "dirname", "cat", "cksum")
"""What the script uses on its way to a Python."""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="it is for Debian and Ubuntu")


def test_without_a_fit_python_one_sentence_says_so_and_nothing_is_made(tmp_path: Path) -> None:
    shutil.copytree(PACKAGING, tmp_path / "packaging")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or "")
    done = subprocess.run(
        [str(tools / "sh"), "packaging/setup.sh", "run"],
        cwd=tmp_path,
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = "setup: woz needs Python 3.11 or 3.12 with its venv module; install one of them and try again\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
    assert not (tmp_path / ".venv").exists()
