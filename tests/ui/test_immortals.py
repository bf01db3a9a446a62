"""Painting for hours must not end the program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PAINT = """
import ui
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
app = QGuiApplication(["x", "-platform", "offscreen"])
image = QImage(9, 9, QImage.Format.Format_RGB32)
painter = QPainter(image)
for _ in range(200_000):
    painter.drawLine(QPointF(0, 0), QPointF(5, 5))
painter.end()
print("alive")
"""


def test_two_hundred_thousand_lines_are_painted() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", PAINT], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout == "alive\n", done.stderr[-500:]
