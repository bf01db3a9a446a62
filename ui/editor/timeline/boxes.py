"""Draws many boxes, and one line of pixels, by one call each, straight from arrays."""

from __future__ import annotations

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from ui.editor.timeline.spans import Pixels

Boxes = Pixels
"""Shape (n, 4): x, y, width, height; the memory of n QRectFs."""


def draw_boxes(
    painter: QPainter, boxes: Boxes, fill: QColor | QBrush | Qt.BrushStyle, edge: QPen | None = None
) -> None:
    """Fill them; without an edge where none is given."""
    if not len(boxes):
        return
    whole = np.ascontiguousarray(boxes, np.float64)
    painter.setPen(edge or QPen(Qt.PenStyle.NoPen))
    painter.setBrush(fill)
    painter.drawRects(shiboken6.wrapInstance(whole.ctypes.data, QRectF), len(whole))  # type: ignore[call-overload]


def draw_columns(
    painter: QPainter,
    place: QRectF,
    kinds: NDArray[np.int32],
    share: Pixels,
    fills: tuple[QColor, ...],
) -> None:
    """A column a pixel, each of one fill, as opaque as its share says; columns without a share stay as they are."""
    table = np.array([(c.red(), c.green(), c.blue()) for c in fills], np.float64)
    alpha = np.where(share > 0, np.minimum(1.0, 0.37 + 0.65 * share), 0.0)
    pixels = np.empty((1, len(kinds), 4), np.uint8)
    pixels[0, :, :3] = (table[kinds] * alpha[:, None])[:, ::-1]
    pixels[0, :, 3] = alpha * 255
    image = QImage(pixels.data, len(kinds), 1, 4 * len(kinds), QImage.Format.Format_ARGB32_Premultiplied)
    painter.drawImage(place, image, QRectF(0, 0, len(kinds), 1))
