"""What the console records for itself: the expert's own voice, and the view as it comes, as a spare."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.link.ends.console_end import ConsoleEnd
from woz.live.console.session_time import SessionTime
from woz.live.seats.troubles import Troubles
from woz.recording.live.own_copies import OwnCopies
from woz.recording.live.spare_view import SpareView
from woz.recording.live.voice_recorder import VoiceRecorder


class OwnRecording:
    """`safe_to_close` is set when the station holds all of it."""

    def __init__(
        self,
        folder: Path,
        keeps_view: bool,
        copies: OwnCopies,
        time: SessionTime,
        clock: Clock,
        link: ConsoleEnd,
        troubles: Troubles,
        supervisor: Supervisor,
    ) -> None:
        self._folder = folder
        self._keeps_view = keeps_view
        self._copies = copies
        self._time = time
        self._clock = clock
        self._link = link
        self._troubles = troubles
        self._supervisor = supervisor
        self._ending = threading.Lock()
        self._spare: SpareView | None = None
        self.recorder: VoiceRecorder | None = None
        self.safe_to_close = threading.Event()

    def begin(self) -> None:
        """Nothing where it runs already; that it can't begin is a trouble that is shown."""
        if self.recorder:
            return
        path = self._folder / "expert.mka"
        try:
            self.recorder = self._begin_voice(unused(path))
            if self._keeps_view:
                self._spare = SpareView(unused(self._folder / "view.ts"), supervisor=self._supervisor)
            self._troubles.over("recording")
        except (WozError, OSError) as error:
            told = str(error) if isinstance(error, WozError) else f"{path} can't be made ({error})."
            self._troubles.came("recording", told)

    def _begin_voice(self, path: Path) -> VoiceRecorder:
        """Raises WozError, OSError where it can't be made, or noted."""
        recorder = VoiceRecorder(path, self._clock.now_ns(), supervisor=self._supervisor)
        try:
            self._copies.begin(path, self._time.file_map(recorder.origin_ns))
        except BaseException:
            recorder.close(recorder.origin_ns)
            raise
        return recorder

    def add_voice(self, at_ns: int, samples: NDArray[np.float32], rate: int) -> None:
        if self.recorder:
            self.recorder.add(at_ns, samples, rate)

    def add_view(self, data: bytes, captured_ns: int, key: bool) -> None:
        spare, origin_ns = self._spare, self._time.origin_ns
        if spare and origin_ns is not None:
            spare.add(data, captured_ns - origin_ns, key)

    def end(self, tell_cues: Callable[[], None]) -> None:
        """Close it; what the station lacks of it follows while the link stands. The spare waits."""
        with self._ending:
            recorder, self.recorder = self.recorder, None
            if recorder:
                self._seal(recorder, tell_cues)
        spare, self._spare = self._spare, None
        if spare:
            with self._supervisor.turn("spare view"):
                spare.close()

    def _seal(self, recorder: VoiceRecorder, tell_cues: Callable[[], None]) -> None:
        """Each step is taken, whatever becomes of those before it."""
        with self._supervisor.turn("expert's own recording"):
            recorder.close(self._clock.now_ns(), self._tell_disk)
        with self._supervisor.turn("cues"):
            tell_cues()
        with self._supervisor.turn("clock map"):
            self._keep_map_of(recorder)
        try:
            self._copies.end()
        except (WozError, OSError) as error:
            told = f"{recorder.path} can't be handed over ({error}); bring it with woz import."
            self._troubles.came("handing over", told)

    def _tell_disk(self, words: str) -> None:
        if words:
            self._troubles.came("closing", words)
        else:
            self._troubles.over("closing")

    @property
    def lacks_map(self) -> bool:
        return self._copies.lacks_map

    def keep_map(self) -> None:
        if recorder := self.recorder:
            self._keep_map_of(recorder)

    def _keep_map_of(self, recorder: VoiceRecorder) -> None:
        """On the disk, so that a crash doesn't take it."""
        try:
            self._copies.map_learned(self._time.file_map(recorder.origin_ns))
            self._troubles.over("clock map")
        except OSError as error:
            told = f"{recorder.path.parent} can't be written ({error.strerror}); make room."
            self._troubles.came("clock map", told)

    def uploaded(self) -> float | None:
        """How much the station has of what was recorded here, 0 to 1; None before the session's end."""
        if not self._time.ended or self.recorder:
            return 0.0 if self._time.ended else None
        pending = self._copies.pending
        if not pending:
            self.safe_to_close.set()
            return 1.0
        held = sum(self._link.upload.held_bytes(copy) for copy in pending)
        return min(0.99, held / max(1, sum(copy.size for copy in pending)))

    @property
    def fault(self) -> str:
        return str(self.recorder.fault) if self.recorder and self.recorder.fault else ""


def unused(path: Path) -> Path:
    """The path itself, or, where it is taken (after a crash), the same with a number."""
    number = 1
    candidate = path
    while candidate.exists():
        number += 1
        candidate = path.with_stem(f"{path.stem}-{number}")
    return candidate
