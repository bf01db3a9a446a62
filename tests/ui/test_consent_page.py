"""Consents in the home window: entered, taken back, and of people put on record afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from storage import Project
from storage.copies.backup import back_up
from tests.storage.examples import CLOCK, SESSION, SID
from tests.ui.at_once import AtOnce
from ui.cli import main
from ui.editor.run import editor_window
from ui.home.consent_page import ConsentDialog
from ui.home.record_page import count_words
from ui.home.withdrawal_dialog import BACKUPS, FOLDER, RELEASE, WithdrawalDialog
from woz.base.errors import UnreachableError
from woz.lab.annotators import add_annotator
from woz.lab.library import DEMANDED
from woz.lab.people import PersonLine
from woz.model.ids import ParticipantId, ProcedureId
from woz.model.own_schemes import CONVERSATION
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.plan import day_of
from woz.model.procedure import Procedure
from woz.model.session import DataSetSource
from woz.privacy.consent import release_reason

P01 = Participant(ParticipantId("p"), "P01", Role.TRAINEE, (Consent(ConsentKind.RECORDING, "2.1", CLOCK.utc_ns()),))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as made:
        made.participants.save(P01)
        made.sessions.save(replace(SESSION, participants=(P01.id,)))
        yield made


def _reason(project: Project) -> str:
    session = project.sessions.get(SID)
    return release_reason(session, map(project.participants.get, session.participants))


def _shown(project: Project, qtbot: QtBot) -> ConsentDialog:
    dialog = ConsentDialog(project, SID, CLOCK)
    qtbot.addWidget(dialog)
    return dialog


@pytest.mark.parametrize(
    ("lacking", "due", "told"),
    [
        (0, 0, "3 on record: nobody lacks a consent, nobody is past a retention date."),
        (1, 1, "3 on record: 1 lacks a consent, 1 is past a retention date."),
        (2, 2, "3 on record: 2 lack a consent, 2 are past a retention date."),
    ],
)
def test_who_lacks_a_consent_is_counted_in_a_sentence(lacking: int, due: int, told: str) -> None:
    nobody = PersonLine("P01", "trainee", 1, 0.5, "", "", False)
    lines = [
        replace(nobody, lacking="release" * (at < lacking), due="due since then" * (at < due)) for at in range(3)
    ]
    assert count_words(lines) == told


def test_a_consent_is_entered_and_taken_back(project: Project, qtbot: QtBot) -> None:
    dialog = _shown(project, qtbot)
    assert any("public release is on record for P01" in part.text() for part in dialog.findChildren(QLabel))
    line = dialog._people[0]._consents._lines[ConsentKind.RELEASE]
    line.agreed.setChecked(True)
    line.version.setText("3.0")
    assert _reason(project)
    dialog.keep()
    assert dialog.result() == ConsentDialog.DialogCode.Accepted
    assert _reason(project) == ""
    kept = {consent.kind: consent for consent in project.participants.get(P01.id).consents}
    assert kept[ConsentKind.RELEASE].version == "3.0"
    assert kept[ConsentKind.RECORDING] == P01.consents[0]
    again = _shown(project, qtbot)
    again._people[0]._consents._lines[ConsentKind.RELEASE].agreed.setChecked(False)
    again.keep()
    assert "P01" in _reason(project)


@pytest.mark.parametrize("answer", [True, False])
def test_a_withdrawal_is_asked_about(
    project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, answer: bool
) -> None:
    asked: list[str] = []

    def sure(parent: object, question: str, *words: str) -> bool:
        asked.append(question)
        return answer

    monkeypatch.setattr("ui.home.consent_page.sure", sure)
    dialog = _shown(project, qtbot)
    dialog._people[0]._withdrawn.setChecked(True)
    dialog.keep()
    assert len(asked) == 1
    assert "P01" in asked[0]
    assert project.participants.get(P01.id).withdrawn is answer
    assert project.participants.get(P01.id).consents == P01.consents


def test_somebody_is_put_on_record_afterwards(project: Project, qtbot: QtBot) -> None:
    dialog = _shown(project, qtbot)
    dialog._role.setCurrentText("expert")
    for wrong in ("Ada Lovelace", "P01", ""):
        dialog._pseudonym.setCurrentText(wrong)
        dialog.put_on_record()
        assert dialog._banner.text
        assert len(dialog._people) == 1
    dialog._pseudonym.setCurrentText("E01")
    dialog.put_on_record()
    assert dialog._banner.text == ""
    dialog._people[1]._consents._lines[ConsentKind.RELEASE].agreed.setChecked(True)
    assert len(project.participants.all()) == 1
    dialog.keep()
    session = project.sessions.get(SID)
    expert = project.participants.get(session.participants[1])
    assert (expert.pseudonym, session.attendance[0].role) == ("E01", Role.EXPERT)
    assert [consent.kind for consent in expert.consents] == [ConsentKind.RELEASE]


def test_all_that_was_entered_is_kept_or_nothing(
    project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server goes after the first of two people; what was entered stands in the form still."""
    dialog = _shown(project, qtbot)
    dialog._people[0]._consents._lines[ConsentKind.RELEASE].agreed.setChecked(True)
    dialog._pseudonym.setCurrentText("E01")
    dialog.put_on_record()
    dialog._people[1]._consents._lines[ConsentKind.RELEASE].agreed.setChecked(True)
    keep = project.participants.save

    def go(person: Participant) -> None:
        if person.pseudonym == "E01":
            raise UnreachableError("The server doesn't answer.")
        keep(person)

    with monkeypatch.context() as gone:
        gone.setattr(project.participants, "save", go)
        dialog.keep()
    assert (dialog._banner.text, dialog.result()) == ("The server doesn't answer.", 0)
    assert project.participants.all() == [P01]
    dialog.keep()
    kept = {each.pseudonym: {c.kind for c in each.consents} for each in project.participants.all()}
    assert kept == {"P01": {ConsentKind.RECORDING, ConsentKind.RELEASE}, "E01": {ConsentKind.RELEASE}}


