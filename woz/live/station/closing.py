"""How a session ends: the expert's recording is awaited, the folder closed, and what came of it taken in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from woz.base.clock import Clock, SessionClock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.link.ends.link_state import LinkState
from woz.link.messages.messages import Message, MessageKind
from woz.live.seats.station_seat import StationPhase
from woz.live.seats.troubles import Troubles
from woz.live.station.config import StationConfig
from woz.live.station.expert_side import ExpertSide
from woz.live.station.media_in import MediaIn
from woz.live.station.own_recording import OwnRecording
from woz.live.station.running_session import RunningSession
from woz.live.station.spared import Spared
from woz.live.station.upload_wait import TAKING_IN, UploadWait, arriving
from woz.model.events import EventKind
from woz.model.session import SessionState
from woz.recording.check.recovery import recover
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.05


class Closing:
    """`leaving` is set when the station is left meanwhile."""

    def __init__(
        self,
        config: StationConfig,
        session: RunningSession,
        media: MediaIn,
        expert: ExpertSide,
        spared: Spared,
        own_recording: OwnRecording,
        troubles: Troubles,
        clock: Clock,
        leaving: threading.Event,
    ) -> None:
        self._config = config
        self._session = session
        self._media = media
        self._expert = expert
        self._spared = spared
        self._own_recording = own_recording
        self._troubles = troubles
        self._clock = clock
        self._leaving = leaving
        self.awaits_console = False
        self.awaits = ""
        """What is waited for though nothing is wrong, in words."""
        self.awaits_disk = ""
        """What to tell of a disk that takes nothing, while that is so."""

    def run(self, supervisor: Supervisor) -> None:
        """Each step is taken, whatever becomes of those before it."""
        end_ns = self._session.elapsed_ns
        steps: tuple[Callable[[], None], ...] = (
            self._own_recording.end,
            lambda: self._await_upload(end_ns),
            self._keep_clock_maps,
            lambda: self._journal_spared(end_ns),
            lambda: self._close_recorder(end_ns),
            lambda: self._own_recording.fetch(self._tell_awaited),
            self._withdraw_invitations,
            self._take_in_upload,
        )
        for step in steps:
            with supervisor.turn("closing of the session"):
                step()
            self.awaits = ""

    def settle(self) -> None:
        """Returns when what has come of the expert's recordings is kept."""
        if self._expert.uploads.is_busy:
            self.awaits = TAKING_IN
            self._expert.uploads.settle()
            self.awaits = ""

    def _await_upload(self, end_ns: int) -> None:
        """Wait for a console whose link is lost, and while its recording comes; not for one that has left."""
        link = self._expert.link
        link.tell(Message(MessageKind.ENDED, {"end_ns": end_ns}))
        wait = UploadWait(self._clock)
        while self._expert.owes and link.state != LinkState.WAITING:
            live = link.state == LinkState.LIVE
            self.awaits_console = not live
            self.awaits = arriving(*self._expert.uploads.sizes)
            if not wait.goes_on(live, self._expert.uploads.held):
                break
            self._leaving.wait(LOOK_EVERY_S)
        self.awaits_console = False

    def _keep_clock_maps(self) -> None:
        recorder, clock = self._session.recorder, self._session.clock
        assert recorder
        assert clock
        for kind, clock_map in self._media.clock_maps(clock.origin_ns).items():
            recorder.set_map(kind, clock_map)

    def _journal_spared(self, end_ns: int) -> None:
        spared = {"link_frames": self._spared.count}
        self._session.journal_at(end_ns, EventKind.DROP, "station", spared)

    def _close_recorder(self, end_ns: int) -> None:
        """Where the session can't be closed as it should, what can be read of it is."""
        recorder, folder = self._session.recorder, self._session.folder
        assert recorder
        assert folder
        try:
            recorder.close(end_ns, self._tell_disk)
        except Exception as error:
            if not isinstance(error, WozError | OSError):
                log.exception("the closing of the session ended by a fault of the program")
            self._troubles.came("closing", f"The session could not be closed as it should ({error})")
            recover(folder)

    def _tell_disk(self, words: str) -> None:
        self.awaits_disk = words

    def _tell_awaited(self, words: str) -> None:
        self.awaits = words

    def _withdraw_invitations(self) -> None:
        """The expert's holds while the console owes something, so that it can come back with it."""
        self._session.phase = StationPhase.CLOSED
        self._expert.link.withdraw_invitation(but_the_experts=self._expert.owes)

    def _take_in_upload(self) -> None:
        folder, clock = self._session.folder, self._session.clock
        assert folder
        assert clock
        try:
            self.awaits = TAKING_IN if self._expert.uploads.held else ""
            self._expert.uploads.take_in(folder)
        finally:
            if not self._expert.was_told_closed:
                self._expert.tell_closed(self._manifest(folder, clock))

    def _manifest(self, folder: SessionFolder, clock: SessionClock) -> Manifest:
        """As it is on the disk, or, where it can't be read, what is known of it."""
        try:
            return folder.manifest()
        except WozError as fault:
            began_ns, name = clock.start_utc_ns, self._config.procedure.name
            return Manifest(self._config.session_id, SessionState.RECORDING, began_ns, name, fault=str(fault))
