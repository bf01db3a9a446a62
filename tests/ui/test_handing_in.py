"""The gold is submitted behind all that was decided, from a window that may close before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SID
from tests.ui.adjudication_room import STEPS
from tests.ui.at_once import AtOnce
from tests.ui.test_adjudication_window import Fingers, adjudicating, small  # noqa: F401
from ui.adjudication.handing_in import KeptSubmission, as_it_is, kept_submission
from ui.adjudication.matter_panel import left_to_do
from ui.adjudication.run import adjudication_window
from ui.adjudication.window import (
    ALREADY,
    DISPUTED,
    HANDED_IN,
    HANDED_IN_NOW,
    HANDING_IN,
    LEAVES,
    MOVED_SINCE,
    NOT_HANDED_IN,
    AdjudicationWindow,
)
from ui.editor.unstored_deeds import resume
from woz.annotation.adjudication.state import Adjudication
from woz.annotation.edits import Edit
from woz.annotation.unstored import Unstored
from woz.base.errors import InDoubtError, UnreachableError, WozError
from woz.base.interval import NS_PER_S
from woz.lab.adjudicating import table
from woz.lab.annotators import blind
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import BlindTo
from woz.model.ids import AnnotationId, LinkId, TierId
from woz.model.item import ref_to
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState

R = TypeVar("R")


class Later(AtOnce):
    """A store that is slower than the hand: what it is given waits until it catches up."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], None]] = []

    def submit(self, work: Callable[[], R], done: Callable[[R], None], failed: Callable[[WozError], None]) -> None:
        self._waiting.append(lambda: AtOnce.submit(self, work, done, failed))

    def catch_up(self, but: int = 0) -> None:
        """`but` the last ones."""
        while len(self._waiting) > but:
            self._waiting.pop(0)()


def test_the_gold_is_submitted_after_all_that_was_decided(
    small: Project,  # noqa: F811
    qtbot: QtBot,
) -> None:
    window, state = _all_decided(small, qtbot, store := Later())
    assert (window.told, state().marks) == (HANDING_IN, ())
    store.catch_up()
    assert window.told == HANDED_IN
    assert (left_to_do(state()), state().gold.state) == ("", TierState.SUBMITTED)
    window.close()


def test_a_gold_of_which_something_was_refused_meanwhile_is_not_submitted(
    small: Project,  # noqa: F811
    qtbot: QtBot,
) -> None:
    window, state = _all_decided(small, qtbot, store := Later())
    window.document._told = lambda error: window.tell_refusal(str(error))
    boss, agreed = small.annotators.named("A01"), window.state.marks[0]
    theirs = replace(agreed, id=AnnotationId("theirs"), made=Made(Origin.MANUAL, boss.id))
    small.annotations.record(SID, Edit("Mark", (), (theirs,)), boss.id)
    store.catch_up()
    assert window.told == left_to_do(state()) != ""
    assert state().gold.state != TierState.SUBMITTED
    window.close()


def test_a_gold_in_dispute_is_not_submitted(
    small: Project,  # noqa: F811
    qtbot: QtBot,
) -> None:
    """Once it is submitted, neither value could be taken any more."""
    window = adjudicating(small, qtbot)
    window.document._told = lambda error: window.tell_refusal(str(error))
    fingers = _decide_all(window, qtbot)
    gold = window.state.marks[0]
    (stored, _), *_ = small.annotations.stored([ref_to(gold)]).values()
    assert isinstance(stored, Annotation)
    theirs, mine = [each for each in ("l0", "l1", "l2") if each != gold.label][:2]
    small.annotations.record(SID, Edit("Change label", (stored,), (replace(stored, label=theirs),)), "A02")
    window.document.apply(Edit("Change label", (gold,), (replace(gold, label=mine),)))
    assert window.document.disputes
    fingers.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.told == DISPUTED
    assert window._table.state(small.annotations.load(SID)).gold.state != TierState.SUBMITTED
    fingers.press(Qt.Key.Key_F7)
    fingers.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.told == HANDED_IN
    window.close()


