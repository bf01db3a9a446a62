"""From the home window to agreement and adjudication, by pressed keys; and what isn't there yet says why."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from tests.ui.adjudication_room import doubled_project
from ui.application.children import Children
from ui.cli import main
from ui.home.comparing_dialog import BLIND, BY_NAME, OF_ANOTHER, TWO, AdjudicationDialog, AgreementDialog
from ui.home.run import Home
from ui.home.window import ADJUDICATION, AGREEMENT, NOT_SUBMITTED, NOT_TWICE, HomeWindow
from woz.annotation.edits import Edit
from woz.lab.adjudicating import table
from woz.lab.annotators import give_roles
from woz.lab.comparable import Comparable, comparable, comparable_by_name
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole, BlindScope, BlindTo
from woz.model.ids import AnnotationId, BlindScopeId, SessionId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState

Key, Ctrl, Shift = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    made: list[tuple[str, ...]] = []
    monkeypatch.setattr(Children, "start", lambda _, *arguments: made.append(arguments))
    return made


@contextlib.contextmanager
def _home(project: Project, qtbot: QtBot) -> Iterator[HomeWindow]:
    window = HomeWindow()
    qtbot.addWidget(window)
    settings = QSettings(str(project.path / "settings.ini"), QSettings.Format.IniFormat)
    home = Home(window, CLOCK, settings)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    home.open(str(project.path))
    try:
        qtbot.waitUntil(lambda: window.selected == SID)
        yield window
    finally:
        home.close()


def _with_dialog(
    window: HomeWindow, kind: type[AgreementDialog | AdjudicationDialog], press: Callable[..., None]
) -> None:
    """Once the dialog is the active one, press its keys."""

    timer = QTimer(window, interval=20)

    def look() -> None:
        shown = QApplication.activeModalWidget()
        if isinstance(shown, kind) and shown.isActiveWindow():
            timer.stop()
            try:
                press(shown)
            except BaseException:
                shown.reject()
                raise

    timer.timeout.connect(look)
    timer.start()


def test_agreement_and_adjudication_are_opened_by_key(
    tmp_path: Path, qtbot: QtBot, started: list[tuple[str, ...]]
) -> None:
    with doubled_project(tmp_path / "lab", 8, 4) as project, _home(project, qtbot) as window:
        path = str(project.path)

        def choose(dialog: AgreementDialog) -> None:
            pair = dialog.findChildren(QComboBox)[2]
            pair.setFocus()
            qtbot.keyClick(pair, Key.Key_Down)
            qtbot.keyClick(dialog, Key.Key_Return)

        _with_dialog(window, AgreementDialog, choose)
        qtbot.keyClick(window, Key.Key_A, Ctrl | Shift)
        given = ("--tier-type", "steps", "--as", "A01", "--session", SID, "--annotators", "A02", "A03")
        assert started.pop() == ("agree", path, "--window", *given)
        with qtbot.waitActive(window):
            window.activateWindow()

        def nearer(dialog: AdjudicationDialog) -> None:
            dialog._tolerance.setValue(0.25)
            qtbot.keyClick(dialog.focusWidget(), Key.Key_Return)

        _with_dialog(window, AdjudicationDialog, nearer)
        qtbot.keyClick(window, Key.Key_J, Ctrl | Shift)
        asked = ("--session", SID, "--tier-type", "steps", "--annotator", "A01", "--tolerance", "0.25")
        assert started.pop() == ("adjudicate", path, *asked)


def test_machines_and_single_tiers_are_compared_where_they_are_chosen(
    tmp_path: Path, qtbot: QtBot, started: list[tuple[str, ...]]
) -> None:
    """By keys: a machine with one of A02's two tiers; tiers one by one only in a chosen session."""
    with doubled_project(tmp_path / "lab", 8, 4) as project:
        first = _twice_by_ada_once_by_machine(project)
        with _home(project, qtbot) as window:

            def choose(dialog: AgreementDialog) -> None:
                dialog._pair.setCurrentText(BY_NAME)
                assert not dialog._go.isEnabled()
                assert TWO in [each.text() for each in dialog.findChildren(QLabel)]
                names, tiers = _offered(dialog), [f"A02 ({each[:8]})" for each in sorted(("again", first))]
                assert names == ["A02", "A03", "by-rules", *tiers]
                for name in ("by-rules", "A02 (again)"):
                    dialog._coders.setCurrentRow(names.index(name))
                    qtbot.keyClick(dialog._coders, Key.Key_Space)
                assert dialog._go.isEnabled()
                qtbot.keyClick(dialog._coders, Key.Key_Return)

            _with_dialog(window, AgreementDialog, choose)
            qtbot.keyClick(window, Key.Key_A, Ctrl | Shift)
            command = started.pop()
        assert command[-3:] == ("--annotators", "by-rules", "again")
        assert main([each for each in command if each != "--window"]) == 0
        dialog = AgreementDialog(comparable_by_name(project.library.sessions()), project.annotators.all())
        qtbot.addWidget(dialog)
        dialog._pair.setCurrentText(BY_NAME)
        assert _offered(dialog) == ["A02", "A03", "by-rules"]


