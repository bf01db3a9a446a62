"""The home window brings a heavy part, after saying what it takes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ui.home.parts_dialog import Offer, PartsDialog, part_offers

OFFERS = [
    Offer("speech", "recognises speech", "speech is not here", "It takes about 8 GB", "Add speech now"),
    Offer("blur", "finds faces", "blur is here", "It takes about 6 GB", "Add blur again"),
]


@pytest.mark.parametrize("name", ["speech", "blur"])
def test_a_key_on_its_button_brings_a_part(qtbot: QtBot, name: str) -> None:
    shown = PartsDialog(OFFERS)
    qtbot.addWidget(shown)
    shown.show()
    bring = next(one for one in shown.findChildren(QPushButton) if name in one.text())
    bring.setFocus()
    QTest.keyClick(bring, Qt.Key.Key_Space)
    assert (shown.wanted, shown.result()) == (name, PartsDialog.DialogCode.Accepted)


def test_closing_wants_nothing(qtbot: QtBot) -> None:
    shown = PartsDialog(OFFERS)
    qtbot.addWidget(shown)
    shown.show()
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert shown.wanted == ""


def test_each_part_is_offered_with_what_it_takes() -> None:
    offers = part_offers()
    assert [offer.name for offer in offers] == ["speech", "blur", "names"]
    assert all("GB in" in offer.takes for offer in offers)
