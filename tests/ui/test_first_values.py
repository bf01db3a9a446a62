"""A new annotation begins with what its scheme carries over and with its defaults, however it is made by key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.desk_room import Hand, opened, recorded
from tests.ui.recorded_session import CLOCK
from woz.model.ids import LabelId, SchemeId
from woz.model.scheme import AttributeType, Choice, Label, Scheme, TierType, ValueKind

__all__ = ["recorded"]

_HANDS = (Choice("left"), Choice("right"))
GRIPS = Scheme(
    SchemeId("grips"),
    "Grips",
    1,
    (
        TierType(
            "grips",
            {"en": "Grips"},
            labels=(Label(LabelId("hold"), "hold", {"en": "Hold"}, "#4e79a7", "1"),),
            attributes=(
                AttributeType("hand", ValueKind.CHOICE, {"en": "Hand"}, _HANDS, required="always", carry_over=True),
                AttributeType("firm", ValueKind.NUMBER, {"en": "Firm"}, low=1, high=5, default=3),
            ),
        ),
    ),
)


@pytest.fixture
def grips(recorded: Path, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Hand]:
    path = tmp_path / "lab"
    shutil.copytree(recorded, path)
    with Project.open(path, CLOCK) as project:
        project.schemes.keep(GRIPS)
        made = opened(qtbot, qapp, project)
        made.new_tier("Grips")
        yield made
        made.window.close()


def _hands(hand: Hand) -> list[tuple[object, object]]:
    return [(item.value("hand"), item.value("firm")) for item in hand.items]


def test_a_label_key_carries_over_what_the_scheme_says(grips: Hand, qtbot: QtBot) -> None:
    grips.stand(0)
    grips.press("I")
    grips.stand(5)
    grips.press("1")
    assert _hands(grips) == [(None, 3)], "nothing is before it"
    grips.press("D")
    field = grips.window._inspector._fields["hand"]
    qtbot.waitUntil(field.hasFocus)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Escape):
        qtbot.keyClick(field, key)
    grips.stand(10)
    grips.press("I")
    grips.stand(15)
    grips.press("1")
    assert _hands(grips)[1] == ("right", 3), "the hand is carried over, the default is the scheme's"
    assert grips.document.undo_name == "New segment"
    grips.press("Ctrl+Z")
    assert len(grips.items) == 1, "all that it begins with is part of the one edit"
