"""What holds for every window's test: a wait ends with what it waits for, on a busy machine too."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

PATIENCE_MS = 120_000

for waiting in (QtBot.waitUntil, QtBot.waitExposed, QtBot.waitSignal):
    waiting.__kwdefaults__ = {**(waiting.__kwdefaults__ or {}), "timeout": PATIENCE_MS}
