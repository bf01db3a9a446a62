"""Whoever judges a clip sees nothing of what is later than the question, whatever clip is stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.core.release_room import S, question
from ui.questions.clip_pane import BEHIND, ClipPane
from woz.base.interval import Interval
from woz.dataset.release.clips import Film
from woz.lab.reviewing import ReviewItem


@pytest.mark.parametrize(
    ("stored", "length_s", "shown"),
    [
        (Interval(S, 6 * S), None, Interval(S, 6 * S)),
        (Interval(S, 9 * S), None, Interval(S, 6 * S)),
        (Interval(S, 9 * S), 3.0, Interval(3 * S, 6 * S)),
        (Interval(S, 4 * S), 2.0, Interval(2 * S, 4 * S)),
        (Interval(7 * S, 9 * S), None, None),
    ],
)
def test_a_clip_ends_with_the_question(
    qtbot: QtBot, stored: Interval, length_s: float | None, shown: Interval | None
) -> None:
    """It is asked until 6 s; a clip that lies behind that shows nothing."""
    pane = ClipPane()
    qtbot.addWidget(pane, before_close_func=lambda _: pane.close_pane())
    item = ReviewItem(question("s", "a", clip=stored), "Lamp", (), frozenset(), "", Film(Path("nowhere.mkv")))
    pane.show_item(item)
    pane.set_length(length_s)
    wanted = pane._wanted(item)
    assert (wanted and wanted.span) == shown
    if shown is None:
        assert pane.fault == pane.view.empty_text == BEHIND
        pane.set_length(5.0)
        assert pane.fault != BEHIND
        assert pane.clip_ns == 5 * S
