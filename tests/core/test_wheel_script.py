"""The wheel is built with whichever uv there is; the environments of the tests aren't needed for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ("wheel.sh", "uv.sh")
PROGRAMS = ("cp", "dirname", "mkdir", "sh")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script")


def _uv(path: Path, name: str) -> Path:
    """A program that says who it is and what it was asked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\necho "{name}" "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path


def _clone(folder: Path) -> Path:
    (folder / "packaging").mkdir(parents=True)
    for name in SCRIPTS:
        shutil.copy(ROOT / "packaging" / name, folder / "packaging" / name)
    return folder


def _built(clone: Path, machine: Path, named: str = "") -> str:
    """What the uv was asked that wheel.sh took, on a machine with no other programs than that folder's and its own
    few.
    """
    for program in PROGRAMS:
        if not (machine / program).exists():
            (machine / program).symlink_to(str(shutil.which(program)))
    asked = subprocess.run(
        ["/bin/sh", str(clone / "packaging" / "wheel.sh")],
        env={**os.environ, "PATH": str(machine), "UV": named},
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout.strip()


def test_the_machines_uv_builds_it_in_a_clone_where_nothing_was_set_up(tmp_path: Path) -> None:
    clone, machine = _clone(tmp_path / "a clone"), _uv(tmp_path / "bin" / "uv", "machine").parent
    assert _built(clone, machine) == f"machine build -q --wheel -o {clone}/dist {clone}"


def test_the_environments_uv_goes_before_the_machines_and_a_named_one_before_both(tmp_path: Path) -> None:
    clone, machine = _clone(tmp_path / "clone"), _uv(tmp_path / "bin" / "uv", "machine").parent
    _uv(clone / ".venv" / "bin" / "uv", "environment")
    named = _uv(tmp_path / "other" / "uv", "named")
    assert _built(clone, machine).split()[0] == "environment"
    assert _built(clone, machine, str(named)).split()[0] == "named"


def test_without_any_uv_one_is_had_in_an_environment_of_its_own(tmp_path: Path) -> None:
    clone = _clone(tmp_path / "clone")
    python = _uv(tmp_path / "bin" / "python3", "python").parent / "python3"
    made = clone / "build" / "uv" / "bin"
    python.write_text(
        f'#!/bin/sh\n[ "$1 $2" = "-m venv" ] || exit 3\nmkdir -p "$3/bin"\ncp {tmp_path}/pip "$3/bin/python"\n',
        encoding="utf-8",
    )
    _uv(tmp_path / "fetched", "fetched")
    pip = _uv(tmp_path / "pip", "pip")
    pip.write_text(
        f'#!/bin/sh\n[ "$*" = "-m pip install -q uv" ] || exit 4\ncp {tmp_path}/fetched {made}/uv\n',
        encoding="utf-8",
    )
    assert _built(clone, python.parent).split()[0] == "fetched"
