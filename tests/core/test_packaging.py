"""What a wheel declares is what the pins are made from, and it holds all that is no Python."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import woz

ROOT = Path(__file__).parents[2]
Entry = tuple[str, str]
"""A file of the frozen program, and the folder in it that it goes to."""
PINS = ROOT / "packaging" / "requirements"
EXTRAS = ("transcribe", "batch", "postgres", "aria", "store", "names", "vectors")
RECORDINGS = "vrs"
"""The extra that is pinned with the base: a wheel can't leave out what its package asks for."""
ROOMS = ("woz", "storage", "ui")

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
    assert project["version"] == woz.__version__
    recordings = _names(project["optional-dependencies"][RECORDINGS])
    assert _names(project["dependencies"]) | recordings == _asked("base") - BOUNDED


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_asks_for_what_is_pinned(extra: str) -> None:
    assert _names(_project()["optional-dependencies"][extra]) == _asked(extra)


def test_every_extra_is_pinned_anew_with_the_others() -> None:
    assert {*EXTRAS, RECORDINGS} == _project()["optional-dependencies"].keys()
    [loop] = re.findall(r"^for name in (.*); do$", (PINS / "compile.sh").read_text(encoding="utf-8"), re.MULTILINE)
    asked = {path.stem for path in PINS.glob("*.in")}
    assert set(loop.split()) == asked
    assert asked >= set(EXTRAS)


def _in_rooms() -> set[str]:
    """All files that the program is made of, as git would have them."""
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}


def test_a_wheel_is_made_of_all_rooms() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        rule = tomllib.load(file)["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {name: sorted(value) for name, value in rule.items()} == {"packages": sorted(ROOMS)}
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    folders = {part for name in _in_rooms() for part in Path(name).parts[:-1]}
    assert folders.isdisjoint(line.strip("/") for line in ignored)
    assert not any(fnmatch(Path(name).name, line) for name in _in_rooms() for line in ignored)


def test_a_wheel_holds_all_that_the_rooms_hold(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True
    )
    held = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    wanted = _in_rooms()
    assert len([name for name in wanted if not name.endswith(".py")]) > 10
    assert wanted <= held
    assert [name for name in held if name.endswith("licenses/THIRD_PARTY_NOTICES.md")]


class _Asked:
    """Stands for PyInstaller, which isn't here: keeps what its recipe asks of it."""

    pure = scripts = binaries = ()

    def __init__(self, *_: Any, **asked: Any) -> None:
        self.asked = asked
        self.datas = asked.get("datas", ())


def _data_files(room: str, include_py_files: bool = False, includes: Sequence[str] = ("**/*",)) -> list[Entry]:
    """By its manual: modules are no data unless they are asked for."""
    found = {path for each in includes for path in (ROOT / room).glob(each) if path.is_file()}
    kept = (path for path in sorted(found) if include_py_files or path.suffix != ".py")
    return [(str(path), str(path.parent.relative_to(ROOT))) for path in kept if path.parent.name != "__pycache__"]


def _modules(package: str, **_: str) -> list[str]:
    paths = (ROOT / package).rglob("*.py")
    return [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths]


def test_the_frozen_program_holds_all_that_the_rooms_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its recipe is run as PyInstaller runs it: modules by their names, migrations and woz's own as files too."""
    hooks = ModuleType("PyInstaller.utils.hooks")
    helpers = {"collect_data_files": _data_files, "collect_submodules": _modules, "copy_metadata": lambda _: []}
    vars(hooks).update(helpers)
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, hooks.__name__, hooks)
    place = ROOT / "packaging" / "frozen"
    given = {"SPECPATH": str(place), **dict.fromkeys(("Analysis", "PYZ", "EXE", "COLLECT"), _Asked)}
    made = runpy.run_path(str(place / "woz.spec"), given)
    assert made["ROOMS"] == ROOMS
    asked = made["analysis"].asked
    modules = {name for room in ROOMS for name in _modules(room)}
    assert len(modules) > 1000
    assert modules <= set(asked["hiddenimports"])
    held = {Path(source).relative_to(ROOT).as_posix() for source, _ in made["data"]}
    files = {name for name in _in_rooms() if not name.endswith(".py")}
    run = {
        name for name in _in_rooms() if name.startswith(("woz/", "storage/migrations/")) and name.endswith(".py")
    }
    assert len([name for name in run if name.startswith("storage/migrations/versions/0")]) > 30
    assert files | run <= held
    wanted = _names(_project()["dependencies"])
    assert wanted.isdisjoint(each.lower() for each in asked["excludes"])


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
    pins = [*(PINS / f"{name}.txt" for name in ("base", *EXTRAS)), *(ROOT / "woz" / "parts" / "pins").glob("*.txt")]
    lines = (line.split(";")[0].strip() for each in pins for line in each.read_text(encoding="utf-8").splitlines())
    pinned = {(line.split("==")[0].split("[")[0], line.split("==")[1]) for line in lines if "==" in line}
    assert len(pinned) > 100
    assert sorted(pinned - told) == []
