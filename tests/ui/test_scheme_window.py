"""The scheme window, used with real keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.core.scheme_room import mark
from tests.storage.examples import CLOCK, SESSION, SID
from ui.cli import main
from ui.home.window import NO_PROJECT, HomeWindow
from ui.schemes.keep_dialog import KeepDialog
from ui.schemes.run import ProjectStore
from ui.schemes.window import SchemeWindow
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.lab.schemes import begin_tiers, planned, scheme_named, take_in_scheme
from woz.model.made import PROGRAM
from woz.model.scheme import Cover, Scheme, ValueKind
from woz.schemes.checking import check
from woz.schemes.reading import scheme_from_text
from woz.schemes.shipped import shipped, shipped_names
from woz.schemes.writing import scheme_to_text


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as made:
        made.sessions.save(SESSION)
        yield made


@pytest.fixture
def window(qtbot: QtBot, project: Project) -> SchemeWindow:
    made = SchemeWindow(ProjectStore(project), "Kitchen")
    qtbot.addWidget(made, before_close_func=lambda w: setattr(w.draft, "kept", w.draft.scheme))
    with qtbot.waitExposed(made):
        made.show()
    return made


class Hand:
    """Presses keys and clicks, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        self.count += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or QPoint())

    def type(self, text: str) -> None:
        """To whatever has the focus; a line's end is Enter."""
        for letter in text:
            self.key(Qt.Key.Key_Return) if letter == "\n" else self._letter(letter)

    def compose(self, text: str) -> None:
        """As an input method hands over what was composed; Enter at each line's end."""
        for part in text.splitlines(keepends=True):
            said = QInputMethodEvent()
            said.setCommitString(part.rstrip("\n"))
            QApplication.sendEvent(_focused(), said)
            if part.endswith("\n"):
                self.key(Qt.Key.Key_Return)

    def _letter(self, letter: str) -> None:
        self.count += 1
        QTest.keyClicks(_focused(), letter)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key that is held while another is pressed counts, too."""
        self.count += 1 + int(held != Qt.KeyboardModifier.NoModifier)
        QTest.keyClick(_focused(), key, held)


def _focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def _choose(hand: Hand, field: QComboBox, words: str) -> None:
    """A click opens the list; the first letters of a value stand on it, Enter takes it."""
    hand.click(field)
    view = field.view()
    assert view.isVisible()
    for letter in words:
        hand.count += 1
        QTest.keyClicks(view, letter)
    hand.count += 1
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert not view.isVisible()


def _active(qtbot: QtBot, window: QWidget) -> None:
    window.activateWindow()
    window.raise_()
    qtbot.waitUntil(lambda: window.isActiveWindow())


def test_a_scheme_of_two_layers_is_made_from_nothing_with_150_keys_and_clicks(
    qtbot: QtBot, window: SchemeWindow, project: Project
) -> None:
    _active(qtbot, window)
    hand = Hand()
    hand.key(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    hand.type("Bicycle\n")
    hand.type("Steps\n" + "Remove\nGrease\nInsert\nClose\n")
    hand.key(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    hand.type("Talk\n" + "Explain\nAsk\nAnswer\nNone\n")
    _choose(hand, window.tier_panel.cover, "n")
    hand.key(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    hand.type("Sure\n")
    _choose(hand, window.attributes.kind, "o")
    hand.click(window.attributes.values)
    hand.type("high, low")
    _choose(hand, window.attributes.required, "a")
    hand.key(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    _choose(hand, window.rules.suggest, "t")
    hand.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    made = scheme_named(project, "Bicycle")
    steps, talk = made.tier_types
    assert [(label.name(), label.shortcut) for label in (*steps.labels, *talk.labels)] == [
        ("Remove", "1"),
        ("Grease", "2"),
        ("Insert", "3"),
        ("Close", "4"),
        ("Explain", "1"),
        ("Ask", "2"),
        ("Answer", "3"),
        ("None", "4"),
    ]
    assert len({label.colour for label in steps.labels}) == 4
    assert talk.cover == Cover.PARTITION
    (sure,) = talk.attributes
    assert (sure.kind, sure.required) == (ValueKind.CHOICE, "always")
    assert [choice.key for choice in sure.values] == ["high", "low"]
    (rule,) = made.rules
    assert rule.when == "tier is talk and duration < 0.5 s"
    assert check(made) == []
    assert hand.count <= 150
    _used_in_the_editor(project, made)


def _used_in_the_editor(project: Project, made: Scheme) -> None:
    """Its tiers begin in a session, and the editor's document has their labels and keys."""
    begin_tiers(project, SID, made)
    document = Document(SID, project.annotations.open(SID, PROGRAM), project.annotations, PROGRAM)
    labels = {tier.name: [each.name() for each in document.tier_type(tier).offered] for tier in document.tiers}
    assert labels == {
        "Steps": ["Remove", "Grease", "Insert", "Close"],
        "Talk": ["Explain", "Ask", "Answer", "None"],
    }


