"""Who is in a tier is seen in the editor; a lease that was left behind is taken over with a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from tests.ui.at_once import editor_at_once
from ui.editor.window import EditorWindow
from woz.annotation.tier_states import moved
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.commenting import talks
from woz.model.annotator import Annotator
from woz.model.ids import TierId
from woz.model.lease import STALE_NS
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.tier import Tier, TierState


class Desk:
    """The editor of A02, who has the first tier; A03 has another."""

    def __init__(self, project: Project) -> None:
        project.sessions.save(SESSION)
        project.schemes.add(CONVERSATION)
        self.project = project
        boss, self.ada, self.ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
        self.own = assign(project, SID, Order(STATES, self.ada, boss), CLOCK).tier_id
        self.his = assign(project, SID, Order(STATES, self.ben, boss, see_all=True), CLOCK).tier_id

    def open(self, qtbot: QtBot, who: Annotator) -> EditorWindow:
        window = editor_at_once(self.project, SID, who.id)
        qtbot.addWidget(window)
        window.show()
        return window

    def holder(self, tier: TierId) -> str:
        return next((each.annotator_id for each in self.project.leases.all() if each.tier_id == tier), "")

    def age(self) -> None:
        with self.project.database.transaction() as rows:
            rows.execute(text("UPDATE lease SET renewed_utc_ns = renewed_utc_ns - :by"), {"by": STALE_NS})


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication) -> Iterator[Desk]:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        yield Desk(project)


def test_who_opens_a_tier_is_in_it_until_the_window_is_closed(qtbot: QtBot, desk: Desk) -> None:
    window = desk.open(qtbot, desk.ada)
    qtbot.waitUntil(lambda: desk.holder(desk.own) == desk.ada.id)
    assert window.lease.bar.isHidden()
    window._choose(desk.his, None)
    qtbot.waitUntil(lambda: desk.holder(desk.his) == desk.ada.id)
    assert desk.holder(desk.own) == ""
    window.close()
    assert desk.project.leases.all() == []


def test_who_opens_a_session_anew_is_in_the_tier_that_was_given_to_them(qtbot: QtBot, desk: Desk) -> None:
    window = desk.open(qtbot, desk.ben)
    qtbot.waitUntil(lambda: desk.holder(desk.his) == desk.ben.id)
    assert desk.holder(desk.own) == ""
    window.close()


def test_who_else_is_there_is_told_and_goes_in_when_they_have_left(qtbot: QtBot, desk: Desk) -> None:
    desk.project.leases.take(desk.own, desk.ben.id, "desk 3")
    desk.project.leases.take(desk.his, desk.ben.id, "desk 4")
    window = desk.open(qtbot, desk.ada)
    bar = window.lease.bar
    qtbot.waitUntil(lambda: not bar.isHidden())
    assert "A03 is in Conversation states at desk 3" in bar.text
    assert bar.word.isHidden()
    assert window.timeline._still.inside == {desk.his: "A03"}
    desk.project.leases.leave("desk 3")
    window.lease.stay()
    assert bar.isHidden()
    assert desk.holder(desk.own) == desk.ada.id
    window.close()


def test_a_stale_lease_is_taken_over_with_a_word(qtbot: QtBot, desk: Desk) -> None:
    desk.project.leases.take(desk.own, desk.ben.id, "desk 3")
    desk.age()
    window = desk.open(qtbot, desk.ada)
    bar = window.lease.bar
    qtbot.waitUntil(lambda: not bar.isHidden())
    window._banner.tell("Nobody left this tier behind; there is nothing to take over.")
    window.lease.take_over()
    assert window._banner.text == ""
    assert not bar.go.isEnabled()
    qtbot.keyClicks(bar.word, "It is mine, and you left it open")
    bar.go.click()
    assert bar.isHidden()
    assert desk.holder(desk.own) == desk.ada.id
    (told,) = talks(desk.project, desk.ben, mine=True)
    assert "you left it open" in told.first.text
    window.close()


def test_in_a_tier_that_is_closed_nobody_is(qtbot: QtBot, desk: Desk) -> None:
    items = desk.project.annotations.load(SID)
    tier = next(each for each in items if isinstance(each, Tier) and each.id == desk.own)
    window = desk.open(qtbot, desk.ada)
    qtbot.waitUntil(lambda: desk.holder(desk.own) == desk.ada.id)
    window.document.apply(moved(tier, TierState.SUBMITTED, desk.ada))
    qtbot.waitUntil(lambda: desk.holder(desk.own) == "")
    window.close()


def test_a_second_window_of_the_same_person_is_told(qtbot: QtBot, desk: Desk) -> None:
    window = desk.open(qtbot, desk.ada)
    qtbot.waitUntil(lambda: desk.holder(desk.own) == desk.ada.id)
    desk.project.leases.take(desk.own, desk.ada.id, "at home")
    window.lease.stay()
    assert "in another window, too (at home)" in window.lease.bar.text
    window.close()
