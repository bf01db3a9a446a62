"""The frozen program hands none of its libraries on to the programs that it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

START = Path("packaging/frozen/start.py").absolute()
TELLS = "import json, os; print(json.dumps(dict(os.environ)))"


@pytest.mark.parametrize("before", [None, "/opt/lab/lib"])
def test_what_it_starts_finds_libraries_as_if_it_started_alone(tmp_path: Path, before: str | None) -> None:
    """The environment is as PyInstaller's bootloader leaves it; `before` is what the person had set."""
    (tmp_path / "tells.py").write_text(TELLS)
    own = {name: value for name, value in os.environ.items() if not name.startswith("LD_LIBRARY_PATH")}
    left = {"LD_LIBRARY_PATH": "/usr/lib/woz/_internal", "_PYI_ARCHIVE_FILE": "/usr/lib/woz/woz"}
    had = {} if before is None else {"LD_LIBRARY_PATH_ORIG": before}
    environment = {**own, **left, **had, "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path.cwd()}"}
    command = [sys.executable, str(START), "-m", "tells"]
    told = json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    assert told.get("LD_LIBRARY_PATH") == before
    assert not [name for name in told if name.startswith(("_PYI_", "LD_LIBRARY_PATH_"))]
