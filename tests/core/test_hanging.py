"""What hangs while it is opened or closed is left behind: a program can always be ended."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.recording_room import INFO
from woz.base import runtime
from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.base.runtime import LiveLoop
from woz.capture import reopening, restarting
from woz.capture.reopening import ReopeningMicrophone
from woz.capture.restarting import RestartingSource
from woz.capture.sound import OnBlock, OnFault, OnLoss, unheard
from woz.capture.source import DeviceStatus, Sink, SourceInfo
from woz.demo.pulse import PulseRoom, Seat, available


@pytest.fixture
def free() -> threading.Event:
    """Set, what hangs goes on."""
    return threading.Event()


def ends(close: Callable[[], None]) -> bool:
    closing = threading.Thread(target=close, daemon=True)
    closing.start()
    closing.join(120)
    return not closing.is_alive()


class Card:
    name = "card"

    def __init__(self, free: threading.Event, opens_at_once: bool) -> None:
        self._free, self._opens_at_once = free, opens_at_once
        self.asked, self.closed = threading.Event(), threading.Event()

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        self.asked.set()
        if not self._opens_at_once:
            self._free.wait(240)

    def stop(self) -> None:
        if self._opens_at_once:
            self._free.wait(240)
        self.closed.set()


def test_a_device_that_hangs_while_it_is_closed_holds_nothing_up(
    free: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reopening, "CLOSE_WITHIN_S", 0.05)
    card = Card(free, opens_at_once=True)
    microphone = ReopeningMicrophone("card", lambda: card, ManualClock())
    microphone.start(lambda block: None, lambda fault: None)
    assert ends(microphone.stop)
    assert not card.closed.is_set()
    free.set()
    assert card.closed.wait(120)


def test_a_device_that_hangs_while_it_is_opened_again_is_closed_when_it_is_open(
    free: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reopening, "CLOSE_WITHIN_S", 0.05)
    clock, first, second = ManualClock(), Card(free, opens_at_once=True), Card(free, opens_at_once=False)
    cards = [first, second]
    microphone = ReopeningMicrophone("card", lambda: cards.pop(0), clock)
    microphone.start(lambda block: None, lambda fault: None)
    clock.advance(10 * reopening.STALLED_NS)
    assert second.asked.wait(120)
    assert ends(microphone.stop)
    free.set()
    assert second.closed.wait(120)


class Nothing:
    def video(self, frame: object) -> None: ...

    def audio(self, block: object) -> None: ...

    def gaze(self, sample: object) -> None: ...

    def status(self, status: DeviceStatus) -> None: ...

    def ended(self, fault: WozError | None) -> None: ...


class Camera:
    info: SourceInfo = INFO

    def start(self, sink: Sink) -> None:
        sink.ended(WozError("The camera is gone."))

    def stop(self) -> None: ...


def test_a_camera_that_hangs_while_it_is_opened_again_holds_nothing_up(
    free: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restarting, "STOP_WITHIN_S", 0.05)
    asked, made = threading.Event(), list[Camera]()

    def make() -> Camera:
        if made:
            asked.set()
            free.wait(240)
        made.append(Camera())
        return made[-1]

    source = RestartingSource("camera 0", make, ManualClock())
    source.start(Nothing())
    assert asked.wait(120)
    assert ends(source.stop)
    free.set()


def test_a_loop_whose_work_won_t_end_is_closed_all_the_same(
    free: threading.Event, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runtime, "END_WITHIN_S", 0.05)
    live, began = LiveLoop(), threading.Event()

    async def stubborn() -> None:
        began.set()
        free.wait(240)

    live.submit(stubborn())
    assert began.wait(120)
    assert ends(live.close)
    assert "left behind" in caplog.text
    free.set()
    live._thread.join(120)
    live.loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(live.loop)))
    live.loop.close()


@pytest.mark.skipif(not available(), reason="PulseAudio and its ALSA plugin are needed")
def test_a_sound_server_that_stands_still_keeps_no_program_running(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.rig.hanging_sound"]
    with PulseRoom(tmp_path) as room:
        environment = {**os.environ, **room.environment(Seat.STATION), "PYTHONPATH": str(Path(__file__).parents[2])}
        child = subprocess.Popen(command, text=True, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdout
        assert child.stdout.readline() == "runs\n"
        assert room.pid
        os.kill(room.pid, signal.SIGSTOP)
        try:
            said, _ = child.communicate("\n", timeout=240)
        finally:
            os.kill(room.pid, signal.SIGCONT)
            child.kill()
            child.wait()
    assert (said, child.returncode) == ("ended\n", 0)
