"""An invitation as a QR code."""

from __future__ import annotations

import segno
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QLabel

BORDER = 2
LEAST_CELL = 2
"""In pixels; a camera does not read smaller ones from a screen."""


def qr_label(text: str, side: int) -> QLabel:
    """The code, black on white in any theme, so that cameras read it; about `side` pixels wide."""
    matrix = [[bool(cell) for cell in line] for line in segno.make(text, error="m").matrix]
    count = len(matrix) + 2 * BORDER
    image = QImage(count, count, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for y, line in enumerate(matrix):
        for x, dark in enumerate(line):
            if dark:
                image.setPixelColor(x + BORDER, y + BORDER, QColor(0, 0, 0))
    made, large = QLabel(), max(LEAST_CELL, side // count) * count
    made.setPixmap(QPixmap.fromImage(image.scaled(large, large)))
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setAccessibleName("Invitation as a QR code")
    return made
