"""A transcript of many turns: rows that come, go and change, and a layout that is made as it is looked at."""

from __future__ import annotations

import random
from dataclasses import replace

from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.core.memory_history import MemoryHistory
from tests.ui.test_editor import SID
from tests.ui.transcript_room import turn_of
from ui.editor.transcript import TranscriptPanel
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
