"""Releases on the command line: built twice on different days, checked, refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.core.media_files import write_video
from tests.core.release_room import LENGTH_S, RATE, S, question, sound, turns
from tests.ui.answers import answer_of, refusal_of
from ui.cli import main
from woz.annotation.edits import Edit
from woz.base.clock import ManualClock
from woz.dataset.release.checking import frozen
from woz.lab.taking_in import take_in_turns
from woz.model.ids import ParticipantId, SessionId, TranscriptId
from woz.model.origin import Origin
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.review import ReviewRule
from woz.model.session import Session, SessionState
from woz.model.transcript import Transcript

CLOCK = ManualClock(utc_ns=1_700_000_000_000_000_000)
PEOPLE = ("P01", "P02", "P03")


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """Three sessions, one of somebody who did not agree."""
    with Project.create(tmp_path / "lab", "Lamps", CLOCK) as project:
        project.reviews.set_rule(ReviewRule(release_people=0))
        for name in PEOPLE:
            agreed = () if name == "P03" else (Consent(ConsentKind.RELEASE, "1", 0),)
            project.participants.save(Participant(ParticipantId(name), name, Role.TRAINEE, agreed))
            key = SessionId(f"s{name}")
            people = (ParticipantId(name),)
            project.sessions.save(Session(key, "Lamp", SessionState.CLOSED, 0, LENGTH_S * S, participants=people))
            script = Transcript(TranscriptId(f"t{name}"), key, Origin.SCRIPT, "en", "test", 0)
            spoken = [replace(turn, transcript_id=script.id) for turn in turns(key)]
            take_in_turns(project, script, spoken)
            project.annotations.record(key, Edit("Write", (), (question(key, "a"),)), "woz")
            project.session_dir(key).mkdir(parents=True)
            write_video(project.session_dir(key) / "ego.mkv", sound(), RATE, LENGTH_S)
    return tmp_path / "lab"


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    return lambda day: monkeypatch.setattr("time.time_ns", lambda: 1_700_000_000_000_000_000 + day * 86_400 * S)


def test_a_release_of_another_day_has_the_same_bytes(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], days: Callable[[int], None]
) -> None:
    for day, out in ((0, tmp_path / "one"), (40, tmp_path / "two")):
        days(day)
        told = answer_of(capsys, "release", "build", lab, "lamps", "--out", out)
        assert (sum(told["counts"].values()), list(told["left_out"]["sessions"])) == (2, ["sP03"])
    assert (tmp_path / "one/manifest.json").read_bytes() == (tmp_path / "two/manifest.json").read_bytes()
    manifest = frozen(tmp_path / "one")
    assert {
        "data/train.jsonl",
        "clips/sP01-a.mp4",
        "transcripts/sP01.turns.vtt",
        "card.html",
    } <= manifest.files.keys()
    told = answer_of(capsys, "release", "check", tmp_path / "two")
    assert (told["whole"], told["changed"]) == (True, False)


def test_a_changed_release_is_found_out(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    answer_of(capsys, "release", "build", lab, "lamps", "--out", out, "--without-clips", "--licence", "cc-by-4.0")
    assert (
        (out / "README.md").read_text(encoding="utf-8").startswith("---\npretty_name: lamps\nlicense: cc-by-4.0\n")
    )
    assert not (out / "clips").exists()
    assert "- name: The authors of lamps\n" in (out / "CITATION.cff").read_text(encoding="utf-8")
    (out / "card.html").write_text("no")
    told = answer_of(capsys, "release", "check", out, status=1)
    assert ([each.split(" is ")[0] for each in told["problems"]], told["changed"]) == (["card.html"], True)
    assert main(["release", "check", str(out)]) == 1
    assert capsys.readouterr().err.endswith("has changed since it was frozen: get a whole copy of it.\n")
    assert main(["release", "check", str(lab)]) == 1
    assert "is no release" in capsys.readouterr().err


def test_whom_to_cite_is_said(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build = ("release", "build", lab, "lamps", "--out", tmp_path / "out", "--without-clips")
    assert "An author has a name" in refusal_of(capsys, *build, "--author", " ")
    answer_of(capsys, *build, "--author", "Ada Lovelace", "--author", "Lamp Lab")
    cited = (tmp_path / "out" / "CITATION.cff").read_text(encoding="utf-8")
    assert "authors:\n- name: Ada Lovelace\n- name: Lamp Lab\n" in cited
    croissant = json.loads((tmp_path / "out" / "croissant.json").read_text(encoding="utf-8"))
    assert croissant["citeAs"] == "Ada Lovelace, Lamp Lab, lamps, version 1.0.0"


def test_tasks_go_with_a_release(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = {each["name"] for each in answer_of(capsys, "release", "tasks")}
    assert {"steps", "states", "clip-text", "when-to-speak", "instructions"} <= names
    assert main(["release", "tasks"]) == 0
    assert "    needs   a tier of steps" in capsys.readouterr().out
    out = tmp_path / "out"
    build = ["release", "build", str(lab), "lamps", "--out", str(out), "--without-clips", "--shares", "test=1"]
    for more, why in (
        (["--task", "steps"], "the task steps needs, a tier of steps"),
        (["--task", "stops"], "There is no task"),
        (["--task", "steps", "--task-tier", "steps"], "should be two names"),
        (["--task", "steps", "--task-rate", "0"], "frame rate is from"),
        (["--task-pictures", "2"], "name a task as well"),
    ):
        assert main([*build, *more]) == 1
        assert why in (told := capsys.readouterr().err)
        assert len(told.strip().splitlines()) == 1
    assert not out.exists()
    assert main([*build, "--task", "when-to-speak", "--task", "instructions", "--task-pictures", "2"]) == 0
    assert "  when-to-speak: 4 test" in capsys.readouterr().out
    assert answer_of(capsys, "release", "check", out)["whole"]
    truth = out / "tasks" / "when-to-speak" / "test.jsonl"
    assert answer_of(capsys, "evaluate", "dialogue", truth, truth)["mended"]["f1"] == 1
    assert len(list((out / "pictures" / "sP01").iterdir())) == 2 * LENGTH_S
    assert not (out / "pictures" / "sP03").exists()


def test_what_can_t_be_released_is_said(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build = ["release", "build", str(lab), "lamps", "--out", str(tmp_path / "out")]
    for more, why in (
        (
            ["--status", "proposed"],
            "2 because they have no wrong answer); give them wrong answers with woz questions propose ",
        ),
        (["--shares", "train"], "should be splits with their shares"),
        (["--shares", "train=nan"], "make 1 together"),
        (["--clip", "nan"], "give --clip 5"),
        (["--clip", "inf"], "give --clip 5"),
        (["--fewest-wrong", "-1"], "How many wrong answers"),
        (["--shares", "train=x"], "should be splits"),
        (["--shares", "train=0.4"], "make 1 together"),
        (["--frames", "0"], "1 to 256"),
        (["--splits-of", str(lab)], "is no release"),
    ):
        assert main([*build, *more]) == 1
        told = capsys.readouterr().err
        assert why in told
        assert len(told.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
    (lab / "sessions" / "sP01" / "ego.mkv").write_bytes(b"no film")
    assert main(build) == 1
    assert "can't be read" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_who_builds_is_told_what_proposed_ones_wait_for(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = ["release", "build", str(lab), "lamps", "--without-clips", "--out"]
    assert main([*build, str(tmp_path / "one")]) == 0
    told = capsys.readouterr().err
    assert "2 question sets left out: they are proposed." in told
    assert f"woz questions list {lab} --status proposed, then woz questions review {lab}." in told
    every = ["--status", "proposed", "--status", "accepted", "--fewest-wrong", "0"]
    assert main([*build, str(tmp_path / "two"), *every, "--release-version", "2"]) == 0
    assert "proposed" not in capsys.readouterr().err


def test_a_release_takes_what_as_many_people_judged_as_the_project_asks(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answer_of(capsys, "questions", "rule", lab, "--release-people", "5")
    assert told == {"people": 1, "grounding": True, "release_people": 5, "wrong_answers": 4}
    assert main(["questions", "rule", str(lab)]) == 0
    assert "nothing is released before --people is 5, or --release-people 1" in capsys.readouterr().out
    build = ["release", "build", str(lab), "lamps", "--out", str(tmp_path / "out"), "--without-clips"]
    assert main(build) == 1
    why = capsys.readouterr().err
    assert "(2 because fewer than 5 people judged them; " in why
    assert "or take fewer with --judges" in why
    assert not (tmp_path / "out").exists()
    assert main([*build, "--judges", "0"]) == 0
    assert main(["questions", "rule", str(lab), "--release-people", "26"]) == 1
    assert "0 to 25 people" in capsys.readouterr().err
