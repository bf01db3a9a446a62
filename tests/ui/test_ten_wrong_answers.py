"""A project whose question sets are to have ten wrong answers each: proposed, gated, released, in the windows."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.core.model_server import model_server
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT
from tests.ui.answers import answer_of
from ui.cli import main
from ui.editor.question_form import QuestionForm
from ui.questions.card import QuestionCard, Writing
from ui.questions.desk import Desk
from ui.questions.suggestions import Suggesting
from ui.questions.window import QuestionsWindow
from woz.base.interval import Interval
from woz.dataset.distractors.sentence_vectors import sentence_vectors
from woz.lab.annotators import add_annotator
from woz.lab.consenting import enter_provenance
from woz.lab.questions import questions_of
from woz.lab.suggesting import Suggester
from woz.lab.taking_in import take_in_turns
from woz.model.ids import TurnId
from woz.model.people import Role
from woz.model.review import ReviewTask
from woz.model.transcript import Turn

S = 1_000_000_000
PARTS = [
    "screw",
    "plate",
    "cable",
    "shade",
    "socket",
    "washer",
    "spring",
    "base",
    "ring",
    "bulb",
    "switch",
    "clamp",
]
PLACES = ["lamp", "box", "bag", "shelf", "drawer", "tray", "rack", "bench", "case", "bin", "cup", "jar"]


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """Twelve questions, a minute apart, each with an answer of its own."""
    turns = [
        Turn(TurnId(f"{n}{who}"), TRANSCRIPT.id, who, Interval((at + later) * S, (at + later + 1) * S), text)
        for n, (part, place) in enumerate(zip(PARTS, PLACES, strict=True))
        for at in [10 + 60 * n]
        for who, later, text in (
            (Role.TRAINEE, 0, f"Where is the {part}?"),
            (Role.EXPERT, 2, f"Near the {place}."),
        )
    ]
    with Project.create(tmp_path / "lab", "Lamps", CLOCK) as project:
        project.sessions.save(replace(SESSION, duration_ns=800 * S))
        take_in_turns(project, TRANSCRIPT, turns)
        enter_provenance(project, SID, "woz's own table", "cc-by-4.0")
        add_annotator(project, "A01")
    return tmp_path / "lab"


def knows(body: dict[str, Any]) -> str:
    """A model that has read the transcript of the first question."""
    text = body["messages"][0]["content"]
    lines = text.splitlines() if "screw" in text else ()
    return next((line[0] for line in lines if re.match(r"[A-K]\. Near the lamp", line)), "L")


def test_ten_are_proposed_gated_and_released(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = answer_of(capsys, "questions", "propose", lab)
    assert (first["wanted"], first["short"]) == (4, 0)
    told = answer_of(capsys, "questions", "propose", lab, "--wrong", "10")
    assert (told["wanted"], told["short"], told["changed"]) == (10, 0, 12)
    sets = answer_of(capsys, "questions", "list", lab)["questions"]
    assert {len({each["answer"], *(wrong["text"] for wrong in each["distractors"])}) for each in sets} == {11}
    again = answer_of(capsys, "questions", "propose", lab)
    assert (again["wanted"], again["changed"]) == (10, 0), "the project keeps the number"

    with model_server(knows) as server:
        asked = ["--endpoint", server.url, "--model", "one", "--condition", "blind"]
        gates = {each["gate"]: each for each in answer_of(capsys, "questions", "gate", lab, *asked)["gates"]}
    assert len(server.asked) == 12 * 11, "every order"
    (flag,) = gates["model, blind"]["findings"]
    assert "one in 11 of 11 orders" in flag["reason"]
    assert any(f"chance {100 / 11:.1f} %" in each for each in gates["model, blind"]["whole"])
    assert " K " in gates["balance"]["whole"][0], "places to the eleventh letter"
    assert all(f"chance {100 / 11:.1f} %" in each for each in gates["balance"]["whole"][1:])

    out = tmp_path / "out"
    build = ["--without-clips", "--status", "proposed", "--judges", "0"]
    answer_of(capsys, "release", "build", lab, "lamps", "--out", out, *build)
    assert "With fewer than" not in (out / "README.md").read_text(encoding="utf-8")
    answer_of(capsys, "questions", "rule", lab, "--wrong", "11")
    answer_of(capsys, "release", "build", lab, "lamps", "--out", tmp_path / "more", *build)
    card = (tmp_path / "more" / "README.md").read_text(encoding="utf-8")
    assert "With fewer than 11 wrong answers: 12 of 12 question sets." in card


def test_a_number_that_leaves_an_option_without_a_letter_is_refused(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["propose", str(lab), "--wrong", "26"], ["rule", str(lab), "--wrong", "0"]):
        assert main(["questions", *words]) == 1
        assert "1 to 25 wrong answers, so that each option has a letter" in capsys.readouterr().err
    assert main(["questions", "rule", str(lab), "--wrong", "10"]) == 0
    assert "Each is to have 10 wrong answers." in capsys.readouterr().out


def test_the_windows_have_a_field_for_each(qtbot: QtBot, lab: Path) -> None:
    with Project.open(lab, CLOCK) as project:
        main(["questions", "propose", str(lab), "--wrong", "5"])
        question = questions_of(project, SID)[0]
        card = QuestionCard(10)
        qtbot.addWidget(card)
        card.show_question(question, Writing.TEXTS)
        assert len(card.texts.distractors) == 10
        desk = Desk(
            project, project.annotators.named("A01"), QSettings(str(lab / "s.ini"), QSettings.Format.IniFormat)
        )
        suggesting = Suggesting(Suggester(project, sentence_vectors))
        window = QuestionsWindow(desk, suggesting=suggesting, wrong_answers=10)
        qtbot.addWidget(window, before_close_func=lambda _: desk.close())
        window.begin(ReviewTask.TEXT)
        qtbot.waitUntil(lambda: desk.item is not None)
        assert "W suggests wrong answers" in window.bar.hint.text(), "five of ten are there"
        window.resize(1280, 720)
        window.show()
        qtbot.waitExposed(window)
        window.suggest()
        qtbot.waitUntil(lambda: window.suggestions.suggested.whole)
        fields, panel = (each.mapTo(window, QPoint()) for each in (window.card, window.suggestions))
        assert (fields.y(), panel.x() > fields.x()) == (panel.y(), True), "beside the fields, and not below them"
        suggesting.close()
    holder = QWidget()
    qtbot.addWidget(holder)
    assert len(QuestionForm(holder, S, lambda *_: None, wrong_answers=10).texts.distractors) == 10
