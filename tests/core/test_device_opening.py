"""A sound device that hangs while it is opened: the pictures go on without it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.core.test_sounding import WHOLE, Ramp, _wait
from woz.base.clock import Clock, SystemClock
from woz.base.interval import NS_PER_S
from woz.capture.sound import OnLoss, Pull, unheard
from woz.playback import device as device_module
from woz.playback.course import Course
from woz.playback.device import HANGS
from woz.playback.sounding import Sounding
from woz.playback.speakers import SilentSpeaker


def test_a_device_that_hangs_as_it_opens_holds_up_no_picture(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, asked no second time while it hangs, and closed as soon as it opens after all."""
    monkeypatch.setattr(device_module, "OPENED_WITHIN_S", 0.05)
    answers = threading.Event()

    class Stubborn(SilentSpeaker):
        stopped = False

        def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
            answers.wait(60)

        def stop(self) -> None:
            self.stopped = True

    tries: list[Stubborn] = []

    def find(clock: Clock) -> SilentSpeaker:
        tries.append(Stubborn(clock))
        return tries[-1]

    sounding = Sounding(Path("film"), SystemClock(), find, Ramp)
    try:
        sounding.begin(Course(0, 4.0, WHOLE))
        _wait(lambda: sounding.media_ns > NS_PER_S // 5)
        assert sounding.problem == HANGS
        sounding.begin(Course(NS_PER_S, 4.0, WHOLE))
        _wait(lambda: sounding.media_ns > NS_PER_S * 6 // 5)
        assert len(tries) == 1
        answers.set()
        _wait(lambda: tries[0].stopped)
    finally:
        answers.set()
        sounding.close()