def test_a_window_whose_submission_waits_asks_before_it_closes(
    small: Project,  # noqa: F811
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where it can't be kept for the next opening."""
    asked, answers = list[str](), [False, True]

    def ask(_: AdjudicationWindow, question: str, *words: str) -> bool:
        asked.append(question)
        return answers.pop(0)

    monkeypatch.setattr("ui.adjudication.window.sure", ask)
    window, state = _all_decided(small, qtbot, Later())
    assert not window.close()
    assert window.isVisible()
    assert window.close()
    assert (asked, state().gold.state) == ([LEAVES, LEAVES], TierState.ASSIGNED)


def test_a_submission_that_waits_as_its_window_closes_is_made_by_the_next(
    small: Project,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    """It is closed without a question: nothing is lost."""
    path = tmp_path / "desk" / "gold.submission"
    window, state = _all_decided(small, qtbot, store := Later(), KeptSubmission(path))
    store.catch_up(but=1)
    assert window.close()
    assert (left_to_do(state()), state().gold.state, path.exists()) == ("", TierState.ASSIGNED, True)
    again = adjudicating(small, qtbot, kept=KeptSubmission(path))
    again.hand_in_again()
    assert (again.told, state().gold.state, path.exists()) == (HANDED_IN_NOW, TierState.SUBMITTED, False)
    again.hand_in_again()
    again.close()


def test_a_program_killed_before_the_store_answered_has_all_at_the_next_opening(
    small: Project,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    """What was decided and the submission, none of which reached the store, nor is it known to be away."""
    gold, deeds = tmp_path / "gold.submission", tmp_path / "gold.unstored"
    killed, state = _all_decided(small, qtbot, Later(), KeptSubmission(gold), Unstored(deeds))
    assert (killed.told, state().marks) == (HANDING_IN, ())
    unstored = Unstored(deeds)
    again = adjudicating(small, qtbot, kept=KeptSubmission(gold), unstored=unstored)
    resume(again, unstored)
    again.hand_in_again()
    assert (again.told, left_to_do(state()), state().gold.state) == (HANDED_IN_NOW, "", TierState.SUBMITTED)
    assert [each.exists() for each in (gold, deeds)] == [False, False]
    again.close()


def test_who_is_blind_to_something_else_submits_what_they_see_decided(
    small: Project,  # noqa: F811
    qtbot: QtBot,
) -> None:
    """One of the two links a step to what a machine made, which the adjudicator doesn't see."""
    made = Made(Origin.MACHINE, "drafter")
    draft = Tier(TierId("draft"), SID, STEPS.id, 1, "steps", "Draft", made)
    drafted = Annotation(AnnotationId("drafted"), draft.id, 0, NS_PER_S, "l0", made)
    small.annotations.record(SID, Edit("Draft", (), (draft, drafted)), "drafter")
    boss, ada, ben = (small.annotators.named(name) for name in ("A01", "A02", "A03"))
    own, others = (each.tier_id for who in (ada, ben) for each in small.assignments.all(SID, who.id))
    marks = [each for each in small.annotations.load(SID) if isinstance(each, Annotation) and each.start_ns]
    starts = [each.start_ns or 0 for each in marks if each.tier_id == others]
    alike = next(
        m for m in marks if m.tier_id == own and any(0 < at - (m.start_ns or 0) < NS_PER_S for at in starts)
    )
    move_tier(small, SID, own, TierState.IN_WORK, ada, "")
    link = Link(LinkId("link"), SID, "corrects", ref_to(alike), ref_to(drafted), Made(Origin.MANUAL, ada.id))
    small.annotations.record(SID, Edit("Link", (), (link,)), ada.id)
    move_tier(small, SID, own, TierState.SUBMITTED, ada, "")
    found = table(small, SID, "steps", boss, CLOCK)
    blind(small, "A01", SID, "", None, BlindTo.MACHINES)
    window = adjudication_window(small, found, boss, AtOnce())
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    _decide_all(window, qtbot).press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.told == HANDED_IN
    window.close()


def test_a_kept_submission_of_a_gold_that_lacks_something_by_now_is_refused_once(
    small: Project,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    """None of the decisions reached the store."""
    path = tmp_path / "gold.submission"
    window, state = _all_decided(small, qtbot, Later(), KeptSubmission(path))
    assert window.close()
    again = adjudicating(small, qtbot, kept=KeptSubmission(path))
    again.hand_in_again()
    assert again.told == NOT_HANDED_IN + left_to_do(state()) != NOT_HANDED_IN
    assert (state().gold.state, path.exists()) == (TierState.ASSIGNED, False)
    again.close()


def test_a_kept_submission_of_a_gold_that_was_returned_since_is_not_made(
    small: Project,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    """It was made, its answer was lost, and somebody looked at it."""
    path = tmp_path / "gold.submission"
    window, state = _all_decided(small, qtbot, store := Later(), KeptSubmission(path))
    store.catch_up(but=1)
    assert window.close()
    boss = small.annotators.named("A01")
    for to, why in ((TierState.SUBMITTED, ""), (TierState.RETURNED, "The third begins late")):
        move_tier(small, SID, state().gold.id, to, boss, why)
    again = adjudicating(small, qtbot, kept=KeptSubmission(path))
    again.hand_in_again()
    assert again.told == NOT_HANDED_IN + MOVED_SINCE.format(state="returned")
    assert (state().gold.state, path.exists()) == (TierState.RETURNED, False)
    Fingers(again, qtbot).press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (state().gold.state, path.exists()) == (TierState.SUBMITTED, False)
    again.close()


def test_a_kept_submission_of_a_gold_that_was_returned_twice_is_not_made(
    small: Project,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    """It was made, its answer was lost, and somebody returned the gold again: in the same state it is another."""
    boss, path = small.annotators.named("A01"), tmp_path / "gold.submission"
    gold = table(small, SID, "steps", boss, CLOCK).gold
    for to, why in ((TierState.SUBMITTED, ""), (TierState.RETURNED, "The third begins late")):
        move_tier(small, SID, gold, to, boss, why)
    window, state = _all_decided(small, qtbot, store := Later(), KeptSubmission(path))
    store.catch_up(but=1)
    assert window.close()
    for to, why in ((TierState.SUBMITTED, ""), (TierState.RETURNED, "The third ends late")):
        move_tier(small, SID, gold, to, boss, why)
    again = adjudicating(small, qtbot, kept=KeptSubmission(path))
    again.hand_in_again()
    assert again.told == NOT_HANDED_IN + MOVED_SINCE.format(state="returned")
    assert (state().gold.state, path.exists()) == (TierState.RETURNED, False)
    again.close()


@pytest.mark.parametrize("seen", [True, False])
def test_a_kept_submission_of_a_gold_that_was_accepted_since_leaves_it_accepted(
    small: Project,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
    seen: bool,
) -> None:
    """Whether the window has seen that, or the store alone knows it."""
    path = tmp_path / "gold.submission"
    window, state = _all_decided(small, qtbot, store := Later(), KeptSubmission(path))
    store.catch_up(but=1)
    assert window.close()
    again = None if seen else adjudicating(small, qtbot, kept=KeptSubmission(path))
    boss = small.annotators.named("A01")
    for to in (TierState.SUBMITTED, TierState.ACCEPTED):
        move_tier(small, SID, state().gold.id, to, boss, "")
    again = again or adjudicating(small, qtbot, kept=KeptSubmission(path))
    again.hand_in_again()
    assert again.told == (ALREADY.format(state="accepted") if seen else HANDED_IN_NOW)
    assert (state().gold.state, path.exists()) == (TierState.ACCEPTED, False)
    again.close()


def test_what_the_store_did_not_answer_to_stays_kept(
    small: Project,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where the window closes while the server is away; of two openings one alone keeps it."""
    with (
        kept_submission(tmp_path / "gold.submission") as kept,
        kept_submission(tmp_path / "gold.submission") as other,
    ):
        window, state = _all_decided(small, qtbot, store := Later(), kept)
        store.catch_up(but=1)

        def away(*_: object) -> None:
            raise UnreachableError("lab doesn't answer.")

        with monkeypatch.context() as patched:
            patched.setattr("ui.adjudication.run.move_tier", away)
            store.catch_up()
        assert (window.told, kept.waits, state().gold.state) == ("lab doesn't answer.", True, TierState.ASSIGNED)
        other.keep(as_it_is(TierState.ASSIGNED, 1))
        assert not other.waits
        window.close()


@pytest.mark.parametrize("there", [True, False])
def test_a_submission_in_doubt_stays_kept_and_is_asked_again(
    small: Project,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    there: bool,
) -> None:
    """The connection went as it was kept: it is there, or it isn't, and nobody knows."""
    path = tmp_path / "gold.submission"
    window, state = _all_decided(small, qtbot, store := Later(), KeptSubmission(path))

    def lost(*what: Any) -> None:
        if there:
            move_tier(*what)
        raise InDoubtError("The connection was lost.")

    with monkeypatch.context() as patched:
        patched.setattr("ui.adjudication.run.move_tier", lost)
        store.catch_up()
    assert (window.told, path.exists()) == ("The connection was lost.", True)
    assert state().gold.state == (TierState.SUBMITTED if there else TierState.ASSIGNED)
    window.close()
    again = adjudicating(small, qtbot, kept=KeptSubmission(path))
    again.hand_in_again()
    assert again.told == (ALREADY.format(state="submitted") if there else HANDED_IN_NOW)
    assert (state().gold.state, path.exists()) == (TierState.SUBMITTED, False)
    again.close()


def _all_decided(
    project: Project,
    qtbot: QtBot,
    store: Later,
    kept: KeptSubmission | None = None,
    unstored: Unstored | None = None,
) -> tuple[AdjudicationWindow, Callable[[], Adjudication]]:
    """By keys, with the submission at once; and how far it is in the store."""
    window = adjudicating(project, qtbot, store, kept, unstored)
    _decide_all(window, qtbot).press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    return window, lambda: window._table.state(project.annotations.load(SID))


def _decide_all(window: AdjudicationWindow, qtbot: QtBot) -> Fingers:
    fingers = Fingers(window, qtbot)
    fingers.press(Qt.Key.Key_A)
    while window.matter is not None:
        fingers.press(Qt.Key.Key_1)
    return fingers
