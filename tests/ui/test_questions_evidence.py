"""What a question set rests on, in the window of questions: shown, played by key, never behind the question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from storage import Project
from tests.core.release_room import question
from tests.storage.examples import LOOSE, SID, TIER, segment
from tests.ui.test_questions_commands import S
from tests.ui.test_questions_window import Room, film, project
from ui.questions.clip_pane import ClipPane
from ui.questions.evidence import LATER, rest_words
from ui.questions.words import NOTHING_RESTS
from woz.annotation.edits import Edit
from woz.base.interval import Interval
from woz.dataset.release.clips import Film
from woz.lab.annotators import blind
from woz.lab.questions import questions_of
from woz.lab.resting import FRAME, LONGEST_NS, UNSEEN, Rest, played_of
from woz.lab.reviewing import ReviewItem, review_items
from woz.model.annotator import BlindTo
from woz.model.ids import AnnotationId
from woz.model.question import Question
from woz.model.review import ReviewTask

__all__ = ["film", "project"]
Key = Qt.Key


def rest_it(project: Project) -> Question:
    """The first one, asked at 11 s, on a segment, one that is gone, a frame before it is asked and one behind."""
    project.schemes.add(LOOSE)
    mark = segment("step", 2 * S, 20 * S)
    project.annotations.record(SID, Edit("Mark", (), (TIER, mark)), "ada")
    old = questions_of(project, SID)[0]
    evidence = replace(old.evidence, annotations=(mark.id, AnnotationId("gone")), frames_ns=(8 * S, 12 * S))
    new = replace(old, evidence=evidence)
    project.annotations.record(SID, Edit("Rest", (old,), (new,)), "ada")
    return new


SEGMENT = Rest("any: none", Interval(2 * S, 20 * S), Interval(2 * S, 11 * S))
SHOWN = Rest(FRAME, Interval(8 * S, 8 * S), Interval(7 * S, 8 * S + 1))
BEHIND = Rest(FRAME, Interval(12 * S, 12 * S), None)
GONE = Rest(UNSEEN, None, None)


@pytest.mark.parametrize(
    ("span", "played"),
    [
        (Interval(2 * S, 9 * S), Interval(2 * S, 9 * S)),
        (Interval(2 * S, 12 * S), Interval(2 * S, 11 * S)),
        (Interval(11 * S, 12 * S), None),
        (Interval(12 * S, 13 * S), None),
        (Interval(8 * S, 8 * S), Interval(7 * S, 8 * S + 1)),
        (Interval(11 * S, 11 * S), Interval(10 * S, 11 * S)),
        (Interval(11 * S + 1, 11 * S + 1), None),
        (Interval(0, 0), Interval(0, 1)),
    ],
)
def test_nothing_behind_the_question_is_played(span: Interval, played: Interval | None) -> None:
    """It is asked at 11 s."""
    assert played_of(span, 11 * S) == played


def test_of_a_long_segment_its_end_is_played() -> None:
    assert played_of(Interval(0, 400 * S), 300 * S) == Interval(300 * S - LONGEST_NS, 300 * S)


def test_what_it_rests_on_is_named_by_time(project: Project) -> None:
    rested = rest_it(project)
    item = review_items(project, SID)[rested.id]
    assert item.rests == (SEGMENT, SHOWN, BEHIND, GONE)
    assert item.playable == (SEGMENT, SHOWN)
    assert rest_words(SEGMENT) == ("0:02 – 0:20", "any: none")
    assert rest_words(BEHIND) == ("0:12", f"{FRAME} ({LATER})")
    assert rest_words(GONE) == ("", UNSEEN)


def test_who_is_blind_to_a_segment_does_not_get_what_rests_on_it(project: Project) -> None:
    rested = rest_it(project)
    blind(project, "A01", SID, "", None, BlindTo.BOTH)
    seen = project.seen_by(project.annotators.named("A01").id)
    assert set(review_items(project, SID)) - set(review_items(seen, SID)) == {rested.id}


def test_it_is_played_by_key_in_the_place_of_the_clip(qtbot: QtBot, project: Project) -> None:
    rest_it(project)
    words = Room(qtbot, project)
    assert words.window.evidence.isVisible()
    words.press(Key.Key_A)
    words.kept(1)
    words.window.close()
    room = Room(qtbot, project, task=ReviewTask.GROUNDING)
    player = room.window.clips.player

    def plays(span: Interval) -> None:
        qtbot.waitUntil(lambda: bool(player.clip and player.clip.wanted.span == span and player.playing))

    plays(Interval(6 * S, 11 * S))
    for span in (SEGMENT.played, SHOWN.played, SEGMENT.played):
        room.press(Key.Key_P)
        assert span
        plays(span)
    room.press(Key.Key_0)
    plays(Interval(6 * S, 11 * S))
    room.press(Key.Key_P)
    plays(Interval(2 * S, 11 * S))
    room.press(Key.Key_G)
    room.kept(2)
    assert project.reviews.own(room.desk.person.id)[-1].clip_ns == 5 * S


def test_where_there_is_nothing_to_be_played_that_is_said(qtbot: QtBot, project: Project) -> None:
    words = Room(qtbot, project)
    assert not words.window.evidence.isVisible()
    words.press(Key.Key_A)
    words.kept(1)
    words.window.close()
    room = Room(qtbot, project, task=ReviewTask.GROUNDING)
    room.press(Key.Key_P)
    assert room.window.told == NOTHING_RESTS


def test_a_clip_that_cannot_be_seen_stays_so_whatever_else_is_played(qtbot: QtBot) -> None:
    """What it rests on is seen; the clip itself lies behind the question."""
    pane = ClipPane()
    qtbot.addWidget(pane, before_close_func=lambda _: pane.close_pane())
    asked = question("s", "a", clip=Interval(7 * S, 9 * S))
    rest = Rest(FRAME, Interval(5 * S, 5 * S), Interval(4 * S, 5 * S + 1))
    item = ReviewItem(asked, "Lamp", (), frozenset(), "", Film(Path("nowhere.mkv")), rests=(rest,))
    pane.show_item(item)
    fault = pane.fault
    assert fault
    assert pane.play_rest()
    assert pane.rest == rest
    assert (pane.fault, pane.clip_ns) == (fault, None)
