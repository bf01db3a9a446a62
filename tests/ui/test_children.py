"""Windows in processes of their own: what they say is kept, and none stands still for it."""

from __future__ import annotations

import sys

import pytest
from pytestqt.qtbot import QtBot

from ui.application import children
from ui.application.children import Children

TALKS = "import sys; sys.stderr.write('a warning\\n' * 50_000); sys.exit('woz: The disk is full.')"


def test_one_that_says_much_ends_and_its_last_words_are_told(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a pipe holds."""
    monkeypatch.setattr(children, "program", lambda *words: [sys.executable, "-c", *words])
    started, told = Children(), list[str]()
    started.start(TALKS)

    def has_ended() -> bool:
        told.append(started.last_words())
        return bool(told[-1])

    qtbot.waitUntil(has_ended)
    assert told[-1] == "The disk is full."
    assert started.last_words() == ""
