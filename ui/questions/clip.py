"""Clips decoded beside the window, the one that is shown first, then those that come next; bounded in memory.

A clip's pictures are kept as JPEG, in the size in which they are shown: thirty seconds of them take some sixty
megabytes, and one is unpacked in three milliseconds.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import av
import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal

from ui.application.holding import start_with
from woz.base.errors import WozError
from woz.base.interval import Interval, seconds
from woz.base.pictures import reshaped
from woz.base.supervision import Supervisor
from woz.dataset.release.clips import Cut, Film, frames_in, sound_of

SIDE = 720
"""The longer side of a picture is at most this."""
QUALITY = [int(cv2.IMWRITE_JPEG_QUALITY), 85]
MOST_BYTES = 256 * 2**20
_NAME = "clips"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clip of a film; its sound is silent from where the answer begins."""

    film: Film
    span: Interval
    silent_from_ns: int

    @property
    def key(self) -> tuple[str, int, int, int]:
        return str(self.film.path), self.span.start_ns, self.span.end_ns, self.silent_from_ns


@dataclass(slots=True)
class Clip:
    """What is decoded of it so far: pictures with their times from its start (ns), and its sound (48 kHz)."""

    wanted: Wanted
    times: list[int] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    sound: bytes = b""
    whole: bool = False
    fault: str = ""
    size: int = 0


class ClipLoader(QObject):
    """`grown` gives a clip that has more to show than before, on the window's thread."""

    grown = Signal(object)

    def __init__(self, parent: QObject | None = None, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(parent)
        self._most = most_bytes
        self._changed = threading.Condition()
        self._wanted: list[Wanted] = []
        self._clips: dict[tuple[str, int, int, int], Clip] = {}
        self._closed = False
        self._supervisor = Supervisor()
        self._thread = self._supervisor.thread(_NAME, self._run, daemon=True)

    def want(self, clips: Sequence[Wanted]) -> Clip | None:
        """The clips that are wanted now, the one that is shown first; what is decoded of that one."""
        with self._changed:
            self._wanted = list(clips)
            keys = {each.key for each in clips}
            self._clips = {key: clip for key, clip in self._clips.items() if key in keys}
            self._changed.notify()
            first = self._clips.get(clips[0].key) if clips else None
        if clips and not self._thread.ident:
            start_with(self._thread, self)
        return first

    @property
    def size(self) -> int:
        """How many bytes the clips take."""
        with self._changed:
            return sum(clip.size for clip in self._clips.values())

    def close(self) -> None:
        with self._changed:
            self._closed, self._wanted = True, []
            self._changed.notify()
        if self._thread.ident:
            self._thread.join()

    # the thread

    def _run(self) -> None:
        while (wanted := self._next()) is not None:
            with self._supervisor.turn(_NAME):
                self._decode(wanted)

    def _next(self) -> Wanted | None:
        """The first that isn't whole; None at the end. What comes later waits while there is no room for it."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._open() is not None)
            return None if self._closed else self._open()

    def _open(self) -> Wanted | None:
        for place, each in enumerate(self._wanted):
            clip = self._clips.get(each.key)
            full = place > 0 and sum(one.size for one in self._clips.values()) >= self._most
            if clip is None or not clip.whole:
                return None if full else each
        return None

    def _decode(self, wanted: Wanted) -> None:
        clip = Clip(wanted)
        with self._changed:
            self._clips[wanted.key] = clip
        try:
            clip.sound = _sound(wanted)
            self._fill(clip)
        except WozError as error:
            clip.fault = str(error)
        except av.FFmpegError as error:
            clip.fault = f"The video {wanted.film.path} can't be read ({error.strerror}); see to it with woz check."
        except Exception as error:
            clip.fault = str(self._supervisor.failed(_NAME, error))
        with self._changed:
            if not self._turns_to(wanted):
                self._clips.pop(wanted.key, None)
                return
            clip.whole = True
        self.grown.emit(clip)

    def _fill(self, clip: Clip) -> None:
        wanted = clip.wanted
        with av.open(str(wanted.film.path)) as container:
            container.streams.video[0].thread_type = "AUTO"
            for t_ns, frame in frames_in(container, wanted.film, wanted.span):
                picture = _jpeg(frame)
                with self._changed:
                    if not self._turns_to(wanted):
                        return
                    clip.times.append(t_ns - wanted.span.start_ns)
                    clip.pictures.append(picture)
                    clip.size += len(picture)
                if len(clip.pictures) == 1:
                    self.grown.emit(clip)
        if not clip.pictures:
            where = f"{seconds(wanted.span.start_ns):.1f} s to {seconds(wanted.span.end_ns):.1f} s"
            clip.fault = f"The video has no picture from {where}."

    def _turns_to(self, wanted: Wanted) -> bool:
        """Whether nothing is more urgent by now."""
        first = self._open()
        return first is not None and first.key == wanted.key


def _sound(wanted: Wanted) -> bytes:
    cut = Cut(wanted.span, wanted.silent_from_ns, 0)
    with av.open(str(wanted.film.path)) as container:
        if not container.streams.audio:
            return b""
    samples = sound_of(wanted.film, cut)
    return (samples * 32767).astype(np.int16).tobytes()


def _jpeg(frame: av.VideoFrame) -> bytes:
    scale = min(1.0, SIDE / max(frame.width, frame.height))
    width, height = (max(2, int(side * scale) // 2 * 2) for side in (frame.width, frame.height))
    _, data = cv2.imencode(".jpg", reshaped(frame, width, height, "bgr24", "FAST_BILINEAR").to_ndarray(), QUALITY)
    return data.tobytes()
