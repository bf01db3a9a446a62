"""Two people change the same field: the second one sees both values, and says by key or button whose holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, Qt
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.recorded_session import CLOCK, SID
from tests.ui.test_editor import project, recorded  # noqa: F401
from ui.editor.run import shared_editor
from ui.editor.window import EditorWindow
from woz.annotation import commands
from woz.annotation.edits import Edit
from woz.capture.tabletop import PROCEDURE
from woz.model.annotation import Annotation
from woz.model.item import ref_to
from woz.model.own_schemes import STEPS

FIRST, SECOND, THIRD = (step.id for step in PROCEDURE.steps[:3])


def _first(window: EditorWindow) -> Annotation:
    """The first step's segment, in the window that is shown."""
    window.show()
    window.activateWindow()
    tier = next(tier for tier in window.document.tiers if tier.tier_type == STEPS)
    return window.document.annotations(tier.id)[0]


@pytest.fixture
def undone(qtbot: QtBot, project: Project) -> Iterator[tuple[EditorWindow, Annotation]]:  # noqa: F811
    """An editor whose annotator labelled a segment, then undid that after another had labelled it, too."""
    with shared_editor(project, SID, "ada") as window, Project.open(project.path, CLOCK) as other:
        document, base = window.document, _first(window)
        document.apply(commands.relabel(base, THIRD))
        qtbot.waitUntil(lambda: document.saved)
        (stored, _), *_ = other.annotations.stored([ref_to(base)]).values()
        assert isinstance(stored, Annotation)
        other.annotations.record(SID, Edit("Change label", (stored,), (replace(stored, label=SECOND),)), "ben")
        qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(window.conflicts.isVisible)
        yield window, base
        window.close()


@pytest.fixture
def disputed(qtbot: QtBot, project: Project) -> Iterator[tuple[EditorWindow, Annotation]]:  # noqa: F811
    """An editor whose annotator gave a segment the third label when another had just given it the second."""
    with shared_editor(project, SID, "ada") as window, Project.open(project.path, CLOCK) as other:
        document, base = window.document, _first(window)
        other.annotations.record(SID, Edit("Change label", (base,), (replace(base, label=SECOND),)), "ben")
        document.apply(commands.relabel(base, THIRD))
        qtbot.waitUntil(lambda: document.saved)
        yield window, document.annotation(base.id)
        window.document.apply(commands.relabel(window.document.annotation(base.id), FIRST))
        qtbot.waitUntil(lambda: document.saved)
        window.close()


def test_both_values_are_shown_in_words_on_the_item(disputed: tuple[EditorWindow, Annotation]) -> None:
    window, shown = disputed
    bar = window.conflicts
    assert shown.label == SECOND
    assert bar.isVisible()
    assert "both changed the label of the annotation" in bar.text
    assert bar.theirs.accessibleName() == f"Theirs: {PROCEDURE.steps[1].name}"
    assert bar.mine.accessibleName() == f"Mine: {PROCEDURE.steps[2].name}"
    assert window._segment() == shown
    assert window._banner.text == ""


def test_the_bar_lies_beside_the_item_and_moves_nothing(
    qtbot: QtBot, disputed: tuple[EditorWindow, Annotation]
) -> None:
    window, shown = disputed
    bar, line = window.conflicts, window.timeline
    before = window.picture.area.geometry(), line.geometry()
    item = line.place_of(ref_to(shown))
    assert item
    assert bar.parent() is line
    assert not QRectF(bar.geometry()).intersects(item)
    assert line.rect().contains(bar.geometry())
    window.conflicts.theirs.click()
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert (window.picture.area.geometry(), line.geometry()) == before


@pytest.mark.parametrize(("key", "kept"), [(Qt.Key.Key_F7, SECOND), (Qt.Key.Key_F8, FIRST)])
def test_an_undo_that_clashes_asks_as_an_edit_does(
    qtbot: QtBot,
    project: Project,  # noqa: F811
    undone: tuple[EditorWindow, Annotation],
    key: Qt.Key,
    kept: str,
) -> None:
    window, base = undone
    bar, document = window.conflicts, window.document
    assert bar.text.startswith("Undo of “")
    assert bar.theirs.accessibleName() == f"Theirs: {PROCEDURE.steps[1].name}"
    assert bar.mine.accessibleName() == f"Mine: {PROCEDURE.steps[0].name}"
    assert window._banner.text == ""
    name = document.undo_name
    qtbot.keyClick(window, key)
    qtbot.waitUntil(lambda: document.saved and document.redo_name == name)
    stored, _ = project.annotations.stored([ref_to(base)])[ref_to(base)]
    assert isinstance(stored, Annotation)
    assert (stored.label, document.annotation(base.id).label) == (kept, kept)
    document.apply(commands.relabel(document.annotation(base.id), base.label))
    qtbot.waitUntil(lambda: document.saved)


Choice = Callable[[QtBot, EditorWindow], None]


@pytest.mark.parametrize(
    ("choose", "kept"),
    [
        (lambda qtbot, window: window.conflicts.theirs.click(), SECOND),
        (lambda qtbot, window: qtbot.keyClick(window, Qt.Key.Key_F7), SECOND),
        (lambda qtbot, window: window.conflicts.mine.click(), THIRD),
        (lambda qtbot, window: qtbot.keyClick(window, Qt.Key.Key_F8), THIRD),
    ],
    ids=["theirs", "theirs by key", "mine", "mine by key"],
)
def test_whose_holds_is_chosen(
    qtbot: QtBot,
    project: Project,  # noqa: F811
    disputed: tuple[EditorWindow, Annotation],
    choose: Choice,
    kept: str,
) -> None:
    window, shown = disputed
    choose(qtbot, window)
    qtbot.waitUntil(lambda: window.document.saved)
    assert not window.conflicts.isVisible()
    stored, _ = project.annotations.stored([ref_to(shown)])[ref_to(shown)]
    assert isinstance(stored, Annotation)
    assert (stored.label, window.document.annotation(shown.id).label) == (kept, kept)


def test_nothing_is_asked_where_the_annotator_changes_it_again(
    qtbot: QtBot, disputed: tuple[EditorWindow, Annotation]
) -> None:
    window, shown = disputed
    window.document.apply(commands.set_note(shown, "seen"))
    assert window.conflicts.isVisible()
    window.document.apply(commands.relabel(window.document.annotation(shown.id), FIRST))
    assert not window.conflicts.isVisible()
