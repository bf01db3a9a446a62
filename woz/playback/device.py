"""The sound device while it is open, and what takes its place where it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.capture.sound import PlayRequest, Pull, Speaker
from woz.capture.stopping import stop_in_time
from woz.playback.speakers import SilentSpeaker
from woz.playback.tempo import Samples

log = logging.getLogger(__name__)

GONE_NS = 2 * NS_PER_S
"""A device that asks for nothing for so long is gone."""
UNOPENED = "The sound device can't be opened ({}), so nothing is heard; plug in another and press play."


class Device:
    """For one thread. Where there is no sound it is silent, so that the pictures go on."""

    def __init__(self, pull: Pull, find: Callable[[], Speaker], clock: Clock) -> None:
        self._pull, self._find, self._clock = pull, find, clock
        self._speaker: Speaker | None = None
        self._opened_ns = 0

    def open(self) -> str:
        """Where it isn't open; the answer says why nothing will be heard, and is empty where all is well."""
        if self._speaker is not None:
            return ""
        try:
            self._begin(self._find())
        except Exception as error:
            log.info("the sound device can't be opened", exc_info=error)
            self._begin(SilentSpeaker(self._clock))
            return str(error) if isinstance(error, WozError) else UNOPENED.format(error)
        return ""

    def watch(self, asked_ns: int) -> str:
        """Where it asked last (`asked_ns`) long ago, it is silent from now on; the answer says so."""
        if self._speaker is None or self._clock.now_ns() - max(asked_ns, self._opened_ns) < GONE_NS:
            return ""
        self.close()
        self._begin(SilentSpeaker(self._clock))
        return "The sound device doesn't answer any more, so nothing is heard; plug it in again and press play."

    def close(self) -> None:
        """One that hangs is left behind, and gets nothing more."""
        speaker, self._speaker = self._speaker, None
        if speaker:
            stop_in_time(f"the sound device {speaker.name}", speaker.stop)

    def _begin(self, speaker: Speaker) -> None:
        def pull(asked: PlayRequest) -> Samples:
            return self._pull(asked) if self._speaker is speaker else np.zeros(asked.n, np.float32)

        self._opened_ns, self._speaker = self._clock.now_ns(), speaker
        try:
            speaker.start(pull)
        except BaseException:
            self._speaker = None
            raise
