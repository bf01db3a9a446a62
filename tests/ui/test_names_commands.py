"""`woz names` on the command line, and what leaves the lab without them."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from storage import Project
from tests.core.face_room import Reds, write_film
from tests.core.tagged_film import write_tagged
from tests.ui.answers import answer_of, refusal_of
from tests.ui.release_lab import CLOCK, KEY, make_lab
from ui.cli import main
from woz.annotation.edits import Edit
from woz.deidentifying.burning import copy_path
from woz.model.question import Question
from woz.model.transcript import Turn
from woz.playback.stand_in import make_small
from woz.privacy.names.listing import NameKind
from woz.privacy.names.recognised import Recognised


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """The trainee asks Annelise; in the question set she is written as she writes herself."""
    path = make_lab(tmp_path / "lab")
    with Project.open(path, CLOCK) as project:
        items = project.annotations.load(KEY)
        turn = next(each for each in items if isinstance(each, Turn) and each.text == "Which one?")
        asked = next(each for each in items if isinstance(each, Question))
        said = Turn(turn.id, turn.transcript_id, turn.speaker, turn.interval, "Which one, Annelise?")
        project.annotations.record(KEY, Edit("Say", (turn,), (said,)), "woz")
        fields = {name: getattr(asked, name) for name in asked.__dataclass_fields__}
        written = Question(**{**fields, "text": "Which one, Anneliese?"})
        project.annotations.record(KEY, Edit("Write", (asked,), (written,)), "woz")
    return path


def _texts(folder: Path) -> str:
    return "".join(p.read_text(encoding="utf-8") for p in folder.rglob("*") if p.suffix not in (".mp4", ".jpg", ""))


def test_names_leave_neither_in_texts_nor_in_sound(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain, clean = tmp_path / "plain", tmp_path / "clean"
    added = answer_of(capsys, "names", "list", lab, "--add", "Anneliese")
    assert added["names"] == [{"name": "Anneliese", "kind": "person", "stands": "[PERSON_1]"}]
    found = answer_of(capsys, "names", "find", lab)["found"]
    assert {each["form"] for each in found} == {"Annelise", "Anneliese"}
    assert not any(each["stays"] for each in found)
    [waiting] = answer_of(capsys, "names", "review", lab)["waiting"]
    assert (waiting["form"], waiting["name"]) == ("annelise", "Anneliese")
    build = ("release", "build", lab, "lamps", "--out")
    answer_of(capsys, *build, plain)
    assert "Annelise" in _texts(plain)
    checked = answer_of(capsys, "release", "check", plain, "--names", lab, status=1)
    assert any("'Anneliese' stands in line 1 of data/train.jsonl" in each for each in checked["problems"])
    assert not checked["changed"]
    assert answer_of(capsys, "names", "apply", lab, "on") == {"applied": True, "names": 1}
    answer_of(capsys, *build, clean)
    assert "Annel" not in _texts(clean)
    assert "Which one, [PERSON_1]?" in _texts(clean)
    assert answer_of(capsys, "release", "check", clean, "--names", lab)["whole"]
    assert "Names of the lab's own list (1)" in (clean / "README.md").read_text(encoding="utf-8")
    loud, quiet = (_loudness(out) for out in (plain, clean))
    assert loud > 0.05
    assert quiet < 0.005
    answer_of(capsys, "export", lab, "--release", "--out", tmp_path / "exports")
    assert "Annel" not in _texts(tmp_path / "exports")


def _loudness(release: Path) -> float:
    """While the trainee asks, 4.2 s to 5.3 s of the session; the clip begins at 1 s."""
    clip = next((release / "clips").glob("*.mp4"))
    with av.open(str(clip)) as container:
        samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    return float(np.abs(samples[round(3.2 * 48_000) : round(4.3 * 48_000)]).mean())


def test_what_a_film_says_of_itself_leaves_in_no_file(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its title, its tracks', its chapter and its subtitles, in a release's clips, a blurred and a small copy."""
    monkeypatch.setattr("woz.deidentifying.detectors.known.detector", lambda *_: Reds())
    film, out = lab / "sessions" / KEY / "ego.mkv", tmp_path / "out"
    _say_names(film)
    assert film.read_bytes().count(b"Anneliese") == 7
    answer_of(capsys, "names", "list", lab, "--add", "Anneliese")
    answer_of(capsys, "names", "apply", lab, "on")
    answer_of(capsys, "blur", "detect", lab)
    answer_of(capsys, "blur", "burn", lab)
    answer_of(capsys, "release", "build", lab, "lamps", "--out", out)
    assert list(out.rglob("*.mp4"))
    made = [path for path in (*out.rglob("*"), copy_path(film), make_small(film)) if path.is_file()]
    assert [path.name for path in made if b"nneliese" in path.read_bytes() or "nneliese" in path.name] == []