def test_a_data_set_has_a_name_and_a_licence(project: Project, qtbot: QtBot) -> None:
    dialog = _shown(project, qtbot)
    dialog._source.setText("Table tasks")
    dialog.keep()
    assert "licence" in dialog._banner.text
    assert project.sessions.get(SID).provenance is None
    dialog._licence.setText("CC-BY-4.0")
    dialog.keep()
    assert project.sessions.get(SID).provenance == DataSetSource("Table tasks", "CC-BY-4.0")
    assert _reason(project) == ""


def test_the_editor_has_a_lamp_for_it(project: Project, qtbot: QtBot) -> None:
    project.schemes.add(CONVERSATION)
    project.sessions.save(replace(project.sessions.get(SID), duration_ns=600_000_000_000))
    who = add_annotator(project, "A01")
    for consents, told in (((), "A consent is missing: privacy notice of P01"), (DEMANDED, "")):
        given = tuple(Consent(kind, "1", 5) for kind in consents)
        project.participants.save(replace(P01, consents=(*P01.consents, *given)))
        window = editor_window(project, SID, who.id, AtOnce())
        qtbot.addWidget(window)
        assert window.lamp.text.startswith(told)
        assert bool(window.lamp.text) == bool(told)


def test_leaving_keeps_nothing(project: Project, qtbot: QtBot) -> None:
    dialog = _shown(project, qtbot)
    dialog._people[0]._consents._lines[ConsentKind.RELEASE].agreed.setChecked(True)
    dialog._pseudonym.setCurrentText("E01")
    dialog.put_on_record()
    dialog.reject()
    assert project.participants.all() == [P01]


def test_tab_reaches_people_before_what_is_added_and_kept(project: Project, qtbot: QtBot) -> None:
    dialog = _shown(project, qtbot)
    dialog.show()
    names: list[str] = []
    at = dialog.nextInFocusChain()
    while at is not None and at is not dialog:
        names.append(at.accessibleName())
        at = at.nextInFocusChain()
    release = names.index("Consent to public release")
    assert release < names.index("Name of the published data set") < names.index("Keep")


def test_who_is_put_on_record_comes_by_tab_after_the_people_and_before_the_rest(
    project: Project, qtbot: QtBot
) -> None:
    dialog = _shown(project, qtbot)
    dialog.show()
    dialog._pseudonym.setCurrentText("E01")
    dialog.put_on_record()
    names: list[str] = []
    at = dialog.nextInFocusChain()
    while at is not None and at is not dialog:
        names.append(at.accessibleName())
        at = at.nextInFocusChain()
    order = ["P01 has withdrawn from the study", "E01 has withdrawn from the study"]
    order += ["Pseudonym of somebody who was in the session", "Keep"]
    assert [name for name in names if name in order] == order


