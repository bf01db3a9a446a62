"""The glasses' own loudspeaker as the trainee's earpiece."""

from __future__ import annotations

import threading

from woz.base.clock import Clock, sleep_until
from woz.base.errors import WozError
from woz.base.settings import AUDIO_RATE
from woz.base.supervision import Supervisor
from woz.capture.sound import OnLoss, PlayRequest, Pull, unheard
from woz.capture.source import TalkBack

BLOCK = AUDIO_RATE // 50
LATEST_NS = 200_000_000
"""A thread that is further behind than this gives up what it missed."""


class GlassesSpeaker:
    """Sends sound at the machine's own pace; its `dac_ns` adds the delay that the operator gave for the way."""

    name = "the glasses' speaker"

    def __init__(self, source: object, clock: Clock) -> None:
        """Raises WozError for a source that has no speaker."""
        if not isinstance(source, TalkBack) or source.speaker_delay_ns is None:
            raise WozError(
                "Only Gen 2 glasses over WebRTC have a speaker that can be played on: take the view from "
                "aria2:IP?mode=webrtc, or choose another earpiece."
            )
        self._glasses = source
        self._delay_ns = source.speaker_delay_ns
        self._clock = clock
        self._ended = threading.Event()
        self._watch = Supervisor()
        self._thread: threading.Thread | None = None

    def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
        self._ended.clear()
        self._thread = self._watch.thread(self.name, lambda: self._run(pull, on_loss))
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()
            self._thread = None

    def _run(self, pull: Pull, on_loss: OnLoss) -> None:
        origin_ns, samples = self._clock.now_ns(), 0
        while True:
            due_ns = origin_ns + samples * 1_000_000_000 // AUDIO_RATE
            sleep_until(self._clock, due_ns, self._ended.wait)
            if self._ended.is_set():
                return
            if (late_ns := self._clock.now_ns() - due_ns) > LATEST_NS:
                samples += late_ns * AUDIO_RATE // 1_000_000_000
                on_loss()
            device_ns = samples * 1_000_000_000 // AUDIO_RATE
            asked = PlayRequest(BLOCK, device_ns, origin_ns + device_ns + self._delay_ns)
            try:
                self._glasses.play(pull(asked), AUDIO_RATE)
            except Exception as error:
                self._watch.failed("glasses' speaker", error)
                on_loss()
            samples += BLOCK
