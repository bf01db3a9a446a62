"""The station's desk for the expert's own recordings, which takes them and gives them to their sessions."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.link.messages.messages import Message
from woz.link.transfer.chunks import got_message
from woz.live.station.received_recordings import ReceivedRecordings
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.model.voice_copy import VoiceCopy
from woz.recording.expert_voice.comparison import comparison_data
from woz.recording.expert_voice.parts import take_in_parts
from woz.recording.folder.journal import append_late
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder, free_bytes

log = logging.getLogger(__name__)

NAME = "keeping of the expert's recording"
MIN_FREE_BYTES = 200 * 1024**2
MOST_WAITING = 200
"""Chunks and offers of the expert's recordings that may wait to be stored."""


class ExpertUploads:
    """Safe from any thread.

    `tell` sends to the console, `journal` writes a sentence into the running session's journal (False where that is
    closed), `room` says how many bytes its recordings may have, `on_closed` gets each manifest that has changed.
    """

    def __init__(
        self,
        sessions: Path,
        session_id: SessionId,
        clock: Clock,
        supervisor: Supervisor,
        tell: Callable[[Message], None],
        journal: Callable[[str], bool],
        room: Callable[[], int],
        on_closed: Callable[[Manifest], None],
    ) -> None:
        self._sessions = sessions
        self._session_id = session_id
        self._clock = clock
        self._supervisor = supervisor
        self._tell = tell
        self._journal = journal
        self._on_closed = on_closed
        self._received = ReceivedRecordings(sessions, session_id, self._tell_of_voice, room)
        self._waiting = threading.Semaphore(MOST_WAITING)
        self._thread = ThreadPoolExecutor(1, "expert's recording")
        self._submitting = threading.Lock()
        self._last: Future[None] | None = None
        """What was put on the desk last; it is done after all else."""

    @property
    def held(self) -> int:
        """Chunks here of the running session's recordings."""
        return self._received.held

    @property
    def sizes(self) -> tuple[int, int]:
        """Bytes here of the running session's recordings, and how many these have, as far as is known."""
        return self._received.sizes

    @property
    def is_complete(self) -> bool:
        """Whether every part of the running session that is known of is here and whole."""
        return self._received.is_complete

    def offered(self, message: Message) -> None:
        self._submit_some(lambda: self._answer(VoiceCopy.of(message.data)))

    def arrived(self, chunk: bytes) -> None:
        self._submit_some(lambda: self._take(chunk))

    def take_in(self, folder: SessionFolder) -> None:
        """Make what is here of a closed session its own; returns when that is done. Raises what went wrong."""
        self._thread.submit(self._take_in, folder).result()

    def tell_closed(self, folder: SessionFolder) -> None:
        """More of a closed session is in its folder."""
        self._submit(lambda: self._on_closed(folder.manifest()))

    @property
    def is_busy(self) -> bool:
        return self._last is not None and not self._last.done()

    def settle(self) -> None:
        """Returns when all that has come by now is done."""
        if last := self._last:
            wait([last])

    def close(self) -> None:
        self._thread.shutdown()
        self._received.close()

    # on the desk's thread

    def _submit_some(self, work: Callable[[], None]) -> None:
        """What is more than an honest console has on its way is left out; it offers it again."""
        if self._waiting.acquire(blocking=False) and (done := self._submit(work)):
            done.add_done_callback(lambda _: self._waiting.release())

    def _submit(self, work: Callable[[], None]) -> Future[None] | None:
        with contextlib.suppress(RuntimeError):
            with self._submitting:
                self._last = last = self._thread.submit(self._do, work)
            return last
        return None

    def _do(self, work: Callable[[], None]) -> None:
        with self._supervisor.turn(NAME):
            try:
                work()
            except ValueError as error:
                log.info("an offer was ignored: %s", error)
            except OSError as error:
                sentence = f"The expert's recording can't be stored ({error.strerror}); make room."
                raise WozError(sentence) from error

    def _answer(self, copy: VoiceCopy) -> None:
        holding = self._received.offered(copy)
        self._tell(holding.message())
        if holding.whole:
            folder = SessionFolder(self._sessions / copy.session_id)
            manifest = folder.manifest()
            if manifest.state != SessionState.RECORDING and manifest.comparison is None:
                self._take_in(folder)

    def _take(self, raw: bytes) -> None:
        if free_bytes(self._sessions) < MIN_FREE_BYTES:
            raise WozError("The disk is nearly full: the expert's own recording stays at the console; make room.")
        if chunk := self._received.arrived(raw):
            self._tell(got_message(chunk))

    def _take_in(self, folder: SessionFolder) -> None:
        manifest = take_in_parts(folder)
        if manifest.comparison:
            self._append(manifest, comparison_data(manifest.comparison))
        self._on_closed(manifest)

    def _tell_of_voice(self, session_id: str, sentence: str) -> None:
        """Into the journal of a session, which may be closed, or an earlier one."""
        if session_id == self._session_id and self._journal(sentence):
            return
        if (folder := SessionFolder(self._sessions / session_id)).manifest_path.is_file():
            self._append(folder.manifest(), {"text": sentence})

    def _append(self, manifest: Manifest, data: Mapping[str, object]) -> None:
        folder = SessionFolder(self._sessions / manifest.session_id)
        t_ns = self._clock.utc_ns() - manifest.start_utc_ns
        append_late(folder.events, Event(t_ns, EventKind.VOICE, "station", data))