def _offered(dialog: AgreementDialog) -> list[str]:
    """Who can be chosen in the list."""
    return [dialog._coders.item(at).text() for at in range(dialog._coders.count())]


def _twice_by_ada_once_by_machine(project: Project) -> TierId:
    """A02's first tier's id; the second one is "again"."""
    ada = project.annotators.named("A02")
    items = project.annotations.load(SID)
    own = next(each for each in items if isinstance(each, Tier) and each.annotator_id == ada.id)
    marks = [each for each in items if isinstance(each, Annotation) and each.tier_id == own.id]
    drafted = Made(Origin.MACHINE, "by-rules")
    again = replace(own, id=TierId("again"), name="Again", state=TierState.IN_WORK)
    draft = replace(own, id=TierId("draft"), made=drafted, annotator_id=None, state=TierState.IN_WORK)
    copied = [
        replace(mark, id=AnnotationId(f"{tier.id} {mark.id}"), tier_id=tier.id, made=tier.made)
        for tier in (again, draft)
        for mark in marks
    ]
    for tier in (again, draft):
        own_marks = [each for each in copied if each.tier_id == tier.id]
        project.annotations.record(SID, Edit("Code", (), (tier, *own_marks)), tier.made.by)
    return own.id


def test_a_machine_beside_one_person_is_enough_to_compare_and_hidden_from_who_is_blind_to_it(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with doubled_project(tmp_path / "lab", 8, 4) as project:
        _twice_by_ada_once_by_machine(project)
        (found,), people = comparable_by_name(project.library.sessions()), project.annotators.all()
    boss, ada, _ = people
    alone = replace(found, coders=(ada.id,), single=())
    scope = BlindScope(BlindScopeId("b"), boss.id, SID, "", to=BlindTo.MACHINES)

    def offered(*scopes: BlindScope) -> tuple[list[str], list[str], bool]:
        dialog = AgreementDialog([alone], people, last="A01", scopes=scopes)
        qtbot.addWidget(dialog)
        pairs = [dialog._pair.itemText(at) for at in range(dialog._pair.count())]
        return pairs, _offered(dialog), dialog._coders.isVisibleTo(dialog)

    assert offered() == ([BY_NAME], ["A02", "by-rules"], True)
    assert offered(scope) == ([], [], False)
    assert offered(replace(scope, annotator_id=ada.id))[0] == [BY_NAME]


def test_what_is_not_submitted_is_compared_but_not_decided(
    tmp_path: Path, qtbot: QtBot, started: list[tuple[str, ...]]
) -> None:
    with doubled_project(tmp_path / "lab", 8, 4) as project:
        (found,) = comparable(project.library.sessions())
        assert (found.compared, found.decidable, len(found.coders)) == (True, True, 2)
        ada = project.annotators.named("A02")
        (own,) = (each for each in project.assignments.all(SID) if each.annotator_id == ada.id)
        move_tier(project, SID, own.tier_id, TierState.IN_WORK, ada, "")
        (found,) = comparable(project.library.sessions())
        assert (found.compared, found.decidable, found.unready) == (True, False, (ada.id,))
        dialog = AdjudicationDialog([found], project.annotators.all())
        qtbot.addWidget(dialog)
        assert dialog.arguments("lab")[-2:] == ["--tolerance", "0.5"]
        assert any("Not all have submitted theirs yet: A02." in each.text() for each in dialog.findChildren(QLabel))
        qtbot.keyClick(dialog, Key.Key_Return)
        assert not dialog.result()
        with _home(project, qtbot) as window:
            qtbot.keyClick(window, Key.Key_J, Ctrl | Shift)
            assert _named(window, "Adjudicate").text().endswith(f"({NOT_SUBMITTED})")
            assert window._banner.text == f"{ADJUDICATION}: {NOT_SUBMITTED}."
            assert _named(window, "Agreement").text() == AGREEMENT
    assert not started


def test_where_nothing_can_be_compared_the_entries_and_their_keys_say_so(
    tmp_path: Path, qtbot: QtBot, started: list[tuple[str, ...]]
) -> None:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.sessions.save(SESSION)
        with _home(project, qtbot) as window:
            for name, why, key in ((AGREEMENT, NOT_TWICE, Key.Key_A), (ADJUDICATION, NOT_SUBMITTED, Key.Key_J)):
                assert _named(window, name).text() == f"{name} ({why})"
                qtbot.keyClick(window, key, Ctrl | Shift)
                assert window._banner.text == f"{name}: {why}."
    assert not started


def _named(window: HomeWindow, begin: str) -> QAction:
    return next(each for each in window.findChildren(QAction) if each.text().startswith(begin))


def test_who_logs_in_on_a_server_is_proposed_and_only_keepers_may_look_as_another(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with doubled_project(tmp_path / "lab", 8, 4) as project:
        found, people = comparable(project.library.sessions()), project.annotators.all()
    boss, ada, _ = people

    def offered(kind: type[AgreementDialog | AdjudicationDialog], login: Annotator) -> tuple[str, list[str]]:
        dialog = kind(found, people, last="A03", login=login)
        qtbot.addWidget(dialog)
        box = dialog.findChildren(QComboBox)[-1]
        return dialog.person, [box.itemText(at) for at in range(box.count())]

    assert offered(AgreementDialog, ada) == ("A02", ["A02"])
    assert offered(AgreementDialog, boss) == ("A01", ["A01", "A02", "A03"])
    assert offered(AdjudicationDialog, ada) == ("", [])
    assert offered(AdjudicationDialog, boss) == ("A01", ["A01"])


def test_what_somebody_is_blind_to_is_not_offered_to_be_shown_to_them(tmp_path: Path, qtbot: QtBot) -> None:
    with doubled_project(tmp_path / "lab", 8, 4) as project:
        found, people = comparable(project.library.sessions()), project.annotators.all()
        scopes = project.annotators.scopes()
    dialog = AgreementDialog(found, people, SID, last="A02", scopes=scopes)
    qtbot.addWidget(dialog)
    types, sessions, pairs, person = dialog.findChildren(QComboBox)
    assert (types.count(), sessions.count(), pairs.count()) == (0, 1, 0)
    assert BLIND.format(who="A02") in [each.text() for each in dialog.findChildren(QLabel)]
    dialog._go.click()
    assert not dialog.result()
    person.setCurrentText("A01")
    pairs.setCurrentText("A02 and A03")
    assert dialog.arguments("lab")[3:] == ["--tier-type", "steps", "--as", "A01", "--annotators", "A02", "A03"]
    dialog._go.click()
    assert dialog.result()


def test_a_blind_curator_who_logs_in_is_offered_nothing_of_it_in_the_name_of_somebody_else(
    tmp_path: Path, qtbot: QtBot
) -> None:
    """Nor all sessions, where it is hidden from them in some."""
    with doubled_project(tmp_path / "lab", 8, 4) as project:
        (found,), people = comparable(project.library.sessions()), project.annotators.all()
        scopes, own = project.annotators.scopes(), give_roles(project, "A02", (AnnotatorRole.CURATOR,))
    other = replace(found, session_id=SessionId("other"), title="Other")

    def offered(*seen: Comparable, login: Annotator | None = own) -> tuple[AgreementDialog, list[str]]:
        dialog = AgreementDialog(seen, people, SID, scopes=scopes, login=login)
        qtbot.addWidget(dialog)
        _, sessions, _, person = dialog.findChildren(QComboBox)
        person.setCurrentText("A01")
        return dialog, [sessions.itemData(at) for at in range(sessions.count())]

    dialog, _ = offered(found)
    assert BLIND.format(who="A02") in [each.text() for each in dialog.findChildren(QLabel)]
    dialog._go.click()
    assert not dialog.result()
    dialog, sessions = offered(found, other)
    assert (sessions, dialog._go.isEnabled()) == (["other"], True)
    assert dialog.arguments("lab")[5:] == ["--as", "A01", "--session", "other"]
    assert offered(found, other, login=None)[1] == ["", SID, "other"]


def test_a_gold_is_offered_to_whose_it_is_or_to_who_may_make_it(tmp_path: Path, qtbot: QtBot) -> None:
    with doubled_project(tmp_path / "lab", 8, 4) as project:
        give_roles(project, "A02", (AnnotatorRole.CURATOR,))
        ben = give_roles(project, "A03", (AnnotatorRole.CURATOR, AnnotatorRole.ADJUDICATOR))
        people = project.annotators.all()

        def offered() -> tuple[list[str], list[str]]:
            dialog = AdjudicationDialog(comparable(project.library.sessions()), people)
            qtbot.addWidget(dialog)
            alone = AdjudicationDialog(comparable(project.library.sessions()), people, login=people[0])
            qtbot.addWidget(alone)
            box = dialog.findChildren(QComboBox)[-1]
            said = [each.text() for each in alone.findChildren(QLabel)]
            return [box.itemText(at) for at in range(box.count())], said

        people_offered, _ = offered()
        assert people_offered == ["A01", "A03"]
        table(project, SID, "steps", ben, CLOCK)
        people_offered, said = offered()
        assert people_offered == ["A03"]
        assert OF_ANOTHER.format(who="A03") in said
