"""A curator who is blind is offered all that they may give away or decide on, and shown nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK
from tests.ui.adjudication_room import SID, doubled_project
from ui.application.background import waited
from ui.assignments.desk import WorkDesk
from ui.home.package_dialogs import MakePackageDialog
from ui.home.packages import PackageMenu
from ui.home.people_window import PeopleWindow
from ui.home.session_lines import session_lines
from ui.home.window import ADJUDICATION, HomeWindow
from woz.annotation.adjudication.rulings import agreed_edit
from woz.lab.adjudicating import table
from woz.lab.annotators import add_annotator, blind, give_roles
from woz.lab.comparable import comparable
from woz.lab.own_figures import counted_of
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole, BlindTo
from woz.model.tier import TierState


class Room:
    """A02 and A03 have submitted; `curator` is blind to both."""

    def __init__(self, project: Project) -> None:
        self.project, self.boss = project, project.annotators.named("A01")
        add_annotator(project, "C01")
        self.curator = give_roles(project, "C01", (AnnotatorRole.CURATOR, AnnotatorRole.ADJUDICATOR))
        blind(project, "C01", SID, "", None, BlindTo.BOTH)

    def as_(self, person: Annotator) -> Project:
        return self.project.seen_by(person.id)

    def gold(self) -> None:
        """Of what both have alike; it is submitted."""
        found = table(self.project, SID, "steps", self.boss, CLOCK)
        taken = agreed_edit(found.state(self.project.annotations.load(SID)), self.boss.id, CLOCK.utc_ns())
        self.project.annotations.record(SID, taken, self.boss.id)
        move_tier(self.project, SID, found.gold, TierState.SUBMITTED, self.boss, "")


@pytest.fixture
def room(tmp_path: Path, qapp: QApplication) -> Iterator[Room]:
    with doubled_project(tmp_path / "lab", 8, 20) as project:
        yield Room(project)


def _items(box: QComboBox) -> list[str]:
    return [box.itemText(at) for at in range(box.count())]


def test_the_home_window_offers_to_decide_what_they_do_not_see_yet(qtbot: QtBot, room: Room) -> None:
    """An annotator who is blind there is offered nothing."""
    window = HomeWindow()
    qtbot.addWidget(window)
    for person, offered in ((room.curator, True), (room.project.annotators.named("A02"), False)):
        view = room.as_(person)
        window.show_project("Lab", waited(partial(session_lines, view)))
        entry = next(each for each in window.findChildren(QAction) if each.text().startswith("Adjudicate"))
        assert (entry.text() == ADJUDICATION) == offered
        assert bool(comparable(counted_of(view).library.sessions())) == offered
        assert comparable(view.library.sessions()) == []


def test_windows_of_a_gold_that_they_do_not_see_are_planted(qtbot: QtBot, room: Room) -> None:
    room.gold()
    new, view = add_annotator(room.project, "A04"), room.as_(room.curator)
    window = PeopleWindow(view, CLOCK)
    qtbot.addWidget(window)
    window.show_tab(3)
    page = window.calibration
    assert _items(page.assigner) == ["A01", "C01"]
    page.who.setCurrentText("A03")
    page.session.setCurrentIndex(page.session.findData(SID))
    page.measure()
    assert "sees no agreement" in window.banner.text
    assert page.list.rowCount() == 0
    page.who.setCurrentText("A04")
    page.assigner.setCurrentText("C01")
    page.plant()
    assert "A04 was given" in page.verdict.text()
    assert [each.annotator_id for each in room.project.assignments.all(SID)].count(new.id) == 1
    assert not any(isinstance(each, Annotation) for each in view.annotations.load(SID))


def test_each_move_of_work_that_they_do_not_see_is_told(room: Room) -> None:
    desk = WorkDesk(room.project, room.curator, CLOCK)
    for line in waited(desk.look).lines:
        made, begun, submitted = waited(partial(desk.history, line))
        assert "Assign Steps" in made
        assert begun.endswith(f"{line.whose}   Annotate (in work)"), "the edit with which it came into work"
        assert submitted.endswith(f"{line.whose}   Move {line.tier} to submitted")


def test_a_package_is_made_by_whoever_logs_in(qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    window = HomeWindow()
    qtbot.addWidget(window)
    window.show_project("Lab", waited(partial(session_lines, room.project)))
    menu = PackageMenu(window, lambda: room.project, lambda _: None)
    for login, offered in ((None, ["A01", "C01"]), (room.curator, ["C01"])):
        monkeypatch.setattr("ui.home.packages.logged_in", lambda _, login=login: login)
        menu._make()
        dialog = window.findChildren(MakePackageDialog)[-1]
        assert _items(dialog._by) == offered
        dialog.close()
