"""Who annotates is asked for: those known, or a new pseudonym; never a name, never the computer's account."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK
from ui.application.background import waited
from ui.widgets.annotator_dialog import AnnotatorDialog
from ui.widgets.who import LAST, annotator_of
from woz.base.errors import WozError


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "woz.ini"), QSettings.Format.IniFormat)


def _dialog(qtbot: QtBot, known: list[str], last: str = "") -> AnnotatorDialog:
    dialog = AnnotatorDialog(known, last)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_the_last_one_is_chosen_and_enter_goes_on(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, ["A01", "A02"], "A02")
    assert (dialog.pseudonym, dialog.new) == ("A02", False)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == AnnotatorDialog.DialogCode.Accepted


def test_nobody_is_chosen_where_nobody_was_here_before(qtbot: QtBot) -> None:
    for known in ([], ["A01"]):
        dialog = _dialog(qtbot, known, getpass.getuser())
        assert dialog.pseudonym == ""
        assert not dialog._go.isEnabled()


def test_a_new_pseudonym_is_typed_and_a_name_is_refused(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, ["A01"], "A01")
    qtbot.keyClicks(dialog._new, " A07 ")
    assert (dialog.pseudonym, dialog.new) == ("A07", True)
    assert "becomes an annotator" in dialog._said.text()
    dialog._new.setText("Anna Smith")
    assert not dialog._go.isEnabled()


def test_who_is_chosen_is_kept_in_the_project_and_offered_again(
    qtbot: QtBot, project: Project, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = []

    def answer(dialog: AnnotatorDialog) -> int:
        offered.append(dialog.pseudonym)
        if not dialog.pseudonym:
            dialog._new.setText("A07")
        return int(AnnotatorDialog.DialogCode.Accepted)

    monkeypatch.setattr(AnnotatorDialog, "exec", answer)
    first, again = annotator_of(project, "", settings), annotator_of(project, "", settings)
    assert first
    assert first == again
    assert (offered, settings.value(LAST)) == (["", "A07"], "A07")
    assert [person.pseudonym for person in waited(project.annotators.all)] == ["A07"]
    assert annotator_of(project, "A07", settings) == first
    with pytest.raises(WozError, match="A99"):
        annotator_of(project, "A99", settings)
    monkeypatch.setattr(AnnotatorDialog, "exec", lambda dialog: int(AnnotatorDialog.DialogCode.Rejected))
    assert annotator_of(project, "", settings) is None
