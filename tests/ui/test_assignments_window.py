"""The window of assignments: work is given, drawn, returned with remarks at times, accepted, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from ui import theme
from ui.application.background import waited
from ui.assignments.desk import WorkDesk
from ui.assignments.giving import BY_HAND, DRAWN, GiveDialog
from ui.assignments.lines import ANYBODY
from ui.assignments.return_dialog import ReturnDialog
from ui.assignments.window import FIRST_SIZE, NOT_SENT, AssignmentsWindow
from ui.cli import main
from woz.annotation.tier_states import moved
from woz.base.errors import UnreachableError, WozError
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator
from woz.lab.commenting import talks
from woz.lab.returning import remarks_of
from woz.model.assignment import Assignment
from woz.model.ids import SessionId
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.tier import Tier, TierState

SECOND = SessionId("20260102-000000-0000")
TYPE = f"{CONVERSATION.id}/{STATES}"


class Room:
    def __init__(self, project: Project, qtbot: QtBot) -> None:
        self.project = project
        for each, title in ((SESSION, "Lamp"), (replace(SESSION, id=SECOND), "Chair")):
            project.sessions.save(replace(each, title=title, duration_ns=600 * NS_PER_S))
        project.schemes.add(CONVERSATION)
        self.boss, self.ada, self.ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
        self.qtbot = qtbot
        self.window = AssignmentsWindow(WorkDesk(project, self.boss, CLOCK))
        qtbot.addWidget(self.window)
        self.window.show()
        self.see(0)

    def see(self, count: int, state: str = "") -> None:
        """Wait until the table has so many lines, all in a state."""

        def seen() -> bool:
            self.window.look()
            lines = self.window._sight.lines
            return (
                bool(self.window._sight.people)
                and len(lines) == count
                and all(not state or line.state == state for line in lines)
            )

        self.qtbot.waitUntil(seen)

    def give(self, whose: str, part: str = "first", where: str = "", more: str = "") -> GiveDialog:
        """As one does it in the dialog, in all sessions."""
        desk = self.window._desk
        dialog = GiveDialog(self.window._sight, self.boss, lambda *order: waited(lambda: desk.give(*order)))
        self.qtbot.addWidget(dialog)
        dialog._tick_all()
        dialog.whose.setCurrentText(whose)
        dialog.part.setCurrentText(part)
        dialog.tier_type.setCurrentText(TYPE)
        if where:
            dialog.where.setCurrentText(where)
        dialog.windows.setText(more)
        return dialog

    def submit(self, work: Assignment) -> None:
        """As A02, whatever the scheme says of it."""
        items = self.project.annotations.load(work.session_id)
        tier = next(each for each in items if isinstance(each, Tier) and each.id == work.tier_id)
        move = moved(tier, TierState.SUBMITTED, self.ada)
        self.project.annotations.record(work.session_id, move, self.ada.id)

    def choose_all(self) -> None:
        self.window.table.selectAll()


@pytest.fixture(params=["light", "dark"])
def room(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Room]:
    theme.apply(qapp, request.param)
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        made = Room(project, qtbot)
        yield made
        if made.window._look:
            made.window._look.join()


def test_headers_have_a_name(room: Room) -> None:
    assert room.window.table.horizontalHeader().accessibleName() == "Columns of the work"


def test_all_columns_have_room_in_the_window_at_first(room: Room, qapp: QApplication) -> None:
    room.window.resize(*FIRST_SIZE)
    qapp.processEvents()
    assert room.window.table.horizontalScrollBar().maximum() == 0


def test_work_is_given_in_all_sessions_and_a_share_is_drawn_for_a_second(room: Room) -> None:
    assert "Ctrl+N" in room.window._count.text()
    room.give("A02").go.click()
    room.see(2)
    second = room.give("A03", "second", DRAWN)
    second.try_it.click()
    assert second._told.count() == 2
    assert room.project.assignments.all(annotator_id=room.ben.id) == []
    second.go.click()
    assert second.result() == QDialog.DialogCode.Accepted
    room.see(4)
    drawn = room.project.assignments.all(annotator_id=room.ben.id)
    assert {sum(w.duration_ns for w in each.windows) for each in drawn} == {150 * NS_PER_S}
    room.window.whose.setCurrentText("A03")
    assert room.window._filter.rowCount() == 2
    assert "25 of 100, seed 0" in room.window._filter.index(0, 6).data()


def test_sessions_of_one_title_are_told_apart(room: Room) -> None:
    for session in room.project.sessions.all():
        room.project.sessions.save(replace(session, title="Assemble the lamp of the long name"))
    room.window.look()
    room.qtbot.waitUntil(lambda: len({title for _, title in room.window._sight.sessions}) == 1)
    giving = room.give("A02")
    giving.try_it.click()
    told = [giving._told.item(at).text() for at in range(2)]
    giving.go.click()
    room.see(2)
    lines = room.window._sight.lines
    for each, said in zip((SID, SECOND), sorted(told), strict=True):
        name = f"Assemble the lamp of the long name  ({each})"
        assert name in [line.session for line in lines]
        assert said.startswith(name)


def test_what_may_not_be_says_why_and_gives_nothing(room: Room) -> None:
    by_hand = room.give("A02", where=BY_HAND, more="60-50")
    by_hand.go.click()
    assert "60-50" in by_hand._said.text()
    room.give("A02").go.click()
    again = room.give("A02")
    again.go.click()
    assert "already" in again._told.item(0).text()
    assert again.result() == 0
    assert len(room.project.assignments.all()) == 2


def test_work_goes_back_with_remarks_at_times_and_then_is_accepted(room: Room) -> None:
    room.give("A02").go.click()
    room.see(2)
    for work in room.project.assignments.all():
        room.submit(work)
    room.see(2, "submitted")
    line = next(each for each in room.window._sight.lines if each.assignment.session_id == SID)
    remarks = remarks_of(["61.5 Tight before that", "2:10 Which one?"])
    waited(lambda: room.window._desk.send_back(line, "Ends are late", remarks))
    (first, second) = talks(room.project, room.ada, SID, mine=True)
    assert [each.first.at_ns for each in (first, second)] == [61_500_000_000, 130_000_000_000]
    assert "returned: Ends are late" in " ".join(waited(lambda: room.window._desk.history(line)))
    room.choose_all()
    room.window._move(TierState.ACCEPTED)
    room.see(2, "accepted")


def test_what_could_not_be_returned_is_offered_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.give("A02").go.click()
    room.see(2)
    line = next(each for each in room.window._sight.lines if each.assignment.session_id == SID)
    room.submit(line.assignment)
    offered: list[tuple[str, str]] = []

    def fill(asked: ReturnDialog) -> int:
        offered.append(asked.written)
        asked.write("61.5 Tight before that", "Ends are late")
        asked.go.click()
        return asked.result()

    def away(*_: object) -> None:
        raise UnreachableError("The server doesn't answer.")

    monkeypatch.setattr(ReturnDialog, "exec", fill)
    room.window.choose({str(line.assignment.id)})
    with monkeypatch.context() as gone:
        gone.setattr(WorkDesk, "send_back", away)
        room.window._send_back()
    assert room.window.told == f"The server doesn't answer. {NOT_SENT}"
    for _ in range(2):
        room.window.choose({str(line.assignment.id)})
        room.window._send_back()
    assert offered == [("", ""), ("Ends are late", "61.5 Tight before that"), ("", "")]
    (talk,) = talks(room.project, room.ada, SID, mine=True)
    assert (talk.first.text, talk.first.at_ns) == ("Tight before that", 61_500_000_000)
    assert "can't become returned" in room.window.told


def test_a_remark_after_the_end_returns_nothing(room: Room) -> None:
    room.give("A02").go.click()
    room.see(2)
    line = room.window._sight.lines[0]
    room.submit(line.assignment)
    with pytest.raises(WozError, match=r"lasts 600\.0 s; the remark at 700\.0 s"):
        waited(lambda: room.window._desk.send_back(line, "Late", remarks_of(["700 Here"])))
    assert {each.state for each in waited(room.window._desk.look).lines} == {"assigned", "submitted"}


def test_the_return_dialog_wants_a_reason_and_remarks_that_can_be_read(room: Room, qtbot: QtBot) -> None:
    asked = ReturnDialog("Steps", "A02")
    qtbot.addWidget(asked)
    asked.show()
    assert not asked.go.isEnabled()
    qtbot.keyClicks(asked.why, "Late")
    asked.write("soon: too late")
    asked.go.click()
    assert "“soon: too late” is not" in asked._said.text()
    assert asked.result() == 0
    asked.write("61.5 Too late\n\n2:10 Which?")
    qtbot.keyClick(asked.why, Qt.Key.Key_Return)
    assert [each.at_ns // NS_PER_S for each in asked.remarks] == [61, 130]


def test_work_is_taken_back_and_what_is_refused_is_told_once(room: Room) -> None:
    room.give("A02").go.click()
    room.see(2)
    room.choose_all()
    room.window._move(TierState.ACCEPTED)
    assert "can't become accepted" in room.window.told
    assert "2 of 2 refused" in room.window.told
    room.window._take_back()
    room.see(0)
    assert room.window.whose.currentText() == ANYBODY


def test_remarks_go_by_command(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    room.give("A02").go.click()
    work = room.project.assignments.all(SID)[0]
    room.submit(work)
    move = ["tiers", str(room.project.path), "--session", SID, "--tier", work.tier_id, "--annotator", "A01"]
    assert main([*move, "--move", "accepted", "--remark", "5=Good"]) == 1
    assert "Remarks go with work that is returned" in capsys.readouterr().err
    assert main([*move, "--move", "returned", "--why", "Late", "--remark", "5=Too late"]) == 0
    (talk,) = talks(room.project, room.ada, SID, mine=True)
    assert (talk.first.text, talk.first.at_ns) == ("Too late", 5 * NS_PER_S)
