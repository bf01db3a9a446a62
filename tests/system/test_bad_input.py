"""Each bad input gives one sentence and status 1, and leaves what was there untouched; the real command line."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Project
from woz.base.clock import SystemClock
from woz.link.handshake.invitation import Invitation
from woz.model.ids import SessionId
from woz.model.session import DataSetSource

ROOT = Path(__file__).parents[2]
SETTLED = ("--procedure", "Assemble the lamp", "--protocol", "proactive", "--trainee", "P01")
VIRTUAL = ("--mic", "virtual", "--speaker", "virtual")


def _woz(*arguments: str, user: str | None = None) -> subprocess.CompletedProcess[str]:
    prefix = ["setpriv", "--reuid", user, "--clear-groups"] if user else []
    command = [*prefix, sys.executable, "-m", "ui.cli", *arguments]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, stdin=subprocess.DEVNULL
    )


def _sentence(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.startswith("woz: ")]
    assert done.returncode == 1, done.stderr
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return lines[0]


def _digest(folder: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "project"
    Project.create(path, "Kitchen", SystemClock()).close()
    return path


def _station(project: Path, source: str, *more: str) -> subprocess.CompletedProcess[str]:
    where = ("--project", str(project), "--address", "127.0.0.1", "--source", source)
    return _woz("station", *where, *SETTLED, *(more or VIRTUAL))


def test_a_person_that_cannot_be_understood(project: Path) -> None:
    before = _digest(project)
    assert "'shoe' is nothing that is asked" in _sentence(_station(project, "synthetic", "--expert", "E01,shoe=9"))
    assert "used twice" in _sentence(_station(project, "synthetic", "--expert", "P01", *VIRTUAL))
    assert _digest(project) == before


@pytest.mark.parametrize(
    ("source", "cut", "words"),
    [
        ("vrs:{tmp}/nowhere.vrs", None, "There is no file"),
        ("vrs:{tmp}/cut.vrs", "aria_vrs/gen1_everyday.vrs", "cut off"),
        ("vrs:{data}/speech/jfk.flac", None, "not a VRS"),
        ("file:{tmp}/nowhere.mp4", None, "There is no file"),
        ("file:{tmp}/cut.mp4", "video/measurement_error.mp4", "damaged, cut off"),
        ("file:{data}/speech/jfk.flac", None, "holds no video"),
        ("camera:97", None, "No camera number 97"),
    ],
)
def test_a_bad_source(
    project: Path, tmp_path: Path, shared_data: Path, source: str, cut: str | None, words: str
) -> None:
    if cut:
        whole = (shared_data / cut).read_bytes()
        (tmp_path / f"cut.{cut[-3:]}").write_bytes(whole[: len(whole) // 10])
    before = _digest(project)
    assert words in _sentence(_station(project, source.format(tmp=tmp_path, data=shared_data)))
    assert _digest(project) == before


def test_a_station_with_a_source_that_is_none_is_wrong_usage(project: Path) -> None:
    done = _station(project, "telescope")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'telescope' names no source; the sources are synthetic" in done.stderr


@pytest.mark.parametrize(
    "link", ["http://example.org", "woz://", "woz://host/x#y", "woz://h:1/s", "woz://h:1/s#dG9rZW4"]
)
def test_a_malformed_link(link: str, tmp_path: Path) -> None:
    assert "not an invitation link" in _sentence(_woz("join", link, "--recordings", str(tmp_path), *VIRTUAL))


def test_a_station_that_is_not_there(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    session = SessionId("20260101-000000-0000")
    link = Invitation.new("127.0.0.1", port, session, 2_000_000_000, bytes(32)).link
    assert "No station answers" in _sentence(_woz("join", link, "--recordings", str(tmp_path), *VIRTUAL))


def test_a_port_in_use(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = _sentence(_station(project, "synthetic?size=192", "--port", port, *VIRTUAL))
    assert f"Port {port} is in use" in said


def test_no_microphone(project: Path) -> None:
    said = _sentence(_station(project, "synthetic?size=192", "--mic", "no such device", "--speaker", "virtual"))
    assert "No microphone" in said


@pytest.mark.parametrize(
    ("missing", "other", "way_out"),
    [
        ("--mic", ("--speaker", "virtual"), "--mic none"),
        ("--speaker", ("--mic", "virtual"), "--speaker none"),
        ("--speaker", ("--mic", "none"), "--mic none --speaker none"),
    ],
)
def test_a_console_without_a_sound_device_says_how_to_join_without(
    tmp_path: Path, missing: str, other: tuple[str, str], way_out: str
) -> None:
    link = Invitation.new("127.0.0.1", 1, SessionId("2026-11-28-aa"), 2**31, b"f" * 32).link
    kept = ("--recordings", str(tmp_path / "console"))
    said = _sentence(_woz("join", link, *kept, missing, "no such device", *other))
    assert f"woz join LINK {way_out}." in said


@pytest.mark.parametrize("verb", ["check", "annotate", "export", "recover"])
def test_a_folder_that_is_no_project(tmp_path: Path, verb: str) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    assert "no woz project" in _sentence(_woz(verb, str(tmp_path)))
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_with_something_else_is_not_made_a_project(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    _sentence(_station(tmp_path, "synthetic"))
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "woz-test", str(place)], capture_output=True
    ).returncode:
        pytest.skip("this machine does not let the tests mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_without_room(small_disk: Path) -> None:
    said = _sentence(_station(small_disk / "project", "synthetic?size=192"))
    assert "MB are left for recordings; make room" in said


def test_a_read_only_folder(small_disk: Path) -> None:
    Project.create(small_disk / "project", "Kitchen", SystemClock()).close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    before = _digest(small_disk)
    assert "can't be" in _sentence(_station(small_disk / "project", "synthetic?size=192"))
    assert "can't be" in _sentence(_station(small_disk / "new", "synthetic?size=192"))
    assert _digest(small_disk) == before


def test_a_session_that_is_not_there(project: Path) -> None:
    assert "has no session" in _sentence(_woz("check", str(project), "--session", "x"))
    assert "no session yet" in _sentence(_woz("export", str(project)))
    assert "no session yet" in _sentence(_woz("annotate", str(project)))


def test_usage_is_status_2() -> None:
    assert _woz("station").returncode == 2
    assert _woz("nonsense").returncode == 2


def test_reports_for_machines(project: Path) -> None:
    for command in (("doctor",), ("models",), ("check", str(project)), ("recover", str(project))):
        done = _woz(*command, "--json")
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()[0] in "[{"


def test_a_demo_whose_station_cannot_begin_says_what_the_station_said(tmp_path: Path) -> None:
    wrong = ("demo", "--source", f"vrs:{tmp_path / 'none.vrs'}?loop=1", "--json", "--headless", "--virtual-sound")
    assert _sentence(_woz(*wrong, "--out", str(tmp_path / "out"))) == (
        f"woz: There is no file {tmp_path / 'none.vrs'}; check its path."
    )


@pytest.mark.parametrize(
    ("wrong", "status", "told"),
    [
        (("--seconds", "12"), 2, "needs 20 seconds or more, not 12"),
        (("--source", "vrs:walk.vrs,loop=1"), 2, "'vrs:walk.vrs?loop=1'"),
        (("--source", "walk.vrs"), 2, "'walk.vrs' names no source; the sources are synthetic, vrs:FILE"),
        (("--model", "/nowhere/base"), 1, "There is no model folder /nowhere/base"),
    ],
)
def test_an_impossible_demo_is_refused_before_anything_is_made(
    tmp_path: Path, wrong: tuple[str, ...], status: int, told: str
) -> None:
    done = _woz("demo", *wrong, "--headless", "--out", str(tmp_path / "out"))
    assert (done.returncode, done.stdout) == (status, "")
    assert told in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("--seconds 12", "needs 20 seconds or more, not 12"),
        ("--source vrs:walk.vrs,loop=1", "they follow a question mark, 'vrs:walk.vrs?loop=1'"),
    ],
)
def test_make_refuses_an_impossible_demo_before_it_sets_anything_up(wrong: str, told: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "demo", f"ARGS={wrong}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert told in done.stderr
    assert "setup" not in done.stdout + done.stderr


def test_make_gives_help_on_the_demo_once_and_sets_nothing_up() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "demo", "ARGS=--help"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("usage: ") == 1


@pytest.mark.parametrize(("seconds", "status"), [("12", 2), ("20", 0)])
def test_what_is_asked_of_the_demo_is_looked_at_without_any_package(seconds: str, status: int) -> None:
    command = [sys.executable, "-S", "-B", "packaging/asked.py", "demo", "--seconds", seconds]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (status, "")
    assert ("needs 20 seconds or more" in done.stderr) == (status == 2)


def test_a_python_that_is_too_old_for_woz_says_nothing_of_what_is_asked_of_the_demo() -> None:
    """Such as 3.10, whose datetime has no UTC: another one, which sets all up, may be beside it."""
    words = ["packaging/asked.py", "demo", "--seconds", "12"]
    code = (
        "import datetime, runpy, sys; del datetime.UTC\n"
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [sys.executable, "-S", "-B", "-c", code, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_demo_takes_no_folder_that_holds_something(project: Path) -> None:
    before = _digest(project)
    assert "is not empty; give the demo a new folder" in _sentence(
        _woz("demo", "--headless", "--out", str(project))
    )
    assert _digest(project) == before


def test_a_file_that_is_not_there_is_named_once(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.rttm")
    sentence = _sentence(_woz("evaluate", "transcript", missing, missing))
    assert sentence == f"woz: {missing} can't be read (No such file or directory); check its name and its folder."
    assert "There is no folder" in _sentence(_woz("models", "use", str(tmp_path / "none")))


def test_an_import_makes_its_project_where_that_is_new(tmp_path: Path, shared_data: Path) -> None:
    new = tmp_path / "lab"
    assert "There is no file" in _sentence(_woz("import", "media", str(new), str(tmp_path / "none.mp4")))
    assert not new.exists()
    video = shared_data / "video" / "derived_measurement_error_tile1.mp4"
    done = _woz(
        "import", "media", str(new), str(video), "--source-name", "CaptainCook4D", "--licence", "Apache-2.0"
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    with Project.open(new, SystemClock()) as opened:
        (session,) = opened.sessions.all()
    assert session.provenance == DataSetSource("CaptainCook4D", "Apache-2.0")


@pytest.mark.parametrize("number", ["99999", "-1", "http"])
def test_what_is_no_port_is_a_fault_of_usage(number: str) -> None:
    done = _woz("rendezvous", "--port", number)
    assert done.returncode == 2
    assert "a port is a number from 0 to 65535" in done.stderr
