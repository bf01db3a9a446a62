"""Windows in processes of their own: what they say is kept, and none stands still for it."""

from __future__ import annotations

import signal
import sys

import pytest
from pytestqt.qtbot import QtBot

from ui.application import children
from ui.application.children import Children

AGAIN = "What it had stored is kept; open it again."
TALKS = "import sys; sys.stderr.write('a warning\\n' * 50_000); sys.exit('woz: The disk is full.')"


def test_one_that_says_much_ends_and_its_last_words_are_told(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a pipe holds."""
    started = Children()
    assert _last_words(qtbot, monkeypatch, started, TALKS) == "The disk is full."
    assert started.last_words() == ""


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import sys; sys.stderr.write('woz: A warning.\\n'); 1 / 0", "ZeroDivisionError: division by zero"),
        (
            "import os, sys; sys.stderr.write('woz: A warning.\\n'); sys.stderr.flush(); os.abort()",
            signal.strsignal(signal.SIGABRT),
        ),
        ("raise SystemExit(3)", "status 3"),
        ("import sys; sys.exit('usage: woz annotate\\nno such thing')", "no such thing"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals end no process there")
def test_one_that_ends_by_a_fault_or_a_signal_is_told_too(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, program: str, why: str
) -> None:
    """What it warned of before is not why it ended."""
    told = _last_words(qtbot, monkeypatch, Children(), program)
    assert told == f"The window of woz annotate ended early ({why}). {AGAIN}"


def test_a_fault_that_was_passed_over_is_not_why_one_ended_later(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a slot's, which Qt shows, and goes on."""
    passed = "import sys, traceback\ntry: 1 / 0\nexcept ZeroDivisionError: traceback.print_exc()\n"
    told = _last_words(qtbot, monkeypatch, Children(), f"{passed}sys.exit('woz: The disk is full.')")
    assert told == "The disk is full."


def _last_words(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, started: Children, program: str) -> str:
    monkeypatch.setattr(children, "program", lambda verb: [sys.executable, "-c", program])
    told: list[str] = []

    def has_ended() -> bool:
        told.append(started.last_words())
        return bool(told[-1])

    started.start("annotate")
    qtbot.waitUntil(has_ended)
    return told[-1]