def test_a_withdrawal_shows_its_plan_and_wants_the_pseudonym(project: Project, qtbot: QtBot) -> None:
    """Nothing is changed by the window; the command is what carries it out."""
    dialog = WithdrawalDialog(project, "P01")
    qtbot.addWidget(dialog)
    assert "P01 was in 1 session" in dialog._plan.toPlainText()
    assert not dialog._begin.isEnabled()
    qtbot.keyClicks(dialog._typed, "P0")
    assert not dialog._begin.isEnabled()
    qtbot.keyClicks(dialog._typed, "1")
    qtbot.mouseClick(dialog._begin, Qt.MouseButton.LeftButton)
    assert dialog.result() == WithdrawalDialog.DialogCode.Accepted
    assert dialog.arguments == ["withdraw", str(project.path), "P01", "--yes"]
    assert not project.participants.get(P01.id).withdrawn


def test_what_is_named_beside_the_project_is_planned_before_it_can_be_allowed(
    project: Project, qtbot: QtBot, tmp_path: Path
) -> None:
    run, backups = tmp_path / "run", tmp_path / "backups"
    run.mkdir()
    (run / f"{SID}.json").write_text("{}")
    copy = back_up(project, backups, False, CLOCK, lambda *_: None).folder
    dialog = WithdrawalDialog(project, "P01")
    qtbot.addWidget(dialog)
    qtbot.keyClicks(dialog._typed, "P01")
    assert (dialog._begin.isEnabled(), dialog._again.isEnabled()) == (True, False)
    dialog._fields[BACKUPS].show_path(str(run))
    assert (dialog._begin.isEnabled(), dialog._again.isEnabled()) == (False, True)
    qtbot.mouseClick(dialog._again, Qt.MouseButton.LeftButton)
    assert "has no backup of this project" in dialog._told.text()
    assert not dialog._begin.isEnabled()
    dialog._fields[BACKUPS].show_path(str(backups))
    dialog._fields[FOLDER].show_path(str(run))
    qtbot.mouseClick(dialog._again, Qt.MouseButton.LeftButton)
    assert f"Backup {copy}" in dialog._plan.toPlainText()
    assert f"    {SID}.json" in dialog._plan.toPlainText()
    assert dialog._begin.isEnabled()
    named = ["--folders", str(run), "--backups", str(backups)]
    assert dialog.arguments == ["withdraw", str(project.path), "P01", "--yes", *named]
    dialog._fields[RELEASE].show_path(str(run))
    qtbot.mouseClick(dialog._again, Qt.MouseButton.LeftButton)
    assert dialog._told.text()
    assert not dialog._begin.isEnabled()


def test_a_withdrawals_plan_names_sessions_as_people_know_them_and_keeps_no_title(
    project: Project, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the id, which commands take; a title may go with the rest."""
    procedure = Procedure(ProcedureId("baking"), "Bake a cake")
    project.procedures.save(procedure)
    project.sessions.save(replace(SESSION, participants=(P01.id,), procedure_id=procedure.id))
    wanted = f"Cake, {day_of(SESSION.start_utc_ns)}, Bake a cake (trainee; {SID}): "
    dialog = WithdrawalDialog(project, "P01")
    qtbot.addWidget(dialog)
    assert wanted in dialog._plan.toPlainText()
    assert main(["withdraw", str(project.path), "P01", "--dry-run"]) == 0
    assert wanted in capsys.readouterr().out
    assert main(["withdraw", str(project.path), "P01", "--dry-run", "--json"]) == 0
    assert "Cake" not in capsys.readouterr().out


def test_a_withdrawal_that_is_refused_is_shown_with_the_reason_and_can_t_begin(
    project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(project.withdrawals), "refused", lambda _: "Only ada may do this.")
    dialog = WithdrawalDialog(project, "P01")
    qtbot.addWidget(dialog)
    assert dialog._plan.toPlainText().startswith("Only ada may do this.\n")
    assert any(each.text() == "Only ada may do this." for each in dialog.findChildren(QLabel))
    qtbot.keyClicks(dialog._typed, "P01")
    assert (dialog._typed.isEnabled(), dialog._begin.isEnabled()) == (False, False)


def test_the_consents_lead_to_a_withdrawal(project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _shown(project, qtbot)
    monkeypatch.setattr(WithdrawalDialog, "exec", lambda _: True)
    qtbot.mouseClick(shown._people[0]._leave, Qt.MouseButton.LeftButton)
    assert list(shown.wanted) == ["withdraw", str(project.path), "P01", "--yes"]
    assert shown.result() == ConsentDialog.DialogCode.Rejected
