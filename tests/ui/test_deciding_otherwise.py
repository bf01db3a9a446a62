"""In the adjudication window a label or a value may be given that none of the annotators gave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.adjudication_room import LABELS, doubled_project
from tests.ui.test_adjudication_window import Fingers, adjudicating
from woz.annotation.adjudication.clusters import MatterKind
from woz.annotation.adjudication.origins import origins


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Project]:
    with doubled_project(tmp_path / "p", 8, 4) as project:
        yield project


def test_another_label_or_value_of_the_scheme_is_chosen_by_key(
    small: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What isn't chosen decides nothing; what is can be undone."""
    window = adjudicating(small, qtbot)
    fingers = Fingers(window, qtbot)
    answer: list[object] = ["", False]
    offered = list[list[str]]()

    def choose(*given: object) -> tuple[object, ...]:
        assert isinstance(given[3], list)
        offered.append(given[3])
        return tuple(answer)

    monkeypatch.setattr(QInputDialog, "getItem", choose)
    for kind, names in ((MatterKind.LABEL, list(LABELS)), (MatterKind.ATTRIBUTE, ["left", "right"])):
        while window.matter and window.matter.kind != kind:
            fingers.press(Qt.Key.Key_N)
        matter, left = window.matter, len(window.state.open)
        assert matter
        theirs = {window._name(mark.label) for mark in matter.cluster.there}
        other = next(name for name in names if name not in theirs)
        answer[:] = other, False
        fingers.press(Qt.Key.Key_E)
        assert (window.matter, len(window.state.open)) == (matter, left)
        answer[:] = other, True
        fingers.press(Qt.Key.Key_E)
        assert offered == [names, names]
        offered.clear()
        assert (len(window.state.open), window.told) == (left - 1, "")
        gold = window.state.gold_of(matter.cluster)
        assert gold
        if kind == MatterKind.LABEL:
            assert window._name(gold.label) == other
            assert origins(gold, window.state.sides).label == "adjudicator"
        else:
            assert gold.value("hand") == other
        fingers.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert (window.matter, len(window.state.open)) == (matter, left)
    window.close()
