"""What a wheel declares is what the pins are made from, and it holds all that is no Python."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PINS = ROOT / "packaging" / "requirements"
EXTRAS = {"transcribe": "transcribe", "batch": "batch", "postgres": "postgres", "aria": "aria"}

BOUNDED = {"python-dateutil"}
"""Only held below a version; others bring it."""


def _project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: dict[str, Any] = tomllib.load(file)["project"]
    return found


def _names(lines: list[str]) -> set[str]:
    """Names alone, as package indexes compare them."""
    names = (line.split(";")[0].split("[")[0].split("<")[0].split(">")[0].strip().lower() for line in lines)
    return {name for name in names if name}


def _asked(name: str) -> set[str]:
    lines = (PINS / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return _names([line for line in lines if not line.startswith(("#", "-"))])


def test_a_wheel_asks_for_what_is_pinned() -> None:
    project = _project()
    recordings = _names(project["optional-dependencies"]["vrs"])
    assert _names(project["dependencies"]) | recordings == _asked("base") - BOUNDED


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_asks_for_what_is_pinned(extra: str) -> None:
    assert _names(_project()["optional-dependencies"][extra]) == _asked(EXTRAS[extra])


def test_a_wheel_holds_all_that_the_rooms_hold(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True
    )
    held = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    rooms = [path for room in ("woz", "storage", "ui") for path in (ROOT / room).rglob("*") if path.is_file()]
    wanted = {path.relative_to(ROOT).as_posix() for path in rooms if "__pycache__" not in path.parts}
    assert len([name for name in wanted if not name.endswith(".py")]) > 10
    assert wanted <= held
    assert [name for name in held if name.endswith("licenses/THIRD_PARTY_NOTICES.md")]


@pytest.mark.skipif(not Path("/proc/self/exe").exists(), reason="Linux alone says so which programs run")
def test_no_package_is_put_under_a_program_that_runs(tmp_path: Path) -> None:
    """By the script that dpkg asks first; it is given another place of the program here."""
    place, sleep = tmp_path / "woz", shutil.which("sleep")
    assert sleep
    shutil.copyfile(Path(sleep).resolve(), place)
    place.chmod(0o755)
    text = (ROOT / "packaging" / "debian" / "idle.sh").read_text(encoding="utf-8")
    assert text.count("/usr/lib/woz/woz") == 1
    script = tmp_path / "preinst"
    script.write_text(text.replace("/usr/lib/woz/woz", str(place)), encoding="utf-8")

    def asked(moment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["sh", script, moment], capture_output=True, text=True, check=False)

    assert (asked("install").returncode, asked("upgrade").stderr) == (0, "")
    with subprocess.Popen([place, "600"]) as running:
        try:
            for moment in ("install", "upgrade", "remove"):
                told = asked(moment)
                assert told.returncode == 1
                assert told.stderr == (
                    f"woz is running (process {running.pid}); close it, then do this again. Nothing was changed.\n"
                )
            assert asked("abort-upgrade").returncode == 0
        finally:
            running.kill()
    assert asked("upgrade").returncode == 0


def test_the_notices_name_what_is_pinned() -> None:
    rows = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8").splitlines()
    told = {tuple(cell.strip() for cell in row.split("|")[1:3]) for row in rows if row.startswith("|")}
    lines = (
        line.split(";")[0].strip()
        for name in ("base", *EXTRAS)
        for line in (PINS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    )
    pinned = {(line.split("==")[0].split("[")[0], line.split("==")[1]) for line in lines if "==" in line}
    assert len(pinned) > 100
    assert sorted(pinned - told) == []
