"""A bar along a side of each box, so that labels are told apart by more than their hue."""

from __future__ import annotations

from enum import Enum

from PySide6.QtGui import QColor, QPainter

from ui.editor.timeline.boxes import Boxes, draw_boxes

BAR_PX = 3.0
LEAST_PX = 5.0
"""Narrower boxes have none."""


class Side(Enum):
    """Where a bar lies; the text has the middle."""

    NONE = "none"
    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"


_BARS = tuple(Side)[1:]
TONES = (QColor(0, 0, 0, 170), QColor(255, 255, 255, 200))
COUNT = 1 + len(_BARS) * len(TONES)
"""So many differ; then they begin again."""


def cue_of(label: int) -> tuple[Side, QColor]:
    """The side of a label's bar and its tone, by the label's number in its scheme; the first one has none."""
    number = label % COUNT - 1
    return (Side.NONE, TONES[0]) if number < 0 else (_BARS[number // 2], TONES[number % 2])


def draw_bars(painter: QPainter, boxes: Boxes, label: int) -> None:
    """For the boxes of one label."""
    side, tone = cue_of(label)
    if side is Side.NONE or not len(boxes):
        return
    bars = boxes[boxes[:, 2] >= LEAST_PX].copy()
    if not len(bars):
        return
    if side is Side.LEFT:
        bars[:, 2] = BAR_PX
    else:
        bars[:, 1] += bars[:, 3] - BAR_PX if side is Side.BOTTOM else 0.0
        bars[:, 3] = BAR_PX
    draw_boxes(painter, bars, tone)
