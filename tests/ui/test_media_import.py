"""`woz import media` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storage import Project
from tests.benchmarks.bench_alignment import case, sound_of
from tests.core.media_files import write_sound, write_video
from tests.core.telephone_film import write_film
from ui.cli import main
from woz.base.clock import SystemClock
from woz.model.events import EventKind
from woz.model.ids import SessionId
from woz.model.people import Role
from woz.model.protocol import ProtocolKind
from woz.model.stream import StreamKind

RATE = 16_000
ID = SessionId("lab-7")


@pytest.fixture(scope="module")
def files(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere")
    voice = sound_of(shared_data / "speech" / "jfk.flac")
    made = case(voice, sound_of(shared_data / "video" / "technique_error_1.mp4"), 0, 2.0, -60)
    write_video(folder / "camera.mp4", made.camera, RATE, len(made.camera) / RATE)
    write_video(folder / "glasses.mp4", made.camera[RATE:], RATE, 12)
    write_sound(folder / "expert.flac", made.voice, RATE)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    Project.create(tmp_path / "project", "Kitchen", SystemClock()).close()
    return tmp_path / "project"


def test_a_session_is_in_the_project(project: Path, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    view, voice = str(files / "camera.mp4"), str(files / "expert.flac")
    people = ("--trainee", "P01,recording=1", "--expert", "E01,recording=1", "--start", "2026-03-01T14:30:00Z")
    made = ("import", "media", str(project), view, "--expert-voice", voice, "--id", ID, *people)
    assert main([*made, "--json"]) == 0
    (placed,) = json.loads(capsys.readouterr().out)["placed"]
    assert placed["offset_ns"] == pytest.approx(2e9, abs=2e6)
    with Project.open(project, SystemClock()) as opened:
        session = opened.sessions.get(ID)
        assert (session.start_utc_ns, len(session.participants)) == (1_772_375_400_000_000_000, 2)
        kinds = {stream.kind for stream in opened.streams.of_session(ID)}
        assert {StreamKind.VIEW, StreamKind.TRAINEE_VOICE, StreamKind.EXPERT_HEARD, StreamKind.EXPERT_SAID} == kinds
        assert {person.role for person in opened.participants.all()} == {Role.TRAINEE, Role.EXPERT}
    assert main([*made]) == 1
    assert "nothing was overwritten" in capsys.readouterr().err
    assert main(["import", "media", str(project), str(files / "glasses.mp4"), "--join", ID]) == 0
    assert "begins at +1.000" in capsys.readouterr().out
    with Project.open(project, SystemClock()) as opened:
        assert StreamKind.OTHER_VIEW in {stream.kind for stream in opened.streams.of_session(ID)}


@pytest.mark.parametrize(("named", "kind"), [((), None), (("--protocol", "on-demand"), ProtocolKind.ON_DEMAND)])
def test_a_protocol_that_nobody_named_is_not_on_record(
    project: Path,
    files: Path,
    capsys: pytest.CaptureFixture[str],
    named: tuple[str, ...],
    kind: ProtocolKind | None,
) -> None:
    assert main(["import", "media", str(project), str(files / "glasses.mp4"), *named]) == 0
    with Project.open(project, SystemClock()) as opened:
        (session,) = opened.sessions.all()
    assert (session.protocol and session.protocol.kind) == kind


def test_glasses_whose_clock_was_not_set_make_no_session_of_1970(
    project: Path, shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real = (shared_data / "aria_vrs" / "gen1_everyday.vrs").read_bytes()
    since_boot = b'"start_time":' + b"512".rjust(10)
    unset = tmp_path / "kitchen 20250302_143005Z.vrs"
    unset.write_bytes(real.replace(b'"start_time":1649265055', since_boot))
    assert since_boot in unset.read_bytes()
    assert main(["import", "media", str(project), str(unset)]) == 0
    assert "Began 2025-03-02T14:30:05Z, by the file's name." in capsys.readouterr().out
    with Project.open(project, SystemClock()) as opened:
        (session,) = opened.sessions.all()
        (begin,) = (e for e in opened.events.of_session(session.id) if e.kind == EventKind.SESSION_BEGIN)
    assert session.id.startswith("20250302-143005")
    assert begin.data["start_known_from"] == "name"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--offset", "soon"), "must be a number"),
        (("--offset", "trainee=1"), "no voice file of the trainee"),
        (("--drift-ppm", "20"), "add --offset"),
        (("--offset", "1", "--drift-ppm", "5000"), "at most 1000 ppm"),
        (("--id", "../x"), "letters, digits"),
        (("--start", "yesterday"), "2026-03-01T14:30:00Z"),
        (("--join", "nowhere"), "leave the voices out"),
    ],
)
def test_what_cannot_be_meant(
    project: Path, files: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], sentence: str
) -> None:
    view, voice = str(files / "camera.mp4"), str(files / "expert.flac")
    assert main(["import", "media", str(project), view, "--expert-voice", voice, *more]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert sentence in said.err
    assert not any((project / "sessions").iterdir())
    with Project.open(project, SystemClock()) as opened:
        assert opened.sessions.all() == []
        assert opened.participants.all() == []


def test_of_hdr_it_is_said_what_the_session_has(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = str(write_film(tmp_path / "phone.mov", ["aac"], "yuv420p10le"))
    assert main(["import", "media", str(project), film, "--id", "one", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hdr"] == "HLG"
    assert main(["import", "media", str(project), film, "--id", "two"]) == 0
    assert "The view is HDR (HLG): the session has 8 bits of each colour" in capsys.readouterr().out
    table = tmp_path / "sessions.csv"
    table.write_text("view\nother.mov\nplain.mp4\n", encoding="utf-8")
    write_film(tmp_path / "other.mov", ["aac", "aac"], "yuv420p10le")
    write_video(tmp_path / "plain.mp4", None, RATE, 1)
    assert main(["import", "table", str(project), str(table)]) == 0
    other, plain = (line for line in capsys.readouterr().out.splitlines() if line.startswith("row "))
    assert "HDR (HLG)" in other
    assert "HDR" not in plain
