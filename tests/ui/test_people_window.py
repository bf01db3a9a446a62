"""The window of people: lamps and pages, consents entered, logins made and reset, calibration with its rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from storage import Project
from storage.place import server_url
from storage.signing_in import SigningIn
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT, TURN, question
from tests.ui.adjudication_room import SID as DOUBLED
from tests.ui.adjudication_room import doubled_project
from tests.ui.weeks_room import MARKS, SLOT_S, weeks_project
from ui import theme
from ui.cli import main
from ui.home import record_page, released_page
from ui.home.annotators_page import PasswordDialog
from ui.home.calibration_page import CalibrationPage
from ui.home.listing import Listing
from ui.home.people_window import PeopleWindow
from ui.home.record_page import PersonDialog
from ui.widgets.consents import Consents
from ui.widgets.copying import COPIED, copy_button
from woz.annotation.adjudication.rulings import agreed_edit
from woz.annotation.edits import Edit
from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.adjudicating import table
from woz.lab.annotators import add_annotator
from woz.lab.calibrating import honeypot
from woz.lab.consenting import enter_attendance
from woz.lab.library import Released
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import AnnotatorRole
from woz.model.assignment import Part
from woz.model.ids import AnnotationId, QuestionId, SessionId
from woz.model.people import ConsentKind, Role
from woz.model.plan import day_of
from woz.model.review import GivenQuestion, ReviewTask
from woz.model.session import SessionState
from woz.model.tier import Tier, TierState

AGREED = "privacy=1@2023-01-01,recording=1@2023-01-01/2023-02-01,transcription=1@2023-01-01"

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Project]:
    """P01 agreed to all but public release, and only for a month; there is a release of their session."""
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as project:
        project.sessions.save(replace(SESSION, state=SessionState.CLOSED, duration_ns=3_600_000_000_000))
        enter_attendance(project, SID, f"P01,{AGREED}", Role.TRAINEE, CLOCK.utc_ns())
        project.transcripts.add(TRANSCRIPT, [TURN])
        project.releases.add(Released("lamps", "1.0.0", "/away", CLOCK.utc_ns(), (SID,)))
        yield project


def _window(qtbot: QtBot, project: Project) -> PeopleWindow:
    window = PeopleWindow(project, CLOCK)
    qtbot.addWidget(window)
    return window


def _calibration(window: PeopleWindow) -> CalibrationPage:
    """Its page, on A03."""
    window.show_tab(3)
    window.calibration.who.setCurrentText("A03")
    return window.calibration


def _cell(listed: Listing, row: int, column: int) -> str:
    item = listed.item(row, column)
    assert item
    return item.text()


def _lines_of(shown: QTextDocument, texts: tuple[str, ...]) -> list[int]:
    """Into how many lines these are broken where there is half the room that all would like."""
    shown.setTextWidth(shown.idealWidth() / 2)
    assert shown.size().height() > 0
    blocks = (shown.findBlockByNumber(at) for at in range(shown.blockCount()))
    return [block.layout().lineCount() for block in blocks if block.text().replace(NO_BREAK, " ") in texts]


def test_a_person_has_a_lamp_and_a_page(qtbot: QtBot, lab: Project) -> None:
    window = _window(qtbot, lab)
    assert window.record.list.chosen == "P01"
    cells = [_cell(window.record.list, 0, column) for column in range(5)]
    assert cells[:4] == ["P01", "trainee", "1", "1.0"]
    assert cells[4] == "⚠ missing: public release; due since 2023-02-01"
    page = window.record.page.toPlainText()
    ended = "their consent to recording (version 1) ended (1 session)"
    for told in ("Due since 2023-02-01", ended, "2023-01-01", "lamps 1.0.0", "⚠ missing"):
        assert told in page
    assert _lines_of(window.record.page.document(), ("privacy notice", "public release")) == [1, 1]
    window.show_tab(1)
    assert _cell(window.released.list, 0, 4) == "⚠ 1 may not go out"
    why = window.released.why.toPlainText()
    assert why.startswith(f"Cake, {day_of(SESSION.start_utc_ns)} ({SID}): No consent to public release")
    lab.releases.add(Released("lamps", "1.0.0", "/without", CLOCK.utc_ns() + 1, ()))
    window.look()
    rows = [[_cell(window.released.list, row, column) for column in (0, 3, 4)] for row in range(2)]
    assert rows == [["lamps 1.0.0 (2)", "/without", "✓"], ["lamps 1.0.0", "/away", "⚠ 1 may not go out"]]


def test_a_long_cell_of_a_list_is_broken_into_lines(qtbot: QtBot) -> None:
    listed = Listing("Who is on record", ("Who", "Consents"), 1)
    qtbot.addWidget(listed)
    listed.resize(300, 300)
    listed.show()
    listed.fill([("P01", "⚠ missing: " + "recording, transcription, " * 5), ("P02", "✓")])
    one = listed.rowHeight(1)
    assert listed.rowHeight(0) > one
    listed.resize(4000, 300)
    qtbot.waitUntil(lambda: listed.rowHeight(0) == one)


def test_consents_are_entered_with_their_end(qtbot: QtBot, lab: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    window = _window(qtbot, lab)

    def agree(dialog: PersonDialog) -> int:
        line = dialog.person_consents._consents._lines[ConsentKind.RELEASE]
        line.agreed.setChecked(True)
        assert line.until.text() == "no end"
        line.until.stepBy(1)
        assert line.until.date() == line.day.date().addYears(5)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(PersonDialog, "exec", agree)
    window.record.enter()
    [person] = lab.participants.all()
    kept = {each.kind: each for each in person.consents}
    assert kept[ConsentKind.RELEASE].until_utc_ns is not None
    assert kept[ConsentKind.RECORDING].until_utc_ns is not None
    assert "missing" not in _cell(window.record.list, 0, 4)


def test_an_end_before_the_consent_is_told(qtbot: QtBot) -> None:
    shown = Consents(CLOCK.utc_ns())
    qtbot.addWidget(shown)
    line = shown._lines[ConsentKind.RELEASE]
    line.agreed.setChecked(True)
    assert line.early.isHidden()
    line.until.setDate(line.day.date())
    assert not line.early.isHidden()
    assert [each.until_utc_ns for each in shown.consents] == [None]
    line.day.setDate(line.day.date().addDays(-1))
    assert line.early.isHidden()
    assert shown.consents[0].until_utc_ns is not None


def test_what_the_database_refuses_is_told(qtbot: QtBot, lab: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    window = _window(qtbot, lab)

    def refuse(*_: object) -> None:
        raise WozError("The database doesn't answer.")

    monkeypatch.setattr(PersonDialog, "exec", lambda _: QDialog.DialogCode.Accepted)
    monkeypatch.setattr(record_page, "keep_entered", refuse)
    window.record.enter()
    assert window.banner.text == "Nothing of it was kept. The database doesn't answer."
    monkeypatch.setattr(released_page, "release_lines", refuse)
    window.show_tab(1)
    assert window.banner.text == "The database doesn't answer."
    window.show_tab(0)
    assert window.banner.text == ""


def test_annotators_are_added_and_a_file_says_that_nobody_logs_in(qtbot: QtBot, lab: Project) -> None:
    window = _window(qtbot, lab)
    window.show_tab(2)
    page = window.annotators
    assert "is a file" in page.told.text()
    page.add("C01", [])
    page.add("A02", [AnnotatorRole.ANNOTATOR])
    assert [_cell(page.list, row, 0) for row in range(2)] == ["A02", "C01"]
    page.add("Anna Smith", [AnnotatorRole.ANNOTATOR])
    assert "can't be a pseudonym" in window.banner.text
    page.list.selectRow(0)
    page.login()
    assert "woz project copy" in window.banner.text
    page.retire()
    assert lab.annotators.named("A02").retired
    page.retire()
    assert not lab.annotators.named("A02").retired
    page.list.selectRow(1)
    page.retire()
    assert "C01 is the only manager" in window.banner.text
    assert not lab.annotators.named("C01").retired


def test_what_somebody_who_retires_was_to_judge_is_said_to_be_free(qtbot: QtBot, lab: Project) -> None:
    add_annotator(lab, "C01")
    ada = add_annotator(lab, "A02")
    lab.annotations.record(SID, Edit("Propose", (), (question("q"),)), "woz")
    lab.question_work.add([GivenQuestion(QuestionId("q"), SID, ReviewTask.TEXT, ada.id)])
    window = _window(qtbot, lab)
    window.show_tab(2)
    page = window.annotators
    page.list.selectRow(0)
    page.retire()
    told = f"woz questions assign {quoted(lab.path)} gives them anew"
    assert window.banner.text == f"1 question set is free for others that A02 was to judge; {told}."
    page.list.selectRow(0)
    page.retire()
    assert (window.banner.text, lab.annotators.named("A02").retired) == ("", False)


def test_a_login_is_made_and_shown_once(qtbot: QtBot, lab: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line for the password file and the command that opens the project, each to be copied."""
    add_annotator(lab, "C01")
    window, made, seen = _window(qtbot, lab), [], list[dict[str, str]]()
    url = server_url("postgresql://boss:secret@lab.example/kitchen")
    monkeypatch.setattr(lab, "place", replace(lab.place, url=url))

    def make(person: object, login: str, password: str) -> None:
        made.append((login, password))

    def show(dialog: PasswordDialog) -> int:
        seen.append({each.accessibleName(): each.toPlainText() for each in dialog.findChildren(QPlainTextEdit)})
        copying = [each for each in dialog.findChildren(QPushButton) if each.text().startswith("Copy")]
        for each, text in zip(copying, seen[-1].values(), strict=True):
            each.click()
            assert (QGuiApplication.clipboard().text(), each.text()) == (text, COPIED)
        return 1

    monkeypatch.setattr(lab.logins, "make", make)
    monkeypatch.setattr(PasswordDialog, "exec", show)
    window.show_tab(2)
    window.annotators.login()
    window.annotators.login()
    assert [login for login, _ in made] == ["c01", "c01"]
    assert seen == [
        {
            "Password of c01": password,
            "Line of c01": f"lab.example:5432:kitchen:c01:{password}",
            "Command of c01": "woz new FOLDER --database postgresql+psycopg://c01@lab.example/kitchen",
        }
        for _, password in made
    ]
    assert len({password for _, password in made}) == 2


