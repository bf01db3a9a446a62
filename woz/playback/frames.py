"""A session's film by the numbers of its frames: exact, whatever distances, key frames or reordering it has."""

from __future__ import annotations

import logging
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path

import av

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.upright import upright
from woz.playback.frame_cache import FrameCache
from woz.playback.small_copies import SmallCopies
from woz.recording.folder.frame_index import FrameIndex

log = logging.getLogger(__name__)

STEP_NS = 40_000_000
"""How far apart one can stand in a recording that isn't here."""
CACHE_BYTES = 160 * 2**20
Wanted = Callable[[], bool]
"""Whether anybody still waits for a frame."""
StandIn = Callable[[int], av.VideoFrame | None]


class Frames:
    """The frames of a recording that isn't on this computer: times to stand on (ns, rising), and no pictures.

    `why` says in a sentence why it has none.
    """

    here = False
    long = False
    """Whether it has groups of pictures that are too long to be kept whole."""

    def __init__(self, times: list[int], why: str = "") -> None:
        self.times, self.why = times, why

    @classmethod
    def of_length(cls, duration_ns: int, why: str = "") -> Frames:
        return cls(list(range(0, max(duration_ns, 1), STEP_NS)), why)

    def read(self, number: int, wanted: Wanted = lambda: True) -> av.VideoFrame | None:
        """The frame with this number; None where there is none, or nobody wants it any more."""
        return None

    def kept(self, number: int) -> av.VideoFrame | None:
        """The frame where it is decoded already; safe from any thread."""
        return None

    def near(self, number: int, wanted: Wanted = lambda: True) -> av.VideoFrame | None:
        """What is there soon for a frame: a small copy of it, or else the key frame before it."""
        return None

    def moving(self, number: int, wanted: Wanted = lambda: True) -> av.VideoFrame | None:
        """The frame for one that goes backwards, or a small copy of it."""
        return None

    def ready(self, number: int) -> av.VideoFrame | None:
        """The frame, or a small copy for one that goes backwards, where it is there already; from any thread."""
        return None

    @property
    def room(self) -> int:
        """How many decoded frames are kept at once, at least."""
        return 1

    def at(self, t_ns: int) -> int:
        """The number of the frame that is shown at a time: the last one that began, to the rounding of the file."""
        return max(0, bisect_right(self.times, t_ns + 500_000) - 1)

    def close(self) -> None: ...


class FrameReader(Frames):
    """Single frames by number, upright. What is decoded on the way to one is kept, so that a step back is quick.

    A frame is known by its time stamp, never by counting; after a seek nothing is believed that is shown before the
    key frame (it may lack what it refers to). Where a seek misses, decoding begins earlier.
    """

    here = True

    def __init__(self, path: Path, index: FrameIndex, cache_bytes: int = CACHE_BYTES, threads: int = 0) -> None:
        """Raises WozError for a file that can't be read. It is decoded by so many threads, by 0 as many as fit."""
        super().__init__(index.times)
        self.index = index
        try:
            self._container = av.open(str(path))
            self._stream = self._container.streams.video[0]
        except IndexError as error:
            raise WozError(f"The video {path} can't be read (it holds no pictures).") from error
        except (OSError, av.FFmpegError) as error:
            raise WozError(f"The video {path} can't be read ({error.strerror}).") from error
        self._stream.thread_type = "AUTO"
        self._stream.codec_context.thread_count = threads
        self.stand_in: StandIn | None = None
        """Gives small copies of frames, on the thread that asks for what is near."""
        self._cache = FrameCache(cache_bytes)
        self._small = SmallCopies(index)
        self.long = self._small.wanted
        self._copies = False
        """Whether small copies are made of what is decoded."""
        self._lock = threading.Lock()
        self._frames: Iterator[av.VideoFrame] = iter(())
        self._from = self._next = len(self.times)
        """The frames that come next are numbered from `_next`; those before `_from` are not to be believed."""

    def read(self, number: int, wanted: Wanted = lambda: True) -> av.VideoFrame | None:
        if not 0 <= number < len(self.times):
            return None
        with self._lock:
            found = self._cache.get(number)
            for start in self._starts(number):
                if found is not None or not wanted():
                    break
                found = self._decoded(start, number, wanted)
        return found

    def kept(self, number: int) -> av.VideoFrame | None:
        return self._cache.get(number)

    def moving(self, number: int, wanted: Wanted = lambda: True) -> av.VideoFrame | None:
        """What is decoded on the way to one is copied small, so that those before it are there next."""
        found, stand_in = self.ready(number), self.stand_in
        if found is None and stand_in is not None:
            found = stand_in(number)
            if found is not None:
                self._small.put(number, found)
        return self._read_with_copies(number, wanted) if found is None else found

    def _read_with_copies(self, number: int, wanted: Wanted) -> av.VideoFrame | None:
        self._copies = self._small.wanted
        try:
            return self.read(number, wanted)
        finally:
            self._copies = False

    def ready(self, number: int) -> av.VideoFrame | None:
        found = self._cache.get(number)
        return self._small.get(number) if found is None else found

    @property
    def room(self) -> int:
        return self._cache.room

    def near(self, number: int, wanted: Wanted = lambda: True) -> av.VideoFrame | None:
        stand_in = self.stand_in
        small = stand_in(number) if stand_in else None
        return small if small is not None else self.read(self.index.key_before(number), wanted)

    def close(self) -> None:
        with self._lock:
            self._frames = iter(())
            self._cache.clear()
            self._small.clear()
            self._container.close()

    def _starts(self, number: int) -> Iterator[int | None]:
        """Where to decode from, the quickest first; None goes on from where the decoder is."""
        key = self.index.key_before(number)
        if max(key, self._from) <= self._next <= number:
            yield None
        yield key
        if key:
            yield self.index.key_before(key - 1)
            yield 0

    def _decoded(self, start: int | None, number: int, wanted: Wanted) -> av.VideoFrame | None:
        """Decode until a frame comes; None where it is passed over."""
        try:
            if start is not None:
                self._seek(start)
            for frame in map(upright, self._frames):
                came = self._number_of(frame)
                if came >= self._from:
                    self._next = came + 1
                    self._cache.put(came, frame)
                    if self._copies:
                        self._small.put(came, frame)
                if came == number:
                    return frame if came >= self._from else None
                if came > number or not wanted():
                    return None
        except av.FFmpegError as error:
            log.info("frame %d can't be decoded (%s)", number, error)
        self._from = self._next = len(self.times)
        return None

    def _seek(self, key: int) -> None:
        base = self._stream.time_base
        assert base
        offset = round(self.times[key] * base.denominator / (NS_PER_S * base.numerator))
        self._container.seek(offset, stream=self._stream)
        self._frames = self._container.decode(self._stream)
        self._from = self._next = key

    def _number_of(self, frame: av.VideoFrame) -> int:
        base = frame.time_base
        if frame.pts is None or base is None:
            return -1
        t_ns = round(frame.pts * NS_PER_S * base.numerator / base.denominator)
        place = bisect_left(self.times, t_ns)
        return place if place < len(self.times) and self.times[place] == t_ns else self.at(t_ns)
