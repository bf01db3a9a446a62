"""What the station tells while it runs: its status to the window, the link's figures to the journal."""

from __future__ import annotations

import threading

import numpy as np

from woz.base.clock import Clock
from woz.base.supervision import Supervisor
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.seats.station_seat import StationListener, StationPhase, StationStatus
from woz.live.seats.troubles import Troubles
from woz.live.station.closing import Closing
from woz.live.station.config import SoundPlan
from woz.live.station.disk_room import DiskRoom
from woz.live.station.expert_side import ExpertSide
from woz.live.station.media_in import MediaIn
from woz.live.station.running_session import RunningSession
from woz.live.station.spared import Spared
from woz.live.station.upload_wait import OWED, WAITING
from woz.model.events import EventKind

STATUS_EVERY_S = 0.2
LOOK_TICKS = 5
"""Status ticks between two looks at link, disk and sound devices."""


class Telling:
    """Runs on a thread of its own until `leaving` is set."""

    def __init__(
        self,
        plan: SoundPlan,
        session: RunningSession,
        media: MediaIn,
        expert: ExpertSide,
        spared: Spared,
        closing: Closing,
        disk: DiskRoom,
        jitter_buffer: JitterBuffer,
        troubles: Troubles,
        supervisor: Supervisor,
        clock: Clock,
        listener: StationListener,
        leaving: threading.Event,
    ) -> None:
        self._plan = plan
        self._session = session
        self._media = media
        self._expert, self._link = expert, expert.link
        self._spared = spared
        self._closing = closing
        self._disk = disk
        self._jitter_buffer = jitter_buffer
        self._troubles = troubles
        self._supervisor = supervisor
        self._listener = listener
        self._leaving = leaving
        self._link_watch = session.watch(clock, "link")
        self._frames_before = self._fps = 0
        self.earpiece_heard: bool | None = None

    def run(self) -> None:
        ticks = 0
        while not self._leaving.wait(STATUS_EVERY_S):
            ticks += 1
            if ticks % LOOK_TICKS == 0:
                self._look_around()
            with self._supervisor.turn("station's status"):
                self._listener.status(self._status())

    def _look_around(self) -> None:
        """Once a second."""
        frames = self._media.frames
        self._fps, self._frames_before = frames - self._frames_before, frames
        for look in (self._journal_link, self._disk.watch, self._watch_sound, self._expert.tell_late):
            with self._supervisor.turn("station's watch"):
                look()

    def _watch_sound(self) -> None:
        self._link_watch.counted(self._link.voice_dropped)
        for watch in (self._media.microphone_watch, self._media.earpiece_watch, self._link_watch):
            watch.look()

    def _journal_link(self) -> None:
        figures, delays = self._link.figures, self._jitter_buffer.take_delays()
        if figures:
            self._session.journal(EventKind.LINK, "station", figures)
        if delays:
            p50, p95 = (int(v) for v in np.percentile(delays, [50, 95]))
            data = {"blocks": len(delays), "voice_p50_ns": p50, "voice_p95_ns": p95}
            self._session.journal(EventKind.DELAY, "station", data)

    def _status(self) -> StationStatus:
        session, media, link = self._session, self._media, self._link
        recorder, room, figures = session.recorder, self._disk.now(), link.figures
        return StationStatus(
            session.phase,
            link.state,
            session.now_ns or 0,
            media.trainee.db,
            media.expert.db,
            recorder.captured if recorder else 0,
            recorder.recorded if recorder else 0,
            recorder.dropped + self._spared.count if recorder else 0,
            float(self._fps),
            link.delay_ms,
            room.free,
            room.minutes,
            self._worst_problem,
            media.device,
            view_fps_wanted=self._plan.source.info.fps,
            view_way=self._plan.source.info.way,
            trainee_heard_ago_s=media.trainee.heard_ago_s,
            expert_heard_ago_s=media.expert.heard_ago_s,
            trainee_clipped=media.trainee.clipped,
            expert_clipped=media.expert.clipped,
            expert_speaking=media.expert.speaking,
            earpiece_heard=self.earpiece_heard,
            clock_residual_ms=link.clock_residual_ms,
            loss=figures["lost_per_mille"] / 1000 if figures else None,
            bit_rate=float(figures["bit_rate"]) if figures else None,
            observers=link.observers,
            sound_losses=media.sound_losses,
            takes_trainee=self._plan.takes_trainee,
            has_earpiece=self._plan.config.use_earpiece,
            expert_is_here=link.expert_is_here,
            expert_has_microphone=link.expert_has_microphone,
            absence=self._expert.absence,
            awaits=self._closing.awaits,
        )

    @property
    def _worst_problem(self) -> str:
        recorder, over = self._session.recorder, self._session.phase == StationPhase.CLOSED
        found = (
            str(recorder.fault or "") if recorder else "",
            self._disk.problem,
            self._closing.awaits_disk,
            WAITING if self._closing.awaits_console else "",
            *(() if over else self._live_problems),
            self._supervisor.problem,
            self._troubles.problem,
            OWED if over and self._expert.owes else "",
        )
        return next(filter(None, found), "")

    @property
    def _live_problems(self) -> tuple[str, ...]:
        """What is of no account once the session is closed."""
        media = self._media
        device = media.device.problem if media.device else ""
        return media.sound_problem, self._disk.warning, device, media.shedding.problem, self._link.fault
