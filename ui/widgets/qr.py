"""An invitation as a QR code."""

from __future__ import annotations

import segno
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QLabel

BORDER = 2


def qr_label(text: str, side: int) -> QLabel:
    """The code, black on white in any theme, so that cameras read it."""
    matrix = [[bool(cell) for cell in line] for line in segno.make(text, error="m").matrix]
    count = len(matrix) + 2 * BORDER
    image = QImage(count, count, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for y, line in enumerate(matrix):
        for x, dark in enumerate(line):
            if dark:
                image.setPixelColor(x + BORDER, y + BORDER, QColor(0, 0, 0))
    made = QLabel()
    made.setPixmap(QPixmap.fromImage(image.scaled(side // count * count, side // count * count)))
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setAccessibleName("Invitation as a QR code")
    return made
