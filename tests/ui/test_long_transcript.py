"""A transcript of many turns: rows that come, go and change, and a layout that is made as it is looked at."""

from __future__ import annotations

import random
from dataclasses import replace

from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.core.memory_history import MemoryHistory
from tests.ui.recorded_session import SID
from tests.ui.transcript_room import turn_of
from ui.editor.transcript import TranscriptPanel
from ui.editor.turn_layouts import TurnLayouts
from ui.editor.turns import TurnModel
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.model.ids import TranscriptId, TurnId
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.transcript import Transcript


def _long_document(count: int) -> Document:
    chance = random.Random(1)
    words = ["mix", "the", "flour", "slowly", "please"]
    lines = [" ".join(chance.choices(words, k=chance.randint(1, 23))) for _ in range(5)]
    turns = [turn_of(TranscriptId("t"), f"{i:05d}", Role.EXPERT, i * 0.9, lines[i % 5]) for i in range(count)]
    history = MemoryHistory(turns)
    return Document(SID, history.opened(), history, "ada")


def test_rows_that_come_go_and_change_are_told_rightly(qtbot: QtBot) -> None:
    document = _long_document(30)
    model = TurnModel(document)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    document.subscribe(lambda _: model.refresh())
    turns = document.turns
    new = tuple(replace(turns[3], id=TurnId(f"n{i}")) for i in range(4))
    left = (*turns[:6], *turns[9:], *new)
    edits = (Edit("fewer", turns[5:9], turns[5:6]), Edit("more", (), new), Edit("all", left, ()))
    for edit in edits:
        document.apply(edit)
        assert model.turns == document.turns
        assert model.rowCount() == len(document.turns)
    for _ in range(3):
        document.undo()
    assert model.turns == turns
    del tester


def test_thousands_of_turns_are_laid_out_as_they_come_into_view(qtbot: QtBot, qapp: QApplication) -> None:
    document = _long_document(5000)
    panel = TranscriptPanel(document, [Transcript(TranscriptId("t"), SID, Origin.RECOGNISED, "en", "x", 0)])
    qtbot.addWidget(panel)
    panel.resize(480, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    bar = panel.list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 100_000)
    for step in range(60):
        bar.setValue(step * 1500)
        qapp.processEvents()
    assert len(panel.delegate.layouts._made) <= 200


def test_a_list_is_laid_out_anew_where_it_is_wider_and_not_where_it_is_only_higher(
    qtbot: QtBot, qapp: QApplication
) -> None:
    document = _long_document(200)
    panel = TranscriptPanel(document, [Transcript(TranscriptId("t"), SID, Origin.RECOGNISED, "en", "x", 0)])
    qtbot.addWidget(panel)
    panel.resize(480, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    view, bar = panel.list, panel.list.verticalScrollBar()

    def rows_end() -> int:
        return view.visualRect(panel.model.index(199)).bottom() + bar.value()

    qtbot.waitUntil(lambda: rows_end() > 4_000)
    high, most = rows_end(), bar.maximum()
    heights = panel.delegate.layouts._heights
    heights["kept while nothing is laid out anew"] = 1
    panel.resize(480, 500)
    qtbot.waitUntil(lambda: bar.maximum() > most)
    assert rows_end() == high
    bar.setValue(bar.maximum())
    assert view.viewport().rect().contains(view.visualRect(panel.model.index(199)).center())
    panel.resize(900, 500)
    qtbot.waitUntil(lambda: rows_end() < high)
    assert "kept while nothing is laid out anew" not in heights


def test_turns_that_come_while_the_list_is_hidden_are_laid_out_when_it_is_seen(
    qtbot: QtBot, qapp: QApplication
) -> None:
    document = _long_document(200)
    panel = TranscriptPanel(document, [Transcript(TranscriptId("t"), SID, Origin.RECOGNISED, "en", "x", 0)])
    document.subscribe(lambda _: panel.refresh())
    qtbot.addWidget(panel)
    panel.resize(480, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    last = panel.list.visualRect(panel.model.index(199)).bottom()
    panel.hide()
    turns = [turn_of(TranscriptId("t"), f"x{i}", Role.EXPERT, 500 + i, "One more.") for i in range(3)]
    document.apply(Edit("more", (), tuple(turns)))
    panel.show()
    qtbot.waitUntil(lambda: panel.list.visualRect(panel.model.index(202)).top() > last)


def test_a_turn_in_one_line_is_as_high_as_when_it_is_laid_out(qapp: QApplication) -> None:
    chance, layouts, font = random.Random(2), TurnLayouts(), qapp.font()
    layouts.fit(260, font)
    words = ["mix", "the", "flour", "Öl", "affine", "AVAVAV", "水", "if,", "x" * 70, "to\nbe"]
    for _ in range(300):
        text = " ".join(chance.choices(words, k=chance.randint(0, 9)))
        assert layouts.height(text) == -int(-layouts._laid(text).boundingRect().height() // 1), text
