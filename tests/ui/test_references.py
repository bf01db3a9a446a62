"""Calls of PySide6 give back no reference that they never took: painting for hours must not end the program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CALLS = 10_000
COUNT = f"""
import json, sys
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QUndoCommand, QUndoStack
app = QGuiApplication(["x", "-platform", "offscreen"])
image = QImage(9, 9, QImage.Format.Format_RGB32)
painter = QPainter(image)
color, point, stack = QColor("red"), QPointF(1, 1), QUndoStack()
stack.push(QUndoCommand("step"))

def undone():
    stack.undo()
    stack.redo()

def saved():
    painter.save()
    painter.restore()

calls = {{
    "setPen": lambda: painter.setPen(color),
    "drawLine": lambda: painter.drawLine(point, point),
    "save and restore": saved,
    "fill": lambda: image.fill(color),
    "undo and redo": undone,
}}
lost = {{}}
for name, call in calls.items():
    call()
    before = [sys.getrefcount(x) for x in (None, True, False)]
    for _ in range({CALLS}):
        call()
    after = [sys.getrefcount(x) for x in (None, True, False)]
    lost[name] = max(b - a for b, a in zip(before, after))
painter.end()
print(json.dumps(lost))
"""


def test_no_call_loses_a_reference_to_a_constant() -> None:
    """Python 3.12 keeps its constants alive by itself (PEP 683); 3.11 aborts where their counts reach zero."""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", COUNT], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    lost = json.loads(done.stdout)
    assert len(lost) == 5
    assert all(number < CALLS / 100 for number in lost.values()), lost