def test_no_character_of_a_line_to_be_copied_is_hidden(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    told = SigningIn.of(server_url("postgresql://boss@annotations.lab.example/kitchen"), "a" * 20, "p" * 32)
    dialog = PasswordDialog("a" * 20, "p" * 32, told)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    for each in dialog.findChildren(QPlainTextEdit):
        assert each.verticalScrollBar().maximum() == 0, each.accessibleName()


def test_a_button_that_copied_says_so_for_a_while(qtbot: QtBot) -> None:
    made = copy_button("Copy the line", "a line")
    qtbot.addWidget(made)
    made.click()
    made.click()
    assert (QGuiApplication.clipboard().text(), made.text()) == ("a line", COPIED)
    qtbot.waitUntil(lambda: made.text() == "Copy the line")
    assert made.accessibleName() == "Copy the line"


def test_a_password_is_shown_also_where_the_list_can_t_be_read_anew(
    qtbot: QtBot, lab: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is kept nowhere: it would have to be made again."""
    add_annotator(lab, "C01")
    window = _window(qtbot, lab)
    made, seen = list[str](), list[str]()
    url = server_url("postgresql://boss:secret@lab.example/kitchen")
    monkeypatch.setattr(lab, "place", replace(lab.place, url=url))
    window.show_tab(2)

    def make(person: object, login: str, password: str) -> None:
        made.append(password)

    def show(dialog: PasswordDialog) -> int:
        fields = dialog.findChildren(QPlainTextEdit)
        seen.extend(each.toPlainText() for each in fields if each.accessibleName() == "Password of c01")
        return 1

    def away() -> None:
        raise WozError("The server doesn't answer.")

    monkeypatch.setattr(lab.logins, "make", make)
    monkeypatch.setattr(PasswordDialog, "exec", show)
    monkeypatch.setattr(window.annotators, "look", away)
    window.annotators.login()
    assert seen == made
    assert len(made) == 1
    assert window.banner.text == "The server doesn't answer."


def test_calibration_shows_what_fails_and_a_honeypot_needs_gold(qtbot: QtBot, tmp_path: Path) -> None:
    with doubled_project(tmp_path / "lab", 8, 20) as project:
        window = _window(qtbot, project)
        page = _calibration(window)
        page.reference.setCurrentText("A02")
        page.f1.setValue(1.0)
        page.apart.setValue(0.0)
        page.measure()
        assert "A03 doesn't pass against A02" in page.verdict.text()
        assert page.list.rowCount() > 0
        assert _cell(page.list, 0, 6) == "⚠ fails"
        assert "Begins:" in page.why.toPlainText()
        page.reference.setCurrentText("A03")
        page.measure()
        assert "against themselves" in window.banner.text
        page.plant()
        assert "has gold" in window.banner.text
        whose, boss = project.annotators.named("A03"), project.annotators.all()[0]
        with pytest.raises(WozError, match="no gold"):
            honeypot(project, DOUBLED, "steps", (whose, boss), (0.1, 0), CLOCK)


def test_calibration_says_that_the_gold_isnt_finished(qtbot: QtBot, tmp_path: Path) -> None:
    with doubled_project(tmp_path / "lab", 8, 20) as project:
        boss = project.annotators.named("A01")
        found = table(project, DOUBLED, "steps", boss, CLOCK)
        taken = agreed_edit(found.state(project.annotations.load(DOUBLED)), boss.id, CLOCK.utc_ns())
        project.annotations.record(DOUBLED, taken, boss.id)
        page = _calibration(_window(qtbot, project))
        page.measure()
        assert "against gold" in page.verdict.text()
        assert f"isn't finished in {DOUBLED}" in page.caveat.text
        page.caveat.copying.click()
        wanted = f"woz adjudicate {quoted(project.path)} --session {DOUBLED} --tier-type steps"
        assert QGuiApplication.clipboard().text() == wanted
        assert wanted in page.caveat.text
        page.who.activated.emit(0)
        assert page.caveat.isHidden()
        move_tier(project, DOUBLED, found.gold, TierState.SUBMITTED, boss, "")
        page.measure()
        assert page.caveat.text == ""


def test_a_honeypot_is_planted_blind_and_measures_its_windows_alone(qtbot: QtBot, tmp_path: Path) -> None:
    session = SessionId("week-03")
    with Project.open(weeks_project(tmp_path), CLOCK) as project:
        whose = add_annotator(project, "A03")
        gold = next(each.tier_id for each in project.assignments.all(session) if each.part == Part.ADJUDICATOR)
        move_tier(project, session, gold, TierState.SUBMITTED, project.annotators.named("C01"), "")
        window = _window(qtbot, project)
        page = _calibration(window)
        page.assigner.setCurrentText("C01")
        page.share.setValue(25)
        page.who.setCurrentText("A02")
        page.measure()
        assert page.list.rowCount() > 0
        page.who.setCurrentText("A03")
        page.session.setCurrentIndex(page.session.findData(session))
        page.plant()
        assert ("A03 was given" in page.verdict.text(), page.list.rowCount()) == (True, 0)
        (work,) = (each for each in project.assignments.all(session) if each.annotator_id == whose.id)
        assert sum(each.duration_ns for each in work.windows) == MARKS * SLOT_S * NS_PER_S // 4
        seen = project.seen_by(whose.id).annotations.load(session)
        assert [each.id for each in seen if isinstance(each, Tier | Annotation)] == [work.tier_id]
        marked = [
            m for m in project.annotations.load(session) if str(m.id).startswith(f"{session}-{Part.ADJUDICATOR}-")
        ]
        inside = [
            m for m in marked if isinstance(m, Annotation) and any(m.interval.intersects(w) for w in work.windows)
        ]
        late = tuple(
            replace(m, id=AnnotationId(f"own-{m.id}"), tier_id=work.tier_id, end_ns=(m.end_ns or 0) + 2 * NS_PER_S)
            for m in inside
        )
        project.annotations.record(session, Edit("Mark", (), late), whose.id)
        page.least.setValue(1)
        page.measure()
        assert "A03 doesn't pass against gold, 1 session" in page.verdict.text()
        marks = sum(int(_cell(page.list, row, 1)) for row in range(page.list.rowCount()))
        assert marks == len(inside)
        window.close()


def test_the_command_tells_the_same(lab: Project, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(lab.path)
    assert main(["people", place]) == 0
    told = capsys.readouterr().out
    assert "P01  trainee, 1 session, 1.0 h  ⚠ missing: public release; due since 2023-02-01" in told
    assert "release lamps 1.0.0  ⚠" in told
    assert main(["people", place, "--due"]) == 0
    assert f"woz withdraw {place} P01 --dry-run" in capsys.readouterr().out
    assert main(["people", place, "P01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lacking"] == ["release"]
    assert main(["people", place, "--keep", "6"]) == 0
    assert "kept for 6 months: all other protocols" in capsys.readouterr().out
    assert main(["people", place, "--due", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    for wrong in (["--keep", "-3"], ["--keep", "6", "--protocol", "nothing"], ["P99"]):
        assert main(["people", place, *wrong]) == 1
        assert capsys.readouterr().err.startswith("woz: ")
    assert [each.pseudonym for each in lab.participants.all()] == ["P01"]
