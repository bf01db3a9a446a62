"""A desk of its own on a session without a procedure, and a hand that presses its keys."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import editor_at_once
from tests.ui.recorded_session import CLOCK, FRAME_NS, record_session
from ui import theme
from ui.editor.new_tier import NewTierDialog
from ui.editor.window import EditorWindow
from woz.lab.annotators import add_annotator
from woz.lab.taking_in import take_in
from woz.model.annotation import Annotation
from woz.model.ids import LabelId, SchemeId, SessionId, TierId
from woz.model.scheme import AttributeType, Choice, Label, Overlap, Scheme, Shape, TierType, ValueKind
from woz.model.session import Session, SessionState

SID = SessionId("20260101-000000-0000")
PATIENCE_MS = 120_000


def _label(key: str, name: str, shortcut: str, *attributes: AttributeType) -> Label:
    return Label(LabelId(key), key, {"en": name}, "#4e79a7", shortcut, attributes=attributes)


SCHEME = Scheme(
    SchemeId("kitchen"),
    "Kitchen",
    1,
    (
        TierType(
            "acts",
            {"en": "Acts"},
            labels=(
                _label("cut", "Cut", "1"),
                _label("stir", "Stir", "2", AttributeType("how", ValueKind.TEXT, {"en": "How"})),
                _label("wash", "Wash up", "W"),
                _label("far", "Fetch from afar", ""),
            ),
            attributes=(
                AttributeType("done", ValueKind.BOOL, {"en": "Done"}),
                AttributeType("rating", ValueKind.NUMBER, {"en": "Rating"}, low=1, high=5, required="always"),
                AttributeType("kind", ValueKind.CHOICE, {"en": "Kind"}, (Choice("a"), Choice("b", {"en": "Both"}))),
                AttributeType(
                    "errors", ValueKind.SEVERAL_WITH_TEXT, {"en": "Errors"}, (Choice("slip"), Choice("order"))
                ),
            ),
        ),
        TierType("looks", {"en": "Looks"}, Shape.POINT, overlap=Overlap.ANY, labels=(_label("up", "Up", "1"),)),
        TierType(
            "hands",
            {"en": "Hands"},
            overlap=Overlap.OTHER_LABEL,
            labels=(_label("left", "Left", "1"), _label("right", "Right", "2")),
        ),
        TierType(
            "comments",
            {"en": "Comments"},
            Shape.POINT,
            overlap=Overlap.ANY,
            labels=(_label("comment", "Comment", "1"),),
            attributes=(
                AttributeType("text", ValueKind.TEXT, {"en": "What is said"}),
                AttributeType("recording", ValueKind.SOUND, {"en": "Recording"}),
                AttributeType("duration", ValueKind.NUMBER, {"en": "Length"}),
                AttributeType("rating", ValueKind.NUMBER, {"en": "Rating"}, low=1, high=10, required="always"),
                AttributeType("why", ValueKind.TEXT, {"en": "Why"}),
            ),
        ),
        TierType("skill", {"en": "Skill"}, Shape.SESSION, labels=(_label("novice", "Novice", "1"),)),
    ),
)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session without a procedure: nothing is annotated, and there is no tier."""
    path = tmp_path_factory.mktemp("project") / "p"
    with Project.create(path, "Kitchen", CLOCK) as project:
        project.sessions.save(Session(SID, "Lamp", SessionState.RECORDING, CLOCK.utc_ns()))
        manifest = record_session(project.sessions_dir)
        (project.session_dir(SID) / "events.jsonl").write_text("", encoding="utf-8")
        take_in(project, manifest)
        project.schemes.keep(SCHEME)
        add_annotator(project, "A01")
    return path


def once_open(do: Callable[[QDialog], None]) -> None:
    """With the dialog that a key opens. One that is still there where this fails is closed, else its key never
    returns; where none comes, it is waited for no longer than for anything.
    """
    until_s = time.monotonic() + PATIENCE_MS / 1000

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            _do_with(dialog, do)
        elif time.monotonic() < until_s:
            QTimer.singleShot(5, look)

    look()


def _do_with(dialog: QDialog, do: Callable[[QDialog], None]) -> None:
    QTimer.singleShot(PATIENCE_MS, dialog, dialog.reject)
    try:
        do(dialog)
    except BaseException:
        dialog.reject()
        raise


class Hand:
    """Presses keys where the focus is."""

    def __init__(self, qtbot: QtBot, window: EditorWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.document = window.document

    def press(self, *keys: str) -> None:
        for key in keys:
            if not self.window.isActiveWindow():
                self.window.activateWindow()
                self.qtbot.waitUntil(self.window.isActiveWindow)
            combination = QKeySequence(key)[0]  # type: ignore[index]
            self.qtbot.keyClick(self.window, combination.key(), combination.keyboardModifiers())

    def answer(self, key: str, *typed: str) -> None:
        """Press a key that opens a dialog; type into it, and press Enter."""

        def into(dialog: QDialog) -> None:
            for text in typed:
                self.qtbot.keyClicks(dialog.focusWidget() or dialog, text)
            self.qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)

        once_open(into)
        self.press(key)

    def new_tier(self, name: str) -> TierId:
        """Of the tier type with this name, as one picks it."""

        def into(dialog: QDialog) -> None:
            assert isinstance(dialog, NewTierDialog)
            while dialog.offer and dialog.offer.tier_type.name() != name:
                at = dialog.list.currentRow()
                self.qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
                assert dialog.list.currentRow() != at, f"no tier type is called {name}"
            self.qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
            dialog.accept()

        once_open(into)
        self.press("Ctrl+N")
        tier = self.window._tier
        assert tier
        return tier.id

    @property
    def said(self) -> str:
        return self.window._banner.text

    @property
    def items(self) -> list[Annotation]:
        return list(self.document.annotations(self.window._tier.id)) if self.window._tier else []

    @property
    def spans(self) -> list[tuple[str, int, int]]:
        """Label and frames."""
        return [(a.label, a.interval.start_ns // FRAME_NS, a.interval.end_ns // FRAME_NS) for a in self.items]

    def running(self) -> str | None:
        """The label of what is tapped and not ended."""
        running = self.window._marking.tapping.running
        return running.label if running else None

    def plays(self) -> bool:
        return self.window.player.playing

    def stand(self, frame: int) -> None:
        self.window.player.show_frame(frame)


def opened(qtbot: QtBot, qapp: QApplication, project: Project) -> Hand:
    """The desk of the project's only annotator, on its only session, shown and active."""
    theme.apply(qapp, "light")
    (session,), (ada,) = project.sessions.all(), project.annotators.all()
    window = editor_at_once(project, session.id, ada.id)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return Hand(qtbot, window)


@pytest.fixture
def hand(qtbot: QtBot, qapp: QApplication, recorded: Path) -> Iterator[Hand]:
    with Project.open(recorded, CLOCK) as project:
        made = opened(qtbot, qapp, project)
        yield made
        while made.document.undo_name:
            made.document.undo()
        made.window.close()
