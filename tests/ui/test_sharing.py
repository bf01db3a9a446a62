"""Two people in one session: what one does, the other sees; neither window waits for the database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, LOOSE, SESSION, SID, TIER, segment
from ui.editor.run import shared_editor
from woz.annotation.edits import Edit
from woz.annotation.patience import Patience
from woz.base.errors import UnreachableError
from woz.model.own_schemes import CONVERSATION

PATIENCE_MS = 180_000


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as made:
        made.sessions.save(SESSION)
        for scheme in (CONVERSATION, LOOSE):
            made.schemes.add(scheme)
        yield made


def test_what_another_does_is_shown(qtbot: QtBot, qapp: QApplication, project: Project) -> None:
    with shared_editor(project, SID, "ada") as window, Project.open(project.path, CLOCK) as other:
        other.annotations.record(SID, Edit("tier", (), (TIER, segment("a"))), "bob")
        qtbot.waitUntil(lambda: len(window.document.tiers) == 1, timeout=PATIENCE_MS)
        assert [each.id for each in window.document.annotations(TIER.id)] == ["a"]
        window.close()


def test_an_edit_is_shown_at_once_and_stored_beside_the_window(
    qtbot: QtBot, qapp: QApplication, project: Project
) -> None:
    project.annotations.record(SID, Edit("tier", (), (TIER,)), "ada")
    with shared_editor(project, SID, "ada") as window:
        window.document.apply(Edit("new", (), (segment("a"),)))
        assert [each.id for each in window.document.annotations(TIER.id)] == ["a"]
        qtbot.waitUntil(lambda: window.document.saved, timeout=PATIENCE_MS)
        assert window._saved.text() == "All changes saved"
        window.document.apply(Edit("another", (), (segment("b", 5, 9),)))
        window.close()
    assert {item.id for item in project.annotations.load(SID)} >= {"a", "b"}


def test_what_waits_when_the_window_closes_is_there_at_the_next_opening(
    qtbot: QtBot, qapp: QApplication, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.annotations.record(SID, Edit("tier", (), (TIER,)), "ada")

    def away(*_: object) -> NoReturn:
        raise UnreachableError("The lab's computer doesn't answer.")

    with monkeypatch.context() as patch, shared_editor(project, SID, "ada") as window:
        patch.setattr(project.annotations, "record", away)
        window.document.apply(Edit("new", (), (segment("a"),)))
        qtbot.waitUntil(lambda: "is kept on this computer" in window._banner._label.text(), timeout=PATIENCE_MS)
        patch.setattr(window.document, "redo", lambda initiator: None)
        window._redo_last()
        assert "is kept on this computer" in window._banner._label.text(), "what there is to redo isn't known yet"
        window.close()
    assert {item.id for item in project.annotations.load(SID)} == {TIER.id}
    with shared_editor(project, SID, "ada") as window:
        assert "is stored now (1 edit)" in window._banner._label.text()
        qtbot.waitUntil(lambda: window.document.saved, timeout=PATIENCE_MS)
        window.close()
    assert {item.id for item in project.annotations.load(SID)} == {TIER.id, "a"}


def test_what_is_being_stored_as_the_window_closes_is_kept_where_nobody_answers(
    qtbot: QtBot, qapp: QApplication, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server fell silent just now: that it is away is found out only after the window has closed. And what
    waits behind isn't asked for one after the other, each as long as a server may take to answer."""
    project.annotations.record(SID, Edit("tier", (), (TIER,)), "ada")
    asked, gone, calls = threading.Event(), threading.Event(), list[int]()
    close = Patience.close

    def silent(*_: object) -> NoReturn:
        calls.append(1)
        asked.set()
        gone.wait(PATIENCE_MS / 1000)
        raise UnreachableError("The lab's computer doesn't answer.")

    def closed(patience: Patience) -> None:
        close(patience)
        gone.set()

    with monkeypatch.context() as patch, shared_editor(project, SID, "ada") as window:
        patch.setattr(project.annotations, "record", silent)
        patch.setattr(Patience, "close", closed)
        for name in ("a", "b", "c"):
            window.document.apply(Edit(name, (), (segment(name, ord(name) * 10, ord(name) * 10 + 5),)))
        assert asked.wait(PATIENCE_MS / 1000)
        window.close()
    assert len(calls) == 1
    assert {item.id for item in project.annotations.load(SID)} == {TIER.id}
    with shared_editor(project, SID, "ada") as window:
        assert "is stored now (3 edits)" in window._banner._label.text()
        qtbot.waitUntil(lambda: window.document.saved, timeout=PATIENCE_MS)
        window.close()
    assert {item.id for item in project.annotations.load(SID)} == {TIER.id, "a", "b", "c"}
