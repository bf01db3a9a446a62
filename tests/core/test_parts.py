"""Heavy parts: made whole or not at all, told from each other, and run with woz's code of now."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from woz.base.errors import WozError
from woz.parts import making, place
from woz.parts.known import PARTS, Part, part_named
from woz.parts.making import make, remove
from woz.parts.place import START, command, folder_of, is_current, made, python_in, version_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the uv that stands in is a shell script")
THING = Part("thing", "does things", ("json", "nowhere_at_all"), {"cuda": 10, "cpu": 5})
UV = """#!/bin/sh
echo "$@" >>{log}
case "$1 $2" in
"venv -q")
    for last in "$@"; do :; done
    mkdir -p "$last/bin"
    printf '#!/bin/sh\\nexit {proof}\\n' >"$last/bin/python"
    chmod +x "$last/bin/python"
    ;;
*)
    case "$*" in *--torch-backend*) echo "error: no such index" >&2; exit 2 ;; esac
    echo "Downloading torch (4.0MiB)" >&2
    echo " Downloaded torch" >&2
    echo "{words}" >&2
    exit {status}
    ;;
esac
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder, with a part whose pins are there."""
    pins = tmp_path / "pins"
    pins.mkdir()
    (pins / "thing.txt").write_text("torch==1\nnvidia-cublas==1 ; sys_platform == 'linux'\ntriton==1\n")
    monkeypatch.setattr("woz.parts.known.PINS", pins)
    monkeypatch.setattr(place, "user_data_path", lambda _: tmp_path / "data")
    return tmp_path


def _uv(folder: Path, monkeypatch: pytest.MonkeyPatch, status: int = 0, words: str = "", proof: int = 0) -> Path:
    """A uv that answers so; what it was asked stands in a file."""
    script, log = folder / "uv", folder / "uv.log"
    script.write_text(UV.format(log=log, status=status, words=words, proof=proof))
    script.chmod(0o755)
    monkeypatch.setattr(making, "find_uv", lambda: str(script))
    return log


def test_a_part_is_made_and_told_of(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, told = _uv(data, monkeypatch), list[tuple[int, str]]()
    assert made(THING) is None
    target = make(THING, "cuda", lambda percent, what: told.append((percent, what)))
    found = made(THING)
    assert found is not None
    assert (found.device, is_current(THING, found), target) == ("cuda", True, folder_of(THING))
    assert [percent for percent, _ in told] == sorted(percent for percent, _ in told)
    assert (told[-1][0], "Downloaded torch") == (100, told[1][1])
    assert "thing.txt" in log.read_text()
    assert sorted(path.name for path in target.parent.iterdir()) == ["thing"]


def test_without_a_gpu_the_build_without_cuda_is_asked_for_first(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    log, told = _uv(data, monkeypatch), list[str]()
    make(THING, "cpu", lambda _, what: told.append(what))
    first, second = [line for line in log.read_text().splitlines() if line.startswith("pip")]
    assert first.endswith("--torch-backend cpu")
    assert second.endswith("thing.txt")
    assert any("error: no such index" in line for line in told)


def test_a_package_has_the_version_that_its_part_runs(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _uv(data, monkeypatch)
    assert version_of(THING, "least-thing") == "none"
    packages = make(THING, "cuda", lambda *_: None) / "lib" / "python3.11" / "site-packages"
    described = packages / "least_thing-4.8.5.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: least-thing\nVersion: 4.8.5\n")
    assert version_of(THING, "least-thing") == "4.8.5"
    assert version_of(THING, "msgspec") == "none"
    here = Part("here", "is in the program's own environment", ("json",), {"cuda": 10, "cpu": 5})
    assert version_of(here, "msgspec") == importlib.metadata.version("msgspec")


@pytest.mark.parametrize(("status", "proof", "why"), [(1, 0, "no network at all"), (0, 3, "doesn't load")])
def test_what_fails_leaves_what_was_there(
    data: Path, monkeypatch: pytest.MonkeyPatch, status: int, proof: int, why: str
) -> None:
    _uv(data, monkeypatch)
    make(THING, "cuda", lambda *_: None)
    _uv(data, monkeypatch, status=status, words="no network at all", proof=proof)
    with pytest.raises(WozError, match=why):
        make(THING, "cuda", lambda *_: None)
    assert made(THING) is not None
    assert sorted(path.name for path in folder_of(THING).parent.iterdir()) == ["thing"]


def test_one_that_can_t_take_its_place_leaves_the_older_one(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _uv(data, monkeypatch)
    target = make(THING, "cuda", lambda *_: None)
    (target / "older").touch()
    rename = Path.rename

    def refused(path: Path, to: Path) -> Path:
        if path.name == "environment":
            raise PermissionError(13, "Permission denied")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(WozError, match="what was there is there still"):
        make(THING, "cuda", lambda *_: None)
    assert made(THING) is not None
    assert (target / "older").exists()
    assert sorted(path.name for path in target.parent.iterdir()) == ["thing"]


def test_what_a_killed_one_left_goes(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _uv(data, monkeypatch)
    left = folder_of(THING).parent / "thing-new-abc" / "environment"
    left.mkdir(parents=True)
    make(THING, "cuda", lambda *_: None)
    assert sorted(path.name for path in folder_of(THING).parent.iterdir()) == ["thing"]


def test_newer_pins_make_it_old_and_it_serves_on(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _uv(data, monkeypatch)
    make(THING, "cuda", lambda *_: None)
    THING.pins.write_text("torch==2\n")
    found = made(THING)
    assert found is not None
    assert not is_current(THING, found)
    assert command(THING, "woz.base.errors")[0] == str(python_in(folder_of(THING)))
    remove(THING)
    assert made(THING) is None
    assert command(THING, "woz.base.errors") == [sys.executable, "-m", "woz.base.errors"]


def test_one_that_is_not_whole_is_not_there(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _uv(data, monkeypatch)
    make(THING, "cuda", lambda *_: None)
    note = folder_of(THING) / place.NOTE
    for text in ("{", json.dumps({"pins": 1})):
        note.write_text(text)
        assert made(THING) is None


def test_too_little_room_is_told_before_anything_is_fetched(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = _uv(data, monkeypatch)
    huge = Part("thing", "", ("json",), {"cuda": 10**18})
    with pytest.raises(WozError, match=r"takes 1000000000 GB .* make room"):
        make(huge, "cuda", lambda *_: None)
    assert not log.exists()


def test_without_uv_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with pytest.raises(WozError, match=r"uv is needed for this and isn't here; install it"):
        making.find_uv()
    place_of_uv = tmp_path / ".local" / "bin" / "uv"
    place_of_uv.parent.mkdir(parents=True)
    place_of_uv.touch()
    assert making.find_uv() == str(place_of_uv)


def test_woz_runs_where_there_is_no_woz(tmp_path: Path) -> None:
    """Without site-packages no woz is found but the one that is brought along, and none of what lies beside it."""
    asked = [sys.executable, "-I", "-S", "-B", str(START), "pydoc", "woz.base.errors"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "Faults of the world" in done.stdout
    beside = subprocess.run([*asked[:-1], "storage"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "No Python documentation found" in beside.stdout + beside.stderr


def test_the_parts_have_their_pins() -> None:
    for part in PARTS:
        pinned = part.pins.read_text(encoding="utf-8")
        assert ("torch==" in pinned) == part.for_gpus
        assert "\nnumpy==" in pinned
    with pytest.raises(WozError, match="those are speech, blur, names"):
        part_named("hearing")
