"""What comes from the station's devices, on their own threads: each goes to the recorder and to the link."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.capture.chime import Chime
from woz.capture.gaze_point import gaze_point
from woz.capture.reopening import ReopeningSpeaker
from woz.capture.sound import Microphone, PlayRequest, Speaker, unfailing
from woz.capture.source import AudioBlock, DeviceStatus, GazeSample, VideoFrame
from woz.link.ends.station_end import StationEnd
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.seats.station_seat import StationListener
from woz.live.seats.troubles import Troubles
from woz.live.station.config import SoundPlan
from woz.live.station.load_shedding import LoadShedding
from woz.live.station.running_session import RunningSession
from woz.model.events import EventKind
from woz.model.stream import StreamKind
from woz.sound.voice_level import Hearing
from woz.timing.clock_map import ClockMap
from woz.timing.device_clock import DeviceClock
from woz.timing.tracker import OffsetTracker


class MediaIn:
    """View, gaze and both voices; what it hears and sees lately is for the status."""

    def __init__(
        self,
        plan: SoundPlan,
        clock: Clock,
        session: RunningSession,
        link: StationEnd,
        jitter_buffer: JitterBuffer,
        troubles: Troubles,
        listener: StationListener,
    ) -> None:
        self._plan, self._config, self._source = plan, plan.config, plan.source
        self._session = session
        self._link = link
        self._jitter_buffer = jitter_buffer
        self._troubles = troubles
        self._listener = listener
        self.trainee, self.expert = Hearing(clock), Hearing(clock)
        self.chime = Chime()
        self.gaze: GazeSample | None = None
        self.device: DeviceStatus | None = None
        self.frames = 0
        self.shedding = LoadShedding(clock)
        self.microphone_watch, self.earpiece_watch = (session.watch(clock, n) for n in ("microphone", "earpiece"))
        self._device_clock = DeviceClock()
        self._earpiece_times = OffsetTracker(on_loss=self.earpiece_watch.lost)
        self._microphone_times = OffsetTracker(on_loss=self.microphone_watch.lost)

    def start(self, microphone: Microphone, speaker: Speaker, supervisor: Supervisor) -> None:
        """Raises WozError where a device can't be had."""
        if self._config.use_microphone:
            hear = supervisor.guarded("trainee's microphone", self._hear_trainee)
            microphone.start(hear, self.microphone_watch.stalled, self.microphone_watch.lost)
        if isinstance(speaker, ReopeningSpeaker):
            speaker.on_fault = self.earpiece_watch.stalled
        speaker.start(unfailing(self._play_expert, supervisor, "earpiece"), self.earpiece_watch.lost)
        self._source.start(_SourceSink(self, supervisor))

    @property
    def sound_problem(self) -> str:
        return self.microphone_watch.problem or self.earpiece_watch.problem

    @property
    def sound_losses(self) -> int:
        return self.microphone_watch.losses + self.earpiece_watch.losses

    def clock_maps(self, origin_ns: int) -> dict[StreamKind, ClockMap]:
        """From each device's clock to session time, which began at `origin_ns`."""
        device = self._device_clock.summary()
        maps = {
            StreamKind.VIEW: device if self._source.info.own_clock else None,
            StreamKind.EXPERT_HEARD: self._earpiece_times.summary(),
        }
        if self._plan.source_sounds:
            maps[self._plan.source_kind] = device
        if self._config.use_microphone:
            maps[StreamKind.TRAINEE_VOICE] = self._microphone_times.summary()
        return {kind: found.shifted(-origin_ns) for kind, found in maps.items() if found}

    # from the source

    def take_view(self, frame: VideoFrame) -> None:
        captured_ns = self._captured_ns(frame)
        self.frames += 1
        self._troubles.over("source")
        behind_s = self._session.video(frame, captured_ns)
        if self.shedding.shows(behind_s):
            self._link.offer_view(frame.image, captured_ns)
            self._listener.preview(frame.image)

    def take_sound(self, block: AudioBlock) -> None:
        plan = self._plan
        if not plan.source_sounds:
            return
        at_ns = self._device_clock.add("sound", block.device_ns, block.end_ns, block.arrival_ns)
        self._session.voice(plan.source_kind, at_ns, block.samples, block.rate, "source")
        if not self._config.use_microphone:
            self.trainee.add(block.samples)
        if plan.source_is_heard:
            self._link.offer_voice(at_ns, block.samples, block.rate)

    def take_gaze(self, sample: GazeSample) -> None:
        self.gaze = sample
        at_ns = self._captured_ns(sample)
        self._session.gaze(sample, at_ns)
        if self._config.protocol.gaze_shown and (point := gaze_point(sample)):
            self._link.show_gaze(point, at_ns)

    def take_device(self, status: DeviceStatus) -> None:
        """Lost pictures are journalled by the recorder, many in one event: who loses some has no time to write."""
        former, self.device = self.device, status
        skipped_before = former.skipped if former else 0
        if (missed := status.skipped - skipped_before) > 0:
            self._session.missed(missed)
        if former is None or replace(status, skipped=skipped_before) != former:
            self._session.journal(EventKind.DEVICE, "source", asdict(status))

    def source_ended(self, fault: WozError | None) -> None:
        if fault:
            self._troubles.came("source", str(fault), "The view comes again.")
        self._session.journal(EventKind.SOURCE, "station", {"ended": str(fault or "")})

    def _captured_ns(self, item: VideoFrame | GazeSample) -> int:
        if not self._source.info.own_clock:
            return item.device_ns
        stream = "view" if isinstance(item, VideoFrame) else "gaze"
        return self._device_clock.add(stream, item.device_ns, item.device_ns, item.arrival_ns)

    # from the sound cards

    def _hear_trainee(self, block: AudioBlock) -> None:
        self.microphone_watch.lives()
        times = self._microphone_times
        at_ns = times.add(block.device_ns, block.arrival_ns, block.called_ns, block.lost)
        self.trainee.add(block.samples)
        if not self._plan.source_is_heard:
            self._link.offer_voice(at_ns, block.samples, block.rate)
        self._session.voice(StreamKind.TRAINEE_VOICE, at_ns, block.samples, block.rate, "microphone")

    def _play_expert(self, asked: PlayRequest) -> NDArray[np.float32]:
        self.earpiece_watch.lives()
        at_ns = self._earpiece_times.add(asked.device_ns, asked.dac_ns, asked.called_ns, asked.lost)
        voice = self._jitter_buffer.pull(asked.n, at_ns)
        self.expert.add(voice)
        samples = self.chime.mixed(voice)
        self._session.voice(StreamKind.EXPERT_HEARD, at_ns, samples, 48_000, "earpiece")
        return samples


class _SourceSink:
    def __init__(self, media: MediaIn, supervisor: Supervisor) -> None:
        self.video = supervisor.guarded("taking of the view", media.take_view)
        self.audio = supervisor.guarded("taking of the source's sound", media.take_sound)
        self.gaze = supervisor.guarded("taking of the gaze", media.take_gaze)
        self.status = supervisor.guarded("taking of the source's status", media.take_device)
        self.ended = supervisor.guarded("end of the source", media.source_ended)
