"""`woz blur` on the command line, and releases that take films only with their faces blurred."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from storage import Project
from tests.core.face_room import Reds, write_film
from tests.ui.answers import answer_of, refusal_of
from tests.ui.recorded_session import record_session
from tests.ui.release_lab import CLOCK, FRAMES, KEY, make_lab
from ui.cli import main
from woz.base.outside import read_file
from woz.deidentifying import keeping
from woz.deidentifying.burning import copy_path
from woz.deidentifying.detectors.port import DetectorFacts
from woz.deidentifying.keeping import faces_path
from woz.lab.blurring import SessionFilm
from woz.lab.released_faces import faces_of_films
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With a detector that sees red."""
    monkeypatch.setattr("woz.deidentifying.detectors.known.detector", lambda *_: Reds())
    return make_lab(tmp_path / "lab")


def test_a_release_takes_only_what_was_approved(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = ("release", "build", lab, "lamps", "--out", tmp_path / "out")
    assert answer_of(capsys, "blur", "require", lab, "on") == {"required": True}
    assert "No session may be released: Faces were not looked for in ego.mkv" in refusal_of(capsys, *build)
    [found] = answer_of(capsys, "blur", "detect", lab)["films"]
    assert (found["session"], found["film"], found["frames"], found["tracks"]) == (KEY, "ego.mkv", FRAMES, 1)
    assert (found["detector"], found["open"], found["approved"]) == ("reds", 1, False)
    assert "No second person signed off" in refusal_of(capsys, *build)
    answer_of(capsys, "blur", "review", lab, "--decide", "blur", "--as", "A01")
    assert "somebody else" in refusal_of(capsys, "blur", "review", lab, "--sign-off", "--as", "A01")
    assert answer_of(capsys, "blur", "review", lab, "--sign-off", "--as", "A02")["films"][0]["approved"]
    assert "no blurred copy" in refusal_of(capsys, *build)
    [burned] = answer_of(capsys, "blur", "burn", lab)["films"]
    assert (burned["frames"], burned["approved"], burned["objection"]) == (FRAMES, True, "")
    assert Path(burned["copy"]) == copy_path(lab / "sessions" / KEY / "ego.mkv")
    assert answer_of(capsys, *build)["counts"]["train"] == 1
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "s1: 1 track of faces blurred, 0 shown by consent; found by reds (1, weights 000000000000)" in card


def test_a_film_whose_faces_are_all_blurred_already_goes_the_whole_way(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is found, which a second person signs; the card claims no recall of faces that nobody saw."""
    monkeypatch.setattr("woz.deidentifying.detectors.known.detector", lambda *_: Reds(range(FRAMES)))
    build, out = ("release", "build", lab, "lamps", "--out", tmp_path / "out"), tmp_path / "samples"
    answer_of(capsys, "blur", "require", lab, "on")
    [found] = answer_of(capsys, "blur", "detect", lab)["films"]
    assert (found["tracks"], found["open"], found["approved"]) == (0, 0, False)
    assert "No second person signed off" in refusal_of(capsys, *build)
    assert answer_of(capsys, "blur", "review", lab, "--sign-off", "--as", "A02")["films"][0]["approved"]
    assert "no blurred copy" in refusal_of(capsys, *build)
    assert answer_of(capsys, "blur", "burn", lab)["films"][0]["objection"] == ""
    table = Path(answer_of(capsys, "blur", "prove", lab, "--draw", out)["table"])
    rows = table.read_text(encoding="utf-8").splitlines()
    filled = [rows[0], *(row.replace(".jpg,,,", ".jpg,0,0,") for row in rows[1:])]
    assert filled != rows
    table.write_text("\n".join(filled), encoding="utf-8")
    told = answer_of(capsys, "blur", "prove", lab, "--counted", table, "--as", "A01")
    assert (told["recall_face_second"], told["tracks"], told["leaks_an_hour"]) == (None, 0, 0)
    assert answer_of(capsys, *build)["counts"]["train"] == 1
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "s1: 0 tracks of faces blurred" in card
    assert "of the copy that a second person looked at no face was seen; at most" in card
    assert "recall" not in card.split("no face was seen")[1].splitlines()[0]


def test_a_model_that_is_not_here_is_told_with_the_command_that_fetches_it_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WOZ_MODELS", str(tmp_path / "none"))
    lab = make_lab(tmp_path / "my lab")
    assert f"run: woz blur detect '{lab}' --fetch." in refusal_of(capsys, "blur", "detect", lab)


@pytest.mark.parametrize("kind", ["clips", "frames"])
def test_a_batch_takes_only_what_was_approved(lab: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    answer_of(capsys, "blur", "require", lab, "on")
    answer_of(capsys, "blur", "detect", lab)
    answer_of(capsys, "blur", "burn", lab)
    plan = ("batch", "plan", kind, lab)
    why = "s1: No second person signed off the faces of ego.mkv; run woz blur review."
    assert answer_of(capsys, *plan)["passed_over"] == [why]
    answer_of(capsys, "blur", "review", lab, "--decide", "blur", "--as", "A01")
    answer_of(capsys, "blur", "review", lab, "--sign-off", "--as", "A02")
    assert "There is no blurred copy" in answer_of(capsys, *plan)["passed_over"][0]
    answer_of(capsys, "blur", "burn", lab)
    told = answer_of(capsys, *plan)
    assert told["items"] > 0
    assert told["passed_over"] == []


def test_without_pictures_there_is_nothing_to_blur(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_of(capsys, "blur", "require", lab, "on")
    answer_of(capsys, "release", "build", lab, "lamps", "--out", tmp_path / "out", "--without-clips")
    assert "This release has no pictures." in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_decisions_aren_t_lost_unasked(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer_of(capsys, "blur", "detect", lab)
    answer_of(capsys, "blur", "review", lab, "--decide", "no-face", "--track", "f1", "--as", "A01")
    assert "--again" in refusal_of(capsys, "blur", "detect", lab)
    pictures = lab.parent / "pictures"
    [shown] = answer_of(capsys, "blur", "review", lab, "--list", "--pictures", pictures)["films"]
    assert [path.name for path in (pictures / KEY / "ego").iterdir()] == ["01-f1.jpg"]
    assert "exists already" in refusal_of(capsys, "blur", "review", lab, "--pictures", pictures)
    assert [(track["decision"], track["by"]) for track in shown["list"]] == [("not a face", "A01")]
    assert answer_of(capsys, "blur", "detect", lab, "--again")["films"][0]["open"] == 1


def test_a_model_that_changed_between_runs_is_told(
    lab: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_of(capsys, "blur", "detect", lab)
    answer_of(capsys, "blur", "detect", lab)
    other = Reds()
    other.facts = DetectorFacts("reds", "1", "1" * 64)
    monkeypatch.setattr("woz.deidentifying.detectors.known.detector", lambda *_: other)
    assert "its weights were 000000000000 and are 111111111111 now" in refusal_of(capsys, "blur", "detect", lab)
    assert answer_of(capsys, "blur", "detect", lab, "--again")["films"][0]["weights_sha256"] == "1" * 64
    [both] = answer_of(capsys, "blur", "detect", lab, "--again", "--detector", "a", "--detector", "b")["films"]
    assert both["detector"] == "reds + reds"


def test_what_is_said_where_it_can_t_be_done(
    lab: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "run: woz blur detect" in refusal_of(capsys, "blur", "burn", lab)
    assert "--as PSEUDONYM" in refusal_of(capsys, "blur", "review", lab, "--sign-off")
    assert "between 0 and 1" in refusal_of(capsys, "blur", "detect", lab, "--least", "2")
    monkeypatch.setattr("woz.deidentifying.detectors.known.detector", lambda *_: Reds(range(FRAMES)))
    assert main(["blur", "detect", str(lab)]) == 0
    assert "there is none, or all are blurred already" in capsys.readouterr().out
    (lab / "sessions" / KEY / "ego.mkv").unlink()
    assert "has no film on this computer" in refusal_of(capsys, "blur", "detect", lab)
    assert answer_of(capsys, "blur", "detect", lab, "--all") == {"films": [], "faults": []}


def test_of_all_films_one_that_is_damaged_is_told_and_the_others_are_looked_at(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second_session(lab)
    path = faces_path(lab / "sessions" / "s2" / "ego.mkv")
    path.parent.mkdir()
    path.write_text("{")
    told = answer_of(capsys, "blur", "detect", lab, "--all", status=1)
    assert [film["session"] for film in told["films"]] == [KEY]
    (fault,) = told["faults"]
    assert fault.startswith(f"s2: {path} holds no faces")
    assert "holds no faces" in refusal_of(capsys, "blur", "detect", lab, "--session", "s2")
    answer_of(capsys, "blur", "review", lab, "--session", KEY, "--decide", "blur", "--as", "A01")
    answer_of(capsys, "blur", "review", lab, "--session", KEY, "--sign-off", "--as", "A02")
    told = answer_of(capsys, "blur", "burn", lab, "--all", status=1)
    assert ([film["session"] for film in told["films"]], len(told["faults"])) == ([KEY], 1)
    told = answer_of(capsys, "blur", "prove", lab, "--all", "--draw", tmp_path / "samples", status=1)
    assert (told["films"], len(told["faults"]), told["left_out"]) == ([f"{KEY} ego.mkv"], 1, [])
    path.unlink()
    told = answer_of(capsys, "blur", "detect", lab, "--all")
    assert [film["session"] for film in told["films"]] == ["s2"], "what people decided on stays"


def test_all_films_are_proved_together(
    lab: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    second_session(lab)
    out = tmp_path / "samples"
    answer_of(capsys, "blur", "detect", lab, "--all")
    read = Mock(wraps=read_file)
    with monkeypatch.context() as counting:
        counting.setattr(keeping, "read_file", read)
        assert "no blurred copy" in refusal_of(capsys, "blur", "prove", lab, "--all", "--draw", out)
    assert read.call_count == 2, "faces of thousands of tracks are read once of each film"
    answer_of(capsys, "blur", "burn", lab, "--session", KEY)
    drawn = answer_of(capsys, "blur", "prove", lab, "--all", "--draw", tmp_path / "one")
    assert drawn["films"] == [f"{KEY} ego.mkv"]
    assert [each.startswith("s2: There is no blurred copy") for each in drawn["left_out"]] == [True]
    answer_of(capsys, "blur", "burn", lab, "--all")
    drawn = answer_of(capsys, "blur", "prove", lab, "--all", "--draw", out)
    assert (set(drawn["films"]), drawn["left_out"]) == ({f"{KEY} ego.mkv", "s2 ego.mkv"}, [])
    table = Path(drawn["table"])
    rows = table.read_text(encoding="utf-8").replace(".jpg,,,", ".jpg,1,0,").replace(".jpg,1,,", ".jpg,1,0,")
    table.write_text(rows, encoding="utf-8")
    told = answer_of(capsys, "blur", "prove", lab, "--all", "--counted", table, "--as", "A01")
    assert (told["tracks"], told["seconds"], told["leaking_seconds"]) == (2, drawn["samples"] - 2, 0)
    with Project.open(lab, CLOCK) as project:
        project.blurring.require(True)
        lines = faces_of_films(project).told_of([KEY, SessionId("s2")])
    seen = f"of {told['face_seconds']} seconds of faces that a second person looked at in the copy, 0 were not"
    assert [line.split(" all covered")[0] for line in lines[2:]] == [f"Samples of 2 of 2 sessions: {seen}"]
    known = ("--known", tmp_path / "known.json")
    assert "Known boxes are of one film" in refusal_of(capsys, "blur", "prove", lab, "--all", *known)


@pytest.mark.parametrize("command", ["detect", "burn"])
@pytest.mark.parametrize("damage", ["empty", "text", "half", "folder", "rights"])
def test_a_film_that_is_none_is_told_in_one_sentence(
    lab: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str, damage: str
) -> None:
    answer_of(capsys, "blur", "detect", lab)
    film = lab / "sessions" / KEY / "ego.mkv"
    whole = film.read_bytes()
    wanted = f"The video {film} can't be read (Invalid data found when processing input); bring back a copy of it"
    if damage == "folder":
        film.unlink()
        film.mkdir()
        wanted = f"{KEY} has no film on this computer"
    elif damage == "rights":
        monkeypatch.setattr("woz.recording.folder.frame_index.av.open", _forbidden)
        wanted = (
            f"The video {film} can't be read (Permission denied); bring back a copy of it, or see to its rights"
        )
    else:
        film.write_bytes({"empty": b"", "text": b"a text\n", "half": whole[: len(whole) // 2]}[damage])
    if damage != "half":
        said = refusal_of(capsys, "blur", command, lab)
        assert wanted in said
        assert said.strip().count("\n") == 0
    elif command == "burn":
        assert "was changed since faces were looked for" in refusal_of(capsys, "blur", command, lab)
    else:
        (found,) = answer_of(capsys, "blur", command, lab)["films"]
        assert found["frames"] < FRAMES
        assert found["doubt"] == "", "nothing tells how many there were"


def test_that_a_recorded_film_is_cut_short_is_told(tmp_path: Path) -> None:
    folder = SessionFolder(tmp_path / record_session(tmp_path).session_id)
    film = SessionFilm(folder.ego, folder.frames)
    assert film.doubt() == ""
    folder.ego.write_bytes(folder.ego.read_bytes()[: folder.ego.stat().st_size // 2])
    assert "The video is cut short" in film.doubt()


def _forbidden(path: str) -> None:
    raise PermissionError(errno.EACCES, "Permission denied", path)


def test_a_release_leaves_out_a_session_whose_faces_can_t_be_read(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_of(capsys, "blur", "require", lab, "on")
    answer_of(capsys, "blur", "detect", lab)
    faces_path(lab / "sessions" / KEY / "ego.mkv").write_text("{")
    said = refusal_of(capsys, "release", "build", lab, "lamps", "--out", tmp_path / "out")
    assert "No session may be released" in said
    assert "holds no faces that woz knows" in said


def second_session(lab: Path) -> None:
    with Project.open(lab, CLOCK) as project:
        project.sessions.save(replace(project.sessions.get(SessionId(KEY)), id=SessionId("s2")))
    write_film(lab / "sessions" / "s2" / "ego.mkv", FRAMES)
