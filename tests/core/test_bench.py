"""Devices tried before a session: a fault is told, and that it is over."""

from __future__ import annotations

import numpy as np
import pytest

from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.capture.bench import DeviceBench
from woz.capture.sound import OnBlock, OnFault
from woz.capture.source import AudioBlock
from woz.sound.level import Level

BLOCK = AudioBlock(0, 0, np.full(480, 0.5, np.float32), 48_000, 0, False)


class Microphone:
    """Does what a test tells it to do."""

    def start(self, on_block: OnBlock, on_fault: OnFault) -> None:
        self.block, self.fail = on_block, on_fault

    def stop(self) -> None: ...


def test_a_fault_is_told_until_sound_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    microphone = Microphone()
    monkeypatch.setattr("woz.capture.bench.open_microphone", lambda *a: microphone)
    told: list[str] = []
    DeviceBench(ManualClock()).microphone("default", Level(), told.append)
    microphone.block(BLOCK)
    assert told == []
    microphone.fail(WozError("The microphone has stalled."))
    for _ in range(3):
        microphone.block(BLOCK)
    assert told == ["The microphone has stalled.", ""]