def _items(window: SchemeWindow) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []

    def walk(item: QTreeWidgetItem | None, depth: int) -> None:
        assert item is not None
        found.append((depth, item.text(0)))
        for i in range(item.childCount()):
            walk(item.child(i), depth + 1)

    for i in range(window.labels.tree.topLevelItemCount()):
        walk(window.labels.tree.topLevelItem(i), 0)
    return found


def _stand_on(window: SchemeWindow, number: int) -> None:
    item = window.labels.tree.topLevelItem(number)
    assert item is not None
    window.labels.tree.setCurrentItem(item)


def test_labels_are_moved_in_their_tree_and_undone(qtbot: QtBot, window: SchemeWindow) -> None:
    _active(qtbot, window)
    hand = Hand()
    window.new_tier.setFocus()
    hand.type("Steps\nA\nB\nC\n")
    tree = window.labels.tree
    _stand_on(window, 1)
    tree.setFocus()
    hand.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert _items(window) == [(0, "A"), (1, "B"), (0, "C")]
    tree.setFocus()
    hand.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert _items(window) == [(0, "A"), (0, "B"), (0, "C")]
    tree.setFocus()
    hand.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert _items(window) == [(0, "A"), (0, "C"), (0, "B")]
    tree.setFocus()
    hand.key(Qt.Key.Key_Delete)
    assert _items(window) == [(0, "A"), (0, "C")]
    for _ in range(2):
        hand.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert _items(window) == [(0, "A"), (0, "B"), (0, "C")]


def test_a_label_gets_name_key_and_colour(qtbot: QtBot, window: SchemeWindow) -> None:
    _active(qtbot, window)
    hand = Hand()
    window.new_tier.setFocus()
    hand.type("Steps\nFit\nTurn\n")
    _stand_on(window, 0)
    panel = window.label_panel
    window.show_page(panel)
    panel.name.setFocus()
    hand.type(" gear")
    panel.key.setFocus()
    hand.type("q")
    hand.click(panel.colours[4])
    (first, second) = window.draft.scheme.tier_types[0].labels
    assert (first.name(), first.id, first.shortcut, first.colour) == ("Fit gear", "fit", "q", "#e15759")
    panel.key.setFocus()
    hand.type("2")
    assert window.shown_findings == ["tier type 'steps', label 'turn': The shortcut '2' is that of 'fit' already."]
    assert not window.keep.isEnabled()
    assert second.shortcut == "2"


def test_labels_of_any_language_are_typed_kept_and_written(
    qtbot: QtBot, window: SchemeWindow, project: Project
) -> None:
    """German, Italian, Japanese, and Arabic from right to left; further names beside the first."""
    names = ["Schräubchen lösen", "Lubrificare è più", "手順を確認する", "ضع الغطاء"]
    _active(qtbot, window)
    window.new_tier.setFocus()
    hand = Hand()
    hand.compose("作業\n" + "".join(f"{name}\n" for name in names))
    assert [name for _, name in _items(window)] == names
    _stand_on(window, 0)
    panel = window.label_panel
    window.show_page(panel)
    panel.others.setFocus()
    hand.type("it: Svitare | ")
    hand.compose("ar: فك البرغي")
    hand.type(" | x")
    assert panel.others.text() == "it: Svitare | ar: فك البرغي | x"
    hand.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    made = next(each for each in project.schemes.all() if each.tier_types[0].name() == "作業")
    labels = made.tier_types[0].labels
    assert [label.name() for label in labels] == names
    assert labels[0].names == {"en": names[0], "it": "Svitare", "ar": "فك البرغي"}
    assert made.languages == ("en", "it", "ar")
    assert check(made) == []
    assert scheme_from_text(scheme_to_text(made)) == made


