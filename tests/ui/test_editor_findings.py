"""A scheme of one's own in the editor: its keys make annotations; what they lack is counted, listed and led to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from storage import Project
from tests.core.scheme_room import scheme
from tests.ui.at_once import editor_at_once
from tests.ui.recorded_session import CLOCK, SID, record_session
from ui.editor.findings import FindingsButton, FindingsDialog
from ui.editor.timeline import Timeline
from ui.editor.timeline.layout import HEAD, STRIP
from ui.editor.window import EditorWindow
from ui.theme import colours
from woz.annotation.edits import Edit
from woz.lab.findings import session_findings
from woz.lab.schemes import begin_tiers, take_in_scheme
from woz.lab.taking_in import take_in
from woz.model.annotation import Annotation
from woz.model.item import ref_to
from woz.model.made import PROGRAM
from woz.model.session import Session, SessionState
from woz.model.tier import Tier

OWN = scheme("""
tier types:
  - key: states
    name: States
    labels:
      - {id: ask, name: Ask, shortcut: "1"}
      - {id: wait, name: Wait, shortcut: "q"}
    attributes: [{key: sure, name: Sure, kind: choice, values: [high, low], required: always}]
rules: [{key: short, when: duration < 100 s, message: It is short., level: warning}]
""")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p", "Kitchen", CLOCK) as made:
        made.sessions.save(Session(SID, "Lamp", SessionState.RECORDING, CLOCK.utc_ns()))
        take_in(made, record_session(made.sessions_dir))
        begin_tiers(made, SID, take_in_scheme(made, OWN))
        yield made


@pytest.fixture
def editor(project: Project, qtbot: QtBot) -> EditorWindow:
    made = editor_at_once(project, SID, PROGRAM)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made._choose(_states(made).id, None)
    return made


def _states(editor: EditorWindow) -> Tier:
    (found,) = [tier for tier in editor.document.tiers if tier.name == "States"]
    return found


def _marks(editor: EditorWindow) -> list[Annotation]:
    """Those in the tier of the own scheme."""
    tier_id = _states(editor).id
    return [item for item in editor.document.items if isinstance(item, Annotation) and item.tier_id == tier_id]


def test_what_is_missing_is_counted_listed_and_led_to(editor: EditorWindow, project: Project, qtbot: QtBot) -> None:
    counter = editor.findChild(FindingsButton)
    assert counter
    assert not counter.isVisible()
    editor.timeline.setFocus()
    qtbot.keyClick(editor.timeline, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: counter.text() == "1 error")
    assert counter.accessibleName() == "1 error, 1 warning"
    dialog = editor.findChild(FindingsDialog)
    assert dialog
    assert dialog.list.count() == 0, "a list that nobody sees is filled"
    (made,) = _marks(editor)
    assert made.label == "ask"
    editor.player.seek(4 * 10**9)
    qtbot.keyClick(editor.timeline, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    listed = dialog.list
    lines = [listed.item(i).text() for i in range(listed.count())]
    assert lines == ["States, 0:00.00, Ask: Sure is missing.", "States, 0:00.00, Ask: It is short."]
    assert lines == [each.words for each in session_findings(project, SID)]
    qtbot.waitUntil(listed.hasFocus)
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: editor.player.position_ns == 0)
    editor.document.apply(Edit("Sure", (made,), (made.with_value("sure", "low"),)))
    qtbot.waitUntil(lambda: counter.text() == "1 warning")
    qtbot.waitUntil(lambda: listed.count() == 1)


def test_a_key_of_the_scheme_beyond_the_digits_works_too(editor: EditorWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(editor.timeline, Qt.Key.Key_Q)
    assert [item.label for item in _marks(editor)] == ["wait"]


def test_what_is_missing_has_a_sign_at_its_place_and_in_the_strip(editor: EditorWindow, qtbot: QtBot) -> None:
    """An error is a triangle at its corner, a warning a dot; the strip of the whole session has a tick for each."""
    line, counter = editor.timeline, editor.findChild(FindingsButton)
    assert counter
    danger, warning = colours().of("danger"), colours().of("warning")
    qtbot.keyClick(line, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: counter.text() == "1 error")
    (made,) = _marks(editor)
    place = line.place_of(ref_to(made))
    assert place
    corner = QRect(int(place.x()), int(place.y()), 10, 10)
    strip = QRect(HEAD, 0, line.width() - HEAD, STRIP)
    assert _has(line, corner, danger)
    assert not _has(line, corner, warning)
    assert _has(line, strip, danger)
    assert line._told_at(place.center().toPoint()) == "Sure is missing.\nIt is short."
    editor.document.apply(Edit("Sure", (made,), (made.with_value("sure", "low"),)))
    qtbot.waitUntil(lambda: counter.text() == "1 warning")
    assert _has(line, corner, warning)
    assert not _has(line, strip, danger)
    assert _has(line, strip, warning)
    editor.document.undo()
    editor.document.undo()
    qtbot.waitUntil(lambda: not counter.isVisible())
    assert not _has(line, corner, warning)
    assert not _has(line, strip, warning)


def _has(line: Timeline, part: QRect, colour: QColor) -> bool:
    image = line.grab(part).toImage()
    return any(
        image.pixelColor(x, y).rgb() == colour.rgb() for x in range(image.width()) for y in range(image.height())
    )
