"""The line below the time line in a narrow window."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ui.editor.status_line import StatusLine

WORK = "Your work here: 12:37 for 10:04, 9.25 s a second"
MAKING = "Scrubbing proxy: 100%"


@pytest.mark.parametrize("making", ["", MAKING])
def test_what_the_work_takes_is_whole_in_a_narrow_window(qtbot: QtBot, making: str) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show_part("pass", "Hold: a label's key begins as it goes down, and ends as it comes up")
    line.show_part("late", "Late presses: 0 of 5 corrections seen")
    line.show_part("work", WORK)
    line.show_part("making", making)
    line.resize(760, 24)
    with qtbot.waitExposed(line):
        line.show()
    for name in ("work", "making") if making else ("work",):
        part = line._parts[name]
        assert part.width() >= part.fontMetrics().horizontalAdvance(part.text()), name
    assert line._parts["pass"].width() > 0
    assert line.minimumSizeHint().width() < 760
