"""The console's sound: the expert's microphone with the cues, and the trainee in the expert's ear."""

from __future__ import annotations

from collections import deque
from functools import partial

import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.supervision import Supervisor
from woz.capture.cue_route import CueRoute, SpokenCue
from woz.capture.reopening import ReopeningSpeaker
from woz.capture.sound import Microphone, PlayRequest, Speaker, unfailing
from woz.capture.source import AudioBlock
from woz.link.ends.console_end import ConsoleEnd
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.console.deeds import Deeds
from woz.live.console.own_recording import OwnRecording
from woz.live.console.session_time import SessionTime
from woz.live.seats.sound_watch import SoundWatch
from woz.model.events import EventKind
from woz.sound.level import Level
from woz.timing.tracker import OffsetTracker

WATCHED = ("microphone", "earpiece", "link", "recording")
"""Where sound may be lost."""
MAX_GAIN = 4.0


class ConsoleSound:
    """`second` is the buffer for the expert's voice, which observers hear beside the trainee's."""

    def __init__(
        self,
        clock: Clock,
        time: SessionTime,
        link: ConsoleEnd,
        jitter_buffer: JitterBuffer,
        second: JitterBuffer | None,
        recording: OwnRecording,
        deeds: Deeds,
    ) -> None:
        self._time = time
        self._link = link
        self._jitter_buffer, self._second = jitter_buffer, second
        self._recording = recording
        self._deeds = deeds
        self.own_level, self.trainee_level = Level(), Level()
        self.muted = False
        self._gain = 1.0
        self._watches = {name: SoundWatch(clock, name, partial(self._journal, name)) for name in WATCHED}
        self._microphone_watch, self._earpiece_watch = self._watches["microphone"], self._watches["earpiece"]
        self._microphone_times = OffsetTracker(on_loss=self._microphone_watch.lost)
        self.spoken: deque[SpokenCue] = deque()
        self.cues = CueRoute(self.spoken.append)

    def start_microphone(self, microphone: Microphone, supervisor: Supervisor) -> None:
        hear = supervisor.guarded("microphone", self._hear_expert)
        microphone.start(hear, self._microphone_watch.stalled, self._microphone_watch.lost)

    def start_speaker(self, speaker: Speaker, supervisor: Supervisor) -> None:
        if isinstance(speaker, ReopeningSpeaker):
            speaker.on_fault = self._earpiece_watch.stalled
        speaker.start(unfailing(self.play_trainee, supervisor, "earpiece"), self._earpiece_watch.lost)

    def volume(self, gain: float) -> None:
        self._gain = min(max(gain, 0.0), MAX_GAIN)

    @property
    def problem(self) -> str:
        return self._microphone_watch.problem or self._earpiece_watch.problem

    def tell_cues(self) -> None:
        """Cues that were spoken; the microphone's thread, which may not wait for the disk, only collects them."""
        while cue := self.spoken.popleft() if self.spoken else None:
            begin_ns, end_ns = map(self._time.at, (cue.begin_ns, cue.end_ns))
            self._deeds.event(EventKind.CUE, cue.begin_ns, text=cue.text, begin_ns=begin_ns, end_ns=end_ns)

    def watch(self) -> None:
        """Once a second."""
        self._watches["link"].counted(self._link.voice_dropped)
        if recorder := self._recording.recorder:
            self._watches["recording"].counted(recorder.dropped)
        for watch in self._watches.values():
            watch.look()

    def _journal(self, name: str, words: str, lost: int) -> None:
        self._deeds.event(EventKind.SOURCE, text=words, name=name, lost=lost or None)

    # on the devices' own threads

    def _hear_expert(self, block: AudioBlock) -> None:
        self._microphone_watch.lives()
        times = self._microphone_times
        at_ns = times.add(block.device_ns, block.arrival_ns, block.called_ns, block.lost)
        samples = self.cues.mix(np.zeros_like(block.samples) if self.muted else block.samples, at_ns)
        self.own_level.add(samples)
        self._link.offer_voice(at_ns, samples)
        self._recording.add_voice(at_ns, samples, block.rate)

    def play_trainee(self, asked: PlayRequest) -> NDArray[np.float32]:
        """The next samples for the expert's ear."""
        self._earpiece_watch.lives()
        samples = self._jitter_buffer.pull(asked.n, self._time.on_station(asked.dac_ns))
        self.trainee_level.add(samples)
        heard: NDArray[np.float32] = samples * np.float32(self._gain)
        return heard + self._second.pull(asked.n) if self._second else heard
