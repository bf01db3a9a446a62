"""Where the parts of the editor's window stand: picture and texts above, the time line and its lines below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ui.editor.timeline import Timeline
from ui.theme import GRID

LEAST_LINE, MOST_LINE, AROUND_LINE = 270, 316, 44
"""Heights that the time line begins with, and of what is around it."""


class LowerSide(NamedTuple):
    """From top to bottom."""

    transport: QWidget
    strip: QWidget
    line: Timeline
    status: QWidget


def arranged(
    notices: Iterable[QWidget], picture: QWidget, texts: QWidget, below: LowerSide, height: int
) -> QWidget:
    """All of them, in a window of this height; notices are above all else."""
    upper = QSplitter(Qt.Orientation.Horizontal)
    upper.addWidget(picture)
    upper.addWidget(texts)
    upper.setStretchFactor(0, 3)
    upper.setStretchFactor(1, 2)
    upper.setSizes([760, 500])
    whole = QSplitter(Qt.Orientation.Vertical)
    whole.addWidget(upper)
    whole.addWidget(_lower(below))
    whole.setStretchFactor(0, 1)
    whole.setChildrenCollapsible(False)
    wanted = min(max(below.line.wanted_height, LEAST_LINE), MOST_LINE) + AROUND_LINE
    whole.setSizes([height - wanted, wanted])
    centre = QWidget()
    layout = QVBoxLayout(centre)
    layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID)
    layout.setSpacing(GRID)
    for notice in notices:
        layout.addWidget(notice)
    layout.addWidget(whole, 1)
    return centre


def _lower(below: LowerSide) -> QWidget:
    lower = QWidget()
    layout = QVBoxLayout(lower)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    for part in below:
        layout.addWidget(part, 1 if part is below.line else 0)
    return lower
