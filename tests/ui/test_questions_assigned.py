"""Question sets on the command line: given to people, counted, and taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, question
from tests.ui.answers import answer_of, refusal_of
from ui.cli import main
from woz.annotation.edits import Edit
from woz.lab.annotators import add_annotator
from woz.model.annotator import AnnotatorRole
from woz.model.review import ReviewRule

NAMES = ("a", "b", "c", "d")


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """Two people judge each of its four question sets."""
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as project:
        project.sessions.save(SESSION)
        asked = tuple(replace(question(name), asked_ns=at) for at, name in enumerate(NAMES, 5))
        project.annotations.record(SID, Edit("Propose", (), asked), "woz")
        project.reviews.set_rule(ReviewRule(2))
        add_annotator(project, "C01", (AnnotatorRole.CURATOR, AnnotatorRole.MANAGER))
        for name in ("A01", "A02", "A03"):
            add_annotator(project, name)
    return tmp_path / "lab"


def _assign(lab: Path, *more: str) -> tuple[str, ...]:
    return ("questions", "assign", str(lab), *more, "--annotator", "C01")


def test_sets_are_given_counted_and_taken_back(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer_of(capsys, *_assign(lab, "--to", "A01", "A02", "A03", "--seed", "7"))
    assert (told["sets"], len(told["given"]), told["short"]) == (4, 8, 0)
    assert {each["stage"] for each in told["given"]} == {"text"}
    assert {each["question"] for each in told["given"]} == set(NAMES)
    people = told["people"]
    assert sorted(each["given"] for each in people) == [2, 3, 3]
    listed = answer_of(capsys, "questions", "list", str(lab))
    assert listed["given"] == people == answer_of(capsys, "questions", "assign", str(lab))["people"]
    assert main(["questions", "assign", str(lab)]) == 0
    first = people[0]["given"]
    assert f"A01: {first} question sets given to judge (text), 0 done, {first} open" in capsys.readouterr().out
    told = answer_of(capsys, *_assign(lab, "--take-back", "--to", "A01"))
    assert (told["taken_back"], told["kept"]) == (first, 0)
    assert [each["pseudonym"] for each in told["people"]] == ["A02", "A03"]


def test_a_share_is_drawn_and_nothing_is_changed_where_it_is_only_asked(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = _assign(lab, "--to", "A01", "--share", "50", "--seed", "3", "--stage", "grounding")
    asked = answer_of(capsys, *order, "--dry-run")
    assert (asked["sets"], asked["people"]) == (2, [])
    told = answer_of(capsys, *order, "--session", SID)
    assert (told["given"], told["lacking"]) == (asked["given"], 2)
    assert told["people"] == [
        {"pseudonym": "A01", "task": "grounding", "given": 2, "done": 0, "open": 2},
    ]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--to", "A01"), "Say who gives them"),
        (("--take-back",), "Say whose question sets are taken back"),
        (("--to", "A01", "--annotator", "A02"), "Only a curator or a manager gives question sets"),
        (("--to", "A09", "--annotator", "C01"), "no annotator A09"),
        (("--to", "A01", "--annotator", "C01", "--share", "0"), "more than 0 and at most 100"),
    ],
)
def test_what_cant_be_given_is_refused(
    lab: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], why: str
) -> None:
    assert why in refusal_of(capsys, "questions", "assign", str(lab), *more)


def test_whoever_retires_leaves_theirs_to_others(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer_of(capsys, *_assign(lab, "--to", "A01", "A02"))
    assert main(["annotators", "retire", str(lab), "A02"]) == 0
    assert "4 question sets are free for others that A02 was to judge" in capsys.readouterr().out
    assert answer_of(capsys, "annotators", "retire", str(lab), "A02")["freed"].startswith(
        "4 question sets are free"
    )
    told = answer_of(capsys, *_assign(lab, "--to", "A03"))
    assert {(each["question"], each["to"]) for each in told["given"]} == {(name, "A03") for name in NAMES}
    assert "freed" not in answer_of(capsys, "annotators", "retire", str(lab), "A02", "--back")
