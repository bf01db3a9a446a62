"""What is imported into a new or empty folder makes a project; what can't be imported leaves none behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Project
from tests.core.face_room import write_film
from tests.core.recording_room import make_room
from tests.core.test_voice_parts import said
from tests.storage.examples import CLOCK
from ui.cli.program import main
from woz.base.interval import NS_PER_S
from woz.model.session import SessionState
from woz.model.stream import StreamKind

TURNS = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v trainee>Which one?\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "turns.vtt").write_text(TURNS)
    (folder / "no.mp4").write_text("no video")
    return folder


BAD = {
    "turns": ("turns", "turns.vtt", "--session", "nowhere"),
    "annotations": ("annotations", "turns.vtt", "--session", "nowhere"),
    "media": ("media", "no.mp4"),
    "joined media": ("media", "no.mp4", "--join", "nowhere"),
    "view": ("view", "no.mp4", "--session", "nowhere"),
    "voice": ("voice", "no.mp4"),
    "gaze": ("gaze", "no.mp4", "--offset", "0"),
}


@pytest.mark.parametrize("there", [False, True], ids=["new", "empty"])
@pytest.mark.parametrize("what", BAD)
def test_what_fails_leaves_no_project(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, there: bool
) -> None:
    lab = tmp_path / "lab"
    if there:
        lab.mkdir()
    verb, name, *rest = BAD[what]
    assert main(["import", verb, str(lab), str(files / name), *rest]) == 1
    assert capsys.readouterr().err.startswith("woz: ")
    assert lab.exists() == there
    assert not there or not list(lab.iterdir())


@pytest.mark.parametrize("verb", ["turns", "annotations"])
def test_what_succeeds_makes_one(files: Path, tmp_path: Path, verb: str) -> None:
    lab = tmp_path / "lab"
    lab.mkdir()
    assert main(["import", verb, str(lab), str(files / "turns.vtt")]) == 0
    with Project.open(lab, CLOCK) as project:
        assert len(project.sessions.all()) == 1


def test_gaze_alone_makes_a_session_without_a_video(tmp_path: Path) -> None:
    file, lab = tmp_path / "gaze.csv", tmp_path / "lab"
    file.write_text("time_s,x,y\n1000,0.5,0.5\n1002,0.25,0.5\n")
    assert main(["import", "gaze", str(lab), str(file), "--offset", "1"]) == 0
    with Project.open(lab, CLOCK) as project:
        (session,) = project.sessions.all()
        (stream,) = project.streams.of_session(session.id)
    assert (session.state, session.duration_ns) == (SessionState.CLOSED, 3 * NS_PER_S + 1)
    assert (stream.kind, stream.interval.start_ns) == (StreamKind.EXPERT_GAZE, NS_PER_S)


def test_gaze_in_utc_begins_with_its_first_sample(tmp_path: Path) -> None:
    file, lab = tmp_path / "gaze.csv", tmp_path / "lab"
    file.write_text("time_s,x,y\n1700000000,0.5,0.5\n1700000002,0.25,0.5\n")
    assert main(["import", "gaze", str(lab), str(file), "--utc"]) == 0
    with Project.open(lab, CLOCK) as project:
        (session,) = project.sessions.all()
    assert (session.start_utc_ns, session.duration_ns) == (1_700_000_000 * NS_PER_S, 2 * NS_PER_S + 1)


def test_a_view_alone_is_a_session_s_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film, lab = write_film(tmp_path / "films" / "cam01.mkv", 30), tmp_path / "lab"
    assert main(["import", "view", str(lab), str(film), "--offset", "1"]) == 1
    assert "leave out --offset and --table" in capsys.readouterr().err
    assert not lab.exists()
    assert main(["import", "view", str(lab), str(film)]) == 0
    with Project.open(lab, CLOCK) as project:
        (session,) = project.sessions.all()
        assert StreamKind.VIEW in {stream.kind for stream in project.streams.of_session(session.id)}


def test_a_console_s_recording_alone_makes_its_session(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session_id, lab = "20260101-000000-0000", tmp_path / "lab"
    recording = said(tmp_path / "console", session_id, make_room(3), [(0, 3)])
    assert main(["import", "voice", str(lab), str(recording), "--session", "20260101-000000-0001"]) == 1
    assert "leave out --session" in capsys.readouterr().err
    assert not lab.exists()
    assert main(["import", "voice", str(lab), str(recording)]) == 0
    with Project.open(lab, CLOCK) as project:
        (session,) = project.sessions.all()
        assert StreamKind.EXPERT_SAID in {stream.kind for stream in project.streams.of_session(session.id)}
    assert (session.id, session.duration_ns) == (session_id, 3 * NS_PER_S)


def test_a_project_that_was_there_stays_where_an_import_fails(files: Path, tmp_path: Path) -> None:
    lab = tmp_path / "lab"
    Project.create(lab, "Kitchen", CLOCK).close()
    assert main(["import", "turns", str(lab), str(files / "turns.vtt"), "--session", "nowhere"]) == 1
    with Project.open(lab, CLOCK) as project:
        assert project.name == "Kitchen"
