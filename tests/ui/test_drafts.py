"""Proposals at the desk by key: had made, taken, mended, refused, taken all at once, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.desk_room import Hand, once_open, opened
from tests.ui.recorded_session import SID
from tests.ui.transcript_room import transcribed
from ui.editor.propose_dialog import ProposeDialog
from ui.editor.take_all_dialog import TakeAllDialog
from woz.annotation.proposals.drafts import is_draft
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.lab.annotators import add_annotator, blind
from woz.lab.proposing import Drafting, draft, outcomes_of
from woz.model.annotation import Annotation
from woz.model.annotator import BlindTo

STATES = Drafting("states-from-turns")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with transcribed(tmp_path) as made:
        add_annotator(made, "A01")
        yield made


def _left(hand: Hand) -> list[Annotation]:
    return [a for tier in hand.document.tiers if is_draft(tier) for a in hand.document.annotations(tier.id)]


def _own(hand: Hand) -> list[Annotation]:
    tiers = [t for t in hand.document.tiers if t.annotator_id == hand.document.by]
    return [a for tier in tiers for a in hand.document.annotations(tier.id)]


def test_one_key_takes_one_refuses_and_the_outcome_is_kept(
    qtbot: QtBot, qapp: QApplication, project: Project
) -> None:
    done = draft(project, SID, STATES, SystemClock())
    hand = opened(qtbot, qapp, project)
    hand.press("F6")
    first = hand.window._segment()
    assert first is not None
    assert first.start_ns == 0
    hand.press("Return")
    second = hand.window._segment()
    assert second is not None
    assert second.start_ns == first.end_ns
    assert [(a.label, a.interval, a.made.by) for a in _own(hand)] == [
        (first.label, first.interval, hand.document.by)
    ]
    assert _own(hand)[0].made.sources[0].item.id == first.id
    hand.press("Delete")
    assert len(_left(hand)) == done.proposals - 2
    assert len(_own(hand)) == 1
    third = hand.window._segment()
    assert third is not None
    hand.press("4")
    assert [a.label for a in _own(hand)] == [first.label, "none"]
    assert hand.window._segment() == _own(hand)[-1]
    found = outcomes_of(project)[done.by]
    assert (found.taken, found.relabelled, found.refused, found.open) == (1, 1, 1, done.proposals - 3)
    hand.press("Ctrl+Z", "Ctrl+Z")
    assert len(_left(hand)) == done.proposals - 1
    assert outcomes_of(project)[done.by].refused == 0


def test_a_mended_edge_takes_it(qtbot: QtBot, qapp: QApplication, project: Project) -> None:
    draft(project, SID, STATES, SystemClock())
    hand = opened(qtbot, qapp, project)
    hand.press("F6", "F6", ".")
    (mended,) = _own(hand)
    assert hand.window._segment() == mended
    before = mended.interval
    hand.press(".")
    assert _own(hand)[0].interval.start_ns == before.start_ns + 50_000_000
    hand.press("F6")
    assert hand.window._marking.deciding
    middle = hand.window._segment()
    assert middle
    hand.window.player.seek(middle.interval.start_ns + middle.interval.duration_ns // 2)
    hand.press("S")
    assert "Take the proposal first" in hand.said
    hand.press("Ctrl+Return", "N")
    assert hand.window._inspector.note.hasFocus()


def test_all_that_are_sure_are_taken_as_one_edit_with_the_count_said_before(
    qtbot: QtBot, qapp: QApplication, project: Project
) -> None:
    done = draft(project, SID, STATES, SystemClock())
    hand = opened(qtbot, qapp, project)
    said = []

    def into(dialog: QDialog) -> None:
        assert isinstance(dialog, TakeAllDialog)
        said.append(dialog.count.text())
        dialog.least_field.setValue(0)
        said.append(dialog.count.text())
        qtbot.keyClick(dialog.least_field, Qt.Key.Key_Return)

    once_open(into)
    hand.press("Shift+Return")
    assert said[1] == f"{done.proposals} proposals will be taken, as one edit"
    assert len(_own(hand)) == done.proposals
    assert {len(a.made.sources) for a in _own(hand)} == {1}
    assert _left(hand) == []
    assert all(not is_draft(tier) for tier in hand.window._marking.tiers)
    found = outcomes_of(project)
    assert found[done.by].taken == done.proposals
    assert set(found) == {done.by}, "what somebody took is no proposal of theirs"
    hand.press("F6")
    assert "Ctrl+P" in hand.said
    hand.press("Ctrl+Z")
    assert len(_left(hand)) == done.proposals


def test_nothing_new_is_marked_among_proposals(qtbot: QtBot, qapp: QApplication, project: Project) -> None:
    draft(project, SID, STATES, SystemClock())
    hand = opened(qtbot, qapp, project)
    hand.press("F6")
    tier = hand.window._tier
    assert tier
    hand.window._choose(tier.id, None)
    hand.press("1")
    assert "proposals" in hand.said
    hand.press("Delete")
    assert "Choose a proposal first" in hand.said


def test_proposals_are_had_from_the_window(qtbot: QtBot, qapp: QApplication, project: Project) -> None:
    hand = opened(qtbot, qapp, project)
    hand.press("F6")
    assert "Ctrl+P" in hand.said

    def into(dialog: QDialog) -> None:
        assert isinstance(dialog, ProposeDialog)
        dialog.by.setCurrentText("states-from-turns")
        qtbot.keyClick(dialog.by, Qt.Key.Key_Return)

    once_open(into)
    hand.press("Ctrl+P")
    qtbot.waitUntil(lambda: bool(_left(hand)))
    assert hand.window._marking.deciding
    assert hand.window._segment() == _left(hand)[0]


def test_what_can_not_be_proposed_is_said_and_cancelling_leaves_nothing(
    qtbot: QtBot, qapp: QApplication, project: Project
) -> None:
    hand = opened(qtbot, qapp, project)
    propose = hand.window._subject.propose
    assert propose
    dialog = ProposeDialog(hand.window, hand.document, propose)
    dialog.show()
    dialog.by.setCurrentText("steps-from-marks")
    dialog.lag.setText("x")
    dialog.begin()
    qtbot.waitUntil(lambda: bool(dialog.trouble.text))
    assert "0 to 10 seconds" in dialog.trouble.text
    dialog.by.setCurrentText("states-from-turns")
    dialog.begin()
    dialog.reject()
    qtbot.waitUntil(lambda: "stopped" in dialog.trouble.text)
    assert dialog.start.isEnabled()
    hand.document.follow()
    assert _left(hand) == []
    dialog.close()


def test_who_is_blind_to_machines_sees_no_proposals_and_has_none_made(
    qtbot: QtBot, qapp: QApplication, project: Project
) -> None:
    draft(project, SID, STATES, SystemClock())
    blind(project, "A01", SID, "states", None, BlindTo.MACHINES)
    hand = opened(qtbot, qapp, project)
    assert _left(hand) == []
    hand.press("F6")
    assert "Ctrl+P" in hand.said
    with pytest.raises(WozError, match="without a machine's help"):
        draft(project, SID, Drafting("states-from-turns", for_whom=hand.document.by), SystemClock())