def test_a_damaged_clip_does_not_hide_what_else_is_told(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    answer_of(capsys, "names", "list", lab, "--add", "Anneliese")
    answer_of(capsys, "release", "build", lab, "lamps", "--out", out)
    clip = next((out / "clips").iterdir())
    clip.write_bytes(b"x")
    told = answer_of(capsys, "release", "check", out, "--names", lab, status=1)["problems"]
    assert any(each.startswith(f"clips/{clip.name} is not as it was released") for each in told)
    assert any(f"{clip.name} can't be read as a picture, a sound or a film" in each for each in told)
    assert any("'Anneliese' stands in line 1 of data/train.jsonl" in each for each in told)


def test_archives_that_are_to_leave_the_lab_are_searched(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A release's shards, and what somebody laid into it."""
    out, shards = tmp_path / "out", tmp_path / "shards"
    answer_of(capsys, "names", "list", lab, "--add", "Anneliese")
    answer_of(capsys, "release", "build", lab, "lamps", "--out", out)
    answer_of(capsys, "release", "install", out, "webdataset", "--to", shards)
    told = answer_of(capsys, "names", "find", lab, "--folder", shards, status=1)
    assert any(each.startswith("'Anneliese' stands in line 1 of ") and ".tar." in each for each in told["leaks"])
    assert told["not_looked_into"] == ""
    (out / "a.parquet").write_bytes(b"PAR1PAR1")
    told = answer_of(capsys, "release", "check", out, "--names", lab, status=1)
    assert told["not_looked_into"].startswith("Not looked into for names: a.parquet (Parquet); look into them")
    assert "There is no folder" in refusal_of(capsys, "names", "find", lab, "--folder", tmp_path / "none")


@pytest.mark.skipif(sys.platform != "linux", reason="Others have no names that are no UTF-8")
def test_a_file_whose_name_is_no_text_is_told(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "odd"
    odd.mkdir()
    (odd / os.fsdecode(b"K\xf6ln.txt")).write_text("Anneliese", encoding="utf-8")
    answer_of(capsys, "names", "list", lab, "--add", "Anneliese")
    [leak] = answer_of(capsys, "names", "find", lab, "--folder", odd, status=1)["leaks"]
    assert leak == "'Anneliese' stands in line 1 of K\udcf6ln.txt."


def test_an_export_that_leaves_the_lab_is_searched(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name within a word that is put together isn't replaced in what was said, and is told."""
    with Project.open(lab, CLOCK) as project:
        items = project.annotations.load(KEY)
        turn = next(each for each in items if isinstance(each, Turn) and each.text == "Which one, Annelise?")
        said = replace(turn, text="Which one, kitchenAnneliese?")
        project.annotations.record(KEY, Edit("Say", (turn,), (said,)), "woz")
    answer_of(capsys, "names", "list", lab, "--add", "Anneliese")
    export = ("export", lab, "--format", "srt", "--release", "--out")
    assert answer_of(capsys, *export, tmp_path / "plain")["leaks"] == []
    answer_of(capsys, "names", "apply", lab, "on")
    told = answer_of(capsys, *export, tmp_path / "clean", status=1)["leaks"]
    assert told
    assert all(each.startswith("'Anneliese' stands in line ") and each.endswith(".srt.") for each in told)
    assert main([*map(str, export), str(tmp_path / "told")]) == 1
    words = capsys.readouterr().err.splitlines()
    assert [each.removeprefix("woz: ") for each in words[-len(told) - 1 : -1]] == told
    assert words[-1].startswith(f"woz: {tmp_path / 'told'} is not to leave the lab; ")
    assert "--keep, --replace" in words[-1]


def test_what_cannot_be_searched_is_not_released(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_of(capsys, "names", "list", lab, "--add", "Anneliese")
    answer_of(capsys, "names", "apply", lab, "on")
    monkeypatch.setattr("woz.privacy.names.leaks.CLOSED_ENDS", {".jsonl": "of tomorrow"})
    told = refusal_of(capsys, "release", "build", lab, "lamps", "--out", tmp_path / "out", "--json")
    assert "may hold a name. Not looked into for names: data/" in told
    assert "data/train.jsonl (of tomorrow)" in told


def test_a_view_is_not_called_by_a_name_of_its_file(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A view's name stands in packages and in the names of films of takes."""
    answer_of(capsys, "names", "list", lab, "--add", "Anneliese")
    file = write_film(tmp_path / "Anneliese_phone.mkv", 25)
    told = refusal_of(capsys, "import", "view", lab, file, "--session", KEY, "--offset", "0")
    assert "called Anneliese-phone after its file, and 'Anneliese' is on the project's list of names" in told
    assert "--name" in told
    answer_of(capsys, "names", "list", lab, "--add", "Anna Meier")
    joined = file.with_name("MeierAnna.mkv")
    joined.hardlink_to(file)
    told = refusal_of(capsys, "import", "view", lab, joined, "--session", KEY, "--offset", "0")
    assert "called MeierAnna after its file, and 'Meier Anna' is on" in told
    answer_of(capsys, "names", "list", lab, "--remove", "Anneliese")
    assert "Anneliese" not in refusal_of(capsys, "import", "view", lab, file, "--session", KEY, "--offset", "0")


def _say_names(film: Path) -> None:
    """The film again, with names in all that a container can say besides pictures and sound."""
    again = film.with_name("again.mkv")
    tags = {"title": "Anneliese Meier", "comment": "by Anneliese"}
    write_tagged(film, again, tags, {"title": "Anneliese's"}, "Anneliese")
    again.replace(film)


def test_what_stays_and_what_is_proposed(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_of(capsys, "names", "list", lab, "--add", "Anneliese")
    answer_of(capsys, "names", "review", lab, "--keep", "Annelise")
    assert answer_of(capsys, "names", "review", lab)["waiting"] == []
    assert {each["form"] for each in answer_of(capsys, "names", "find", lab)["found"]} == {"Anneliese"}

    def sees(text: str, language: str) -> list[Recognised]:
        at = text.find("Lamp")
        return [Recognised(at, at + 4, NameKind.PLACE)] if at >= 0 else []

    monkeypatch.setattr("woz.privacy.names.recognising.recogniser", lambda name, models: sees)
    assert answer_of(capsys, "names", "find", lab, "--recogniser", "test")["proposed"] == 1
    answer_of(capsys, "names", "apply", lab, "on")
    build = ("release", "build", lab, "lamps", "--out", tmp_path / "out")
    assert "1 form may be names" in refusal_of(capsys, *build)
    answer_of(capsys, "names", "review", lab, "--keep", "Lamp")
    answer_of(capsys, *build)


def test_a_name_in_a_key_is_told_with_what_to_do(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer_of(capsys, "names", "list", lab, "--add", "P01")
    [found] = answer_of(capsys, "names", "find", lab)["found"]
    assert (found["name"], found["context"], found["stays"]) == ("P01", "P01", True)
    assert main(["names", "find", str(lab)]) == 0
    said = capsys.readouterr().out
    assert "… P01 …  (a key, and stays)\n" in said
    assert "Nothing replaces a name in a key, an id or a pseudonym" in said


def test_what_is_said_of_wrong_input(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "is not in the list of names" in refusal_of(capsys, "names", "list", lab, "--remove", "Nobody")
    assert "those are spacy" in refusal_of(capsys, "names", "find", lab, "--recogniser", "x")
    assert "can't be read" in refusal_of(capsys, "names", "list", lab, "--file", tmp_path / "none.txt")
    (tmp_path / "names.txt").write_text("Ada\n\nBo\n", encoding="utf-8")
    answer_of(capsys, "names", "list", lab, "--file", tmp_path / "names.txt", "--kind", "other")
    assert main(["names", "list", str(lab)]) == 0
    assert "[OTHER_2]" in capsys.readouterr().out