def test_what_a_new_version_does_is_shown_before_it_is_kept(
    qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = take_in_scheme(project, shipped("dialogue-acts"))
    (tier,) = begin_tiers(project, SID, kept)
    marks = tuple(replace(mark(str(i), "acts", "social", i, i + 1), tier_id=tier.id) for i in range(3))
    project.annotations.record(SID, Edit("Mark", (), marks), PROGRAM)
    window = SchemeWindow(ProjectStore(project), "Kitchen")
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w.draft, "kept", w.draft.scheme))
    window.show()
    window.open_scheme(scheme_named(project, "dialogue-acts"))
    window.draft.choose("acts", "social")
    panel = window.label_panel
    panel.merge.setCurrentIndex(panel.merge.findData("other"))
    told: list[str] = []

    def accept(dialog: KeepDialog) -> int:
        told.extend(dialog.list.item(i).text() for i in range(dialog.list.count()))
        return 1

    monkeypatch.setattr(KeepDialog, "exec", accept)
    window.keep_draft()
    assert told == [
        "1 tier can move on to it.",
        "3 annotations of 'Greet, thank, apologise' in 1 session become 'Other'.",
    ]
    assert {item.label for item in project.annotations.load(SID) if item.id in {"0", "1", "2"}} == {"other"}  # type: ignore[union-attr]
    assert not planned(project, window.draft.scheme).new
    assert window.schemes.item(0).text() == "Dialogue acts, version 2"


def test_it_fits_a_small_screen(qtbot: QtBot, window: SchemeWindow) -> None:
    window.open_scheme(shipped("holoassist"))
    window.resize(1000, 660)
    assert (window.width(), window.height()) == (1000, 660)


def test_all_shipped_schemes_are_shown_and_stay_as_they_are(qtbot: QtBot, window: SchemeWindow) -> None:
    assert window.schemes.count() == len(shipped_names())
    for name in shipped_names():
        window.open_scheme(shipped(name))
        for tier_type in shipped(name).tier_types:
            window.draft.choose(tier_type.key)
            for label in tier_type.labels[:3]:
                window.draft.choose(tier_type.key, str(label.id))
            for page in range(window.pages.count()):
                window.pages.setCurrentIndex(page)
        assert window.draft.scheme == shipped(name)
        assert not window.draft.unkept


def test_a_file_that_is_no_scheme_is_told(qtbot: QtBot, window: SchemeWindow, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("scheme: s\n", encoding="utf-8")
    window.import_file(path)
    assert "the key 'name' is missing" in window._banner.text


def test_the_window_opens_by_its_command(qtbot: QtBot, project: Project, tmp_path: Path) -> None:
    take_in_scheme(project, shipped("egoinstruct"))
    shot = tmp_path / "shot.png"
    assert main(["scheme", "edit", str(project.path), "egoinstruct", "--shot", str(shot)]) == 0
    assert not QImage(str(shot)).isNull()
    assert main(["scheme", "edit", str(project.path), "nothing", "--shot", str(shot)]) == 1


def test_the_home_window_leads_to_it(qtbot: QtBot) -> None:
    home = HomeWindow()
    qtbot.addWidget(home)
    [entry] = [each for each in home.actions() if each.text().startswith("Schemes")]
    asked = list[None]()
    home.schemes.connect(lambda: asked.append(None))
    entry.trigger()
    assert (asked, home._banner.text) == ([], NO_PROJECT)
    home.show_project("Lab", ())
    entry.trigger()
    assert len(asked) == 1


def test_what_an_attribute_begins_with_is_chosen_or_typed(
    qtbot: QtBot, window: SchemeWindow, project: Project
) -> None:
    _active(qtbot, window)
    hand = Hand()
    hand.key(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    hand.type("Bicycle\nSteps\nRemove\n")
    hand.key(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    panel = window.attributes
    begins = panel.default

    def made() -> dict[str, object]:
        return {each.key: each.default for each in window.draft.scheme.tier_types[0].attributes}

    hand.type("Sure\n")
    panel.kind.setCurrentIndex(panel.kind.findData(ValueKind.CHOICE))
    hand.click(panel.values)
    hand.type("high, low")
    _choose(hand, begins.chosen, "l")
    assert made() == {"sure": "low"}
    hand.click(panel.entry)
    hand.type("Rating\n")
    panel.kind.setCurrentIndex(panel.kind.findData(ValueKind.NUMBER))
    hand.click(begins.typed)
    hand.type("2.5")
    hand.click(panel.entry)
    hand.type("Done\n")
    panel.kind.setCurrentIndex(panel.kind.findData(ValueKind.BOOL))
    begins.chosen.setCurrentIndex(begins.chosen.findText("yes"))
    hand.click(panel.entry)
    hand.type("Why\n")
    hand.click(begins.typed)
    hand.type("as told")
    assert made() == {"sure": "low", "rating": 2.5, "done": True, "why": "as told"}
    panel.list.setCurrentRow(0)
    assert begins.chosen.currentText() == "low"
    hand.click(panel.values)
    hand.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hand.type("high, none")
    assert made()["sure"] is None
    hand.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert check(scheme_named(project, "Bicycle")) == []
    kept = scheme_named(project, "Bicycle").tier_types[0].attributes
    assert [each.default for each in kept] == [None, 2.5, True, "as told"]
