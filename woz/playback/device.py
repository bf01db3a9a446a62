"""The sound device while it is open, and what takes its place where it fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import numpy as np

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.supervision import Supervisor
from woz.capture.sound import PlayRequest, Pull, Speaker
from woz.capture.stopping import stop_in_time
from woz.playback.speakers import SilentSpeaker
from woz.playback.tempo import Samples

log = logging.getLogger(__name__)

GONE_NS = 2 * NS_PER_S
"""A device that asks for nothing for so long is gone."""
OPENED_WITHIN_S = 2.0
"""One that takes longer to open is left behind, and closed as soon as it is open."""
UNOPENED = "The sound device can't be opened ({}), so nothing is heard; plug in another and press play."
HANGS = "The sound device doesn't answer, so nothing is heard; plug it in again and press play."


class Device:
    """For one thread. Where there is no sound it is silent, so that the pictures go on."""

    def __init__(self, pull: Pull, find: Callable[[], Speaker], clock: Clock) -> None:
        self._pull, self._find, self._clock = pull, find, clock
        self._speaker: Speaker | None = None
        self._opening: _Opening | None = None
        self._heard: object = None
        """Stands for the one that is asked by now; others get silence."""
        self._opened_ns = 0

    def open(self) -> str:
        """Where it isn't open; the answer says why nothing will be heard, and is empty where all is well."""
        if self._speaker is not None:
            return ""
        if self._opening and self._opening.hangs:
            return self._silent_since(HANGS)
        self._opening = _Opening(self._find, self._gate())
        try:
            self._speaker = self._opening.wait(OPENED_WITHIN_S)
        except Exception as error:
            log.info("the sound device can't be opened", exc_info=error)
            return self._silent_since(str(error) if isinstance(error, WozError) else UNOPENED.format(error))
        self._opened_ns = self._clock.now_ns()
        if self._speaker is not None:
            return ""
        log.warning("the sound device hangs while it is opened")
        return self._silent_since(HANGS)

    def watch(self, asked_ns: int) -> str:
        """Where it asked last (`asked_ns`) long ago, it is silent from now on; the answer says so."""
        if self._speaker is None or self._clock.now_ns() - max(asked_ns, self._opened_ns) < GONE_NS:
            return ""
        self.close()
        return self._silent_since(
            "The sound device doesn't answer any more, so nothing is heard; plug it in again and press play."
        )

    def close(self) -> None:
        """One that hangs is left behind, and gets nothing more."""
        speaker, self._speaker, self._heard = self._speaker, None, None
        if speaker:
            stop_in_time(f"the sound device {speaker.name}", speaker.stop)

    def _silent_since(self, why: str) -> str:
        speaker = SilentSpeaker(self._clock)
        speaker.start(self._gate())
        self._speaker, self._opened_ns = speaker, self._clock.now_ns()
        return why

    def _gate(self) -> Pull:
        """What the next speaker pulls, until another takes its place."""
        self._heard = heard = object()

        def pull(asked: PlayRequest) -> Samples:
            return self._pull(asked) if self._heard is heard else np.zeros(asked.n, np.float32)

        return pull


class _Opening:
    """Finds a speaker and starts it, on a thread of its own; one that comes too late is stopped again."""

    def __init__(self, find: Callable[[], Speaker], pull: Pull) -> None:
        self._find, self._pull = find, pull
        self._lock = threading.Lock()
        self._late = False
        self._speaker: Speaker | None = None
        self._error: Exception | None = None
        self._thread = Supervisor().thread("opening of the sound device", self._run, daemon=True)
        self._thread.start()

    @property
    def hangs(self) -> bool:
        return self._thread.is_alive()

    def wait(self, within_s: float) -> Speaker | None:
        """None where it takes longer, and for good then. Raises what the device raises."""
        self._thread.join(within_s)
        with self._lock:
            if self._error is not None:
                raise self._error
            self._late = self._speaker is None
            return self._speaker

    def _run(self) -> None:
        try:
            speaker = self._find()
            speaker.start(self._pull)
        except Exception as error:
            with self._lock:
                self._error = error
            return
        with self._lock:
            if not self._late:
                self._speaker = speaker
                return
        log.warning("the sound device %s was opened too late, and is closed", speaker.name)
        speaker.stop()
