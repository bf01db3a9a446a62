"""Any video file as a source of the view."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.colours_kept import Colours
from woz.base.errors import WozError, permitted, unread
from woz.base.settings import AUDIO_RATE
from woz.base.upright import upright
from woz.capture.replay import Item, Replay
from woz.capture.source import AudioBlock, Sink, SourceInfo, VideoFrame, Way
from woz.capture.unplayed import demand_playable
from woz.sound.reading import readable

MADE_TAGS = ("com.apple.quicktime.creationdate", "creation_time")
"""Where a file says when it was recorded, the surer first."""


@dataclass(frozen=True, slots=True)
class _Facts:
    width: int
    height: int
    fps: float
    sound: bool
    duration_ns: int
    begin_ns: int
    start_utc_ns: int | None
    colours: Colours


class MediaFileSource:
    """Frames and sound of a file at its own pace; with `loop` it begins again, time going on."""

    def __init__(self, path: Path, clock: Clock, loop: bool = False) -> None:
        """Raises WozError for a file that is missing, may not be read, is no video or damaged, or asks for what
        nothing here plays.
        """
        self._path = path
        self._facts = _probe(path)
        self._replay = Replay(clock, f"replay of {path.name}", self._items, 0, self._facts.duration_ns, loop)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def info(self) -> SourceInfo:
        facts = self._facts
        rate = AUDIO_RATE if facts.sound else None
        name, size = self._path.name, (facts.width, facts.height)
        return SourceInfo(name, *size, facts.fps, rate, way=Way.FILE, colours=facts.colours)

    @property
    def begin_ns(self) -> int:
        """The file's own time at which it begins."""
        return self._facts.begin_ns

    @property
    def duration_ns(self) -> int:
        """How long it says that it is."""
        return self._facts.duration_ns

    @property
    def start_utc_ns(self) -> int | None:
        """When it was recorded, where it says so; by its recorder's clock, whether that was set or not."""
        return self._facts.start_utc_ns

    def items(self) -> Iterator[Item]:
        """All of it once, as fast as it is read; the times of arrival are those of the file.

        Raises WozError where it is damaged.
        """
        return (make(device_ns) for device_ns, make in self._items(0, 0))

    def start(self, sink: Sink) -> None:
        self._replay.start(sink)

    def stop(self) -> None:
        self._replay.stop()

    def _items(self, offset_ns: int, first: int) -> Iterator[tuple[int, Callable[[int], Item]]]:
        resampler = av.AudioResampler("flt", "mono", AUDIO_RATE)
        index = first
        try:
            with av.open(str(self._path)) as container:
                for frame in container.decode(*_streams(container)):
                    if isinstance(frame, av.VideoFrame):
                        yield _view(self._facts, frame, offset_ns, index)
                        index += 1
                    elif isinstance(frame, av.AudioFrame):
                        yield from (_sound(block, offset_ns) for block in resampler.resample(frame))
        except av.FFmpegError as error:
            raise WozError(
                f"{self._path} is damaged and could be played only in part ({error.strerror})."
            ) from error


def _view(facts: _Facts, frame: av.VideoFrame, offset_ns: int, index: int) -> tuple[int, Callable[[int], Item]]:
    device_ns = offset_ns + _time_ns(frame)
    image = upright(frame).reformat(facts.width, facts.height, "yuv420p")
    return device_ns, lambda arrival_ns: VideoFrame(index, device_ns, arrival_ns, image)


def _sound(block: av.AudioFrame, offset_ns: int) -> tuple[int, Callable[[int], Item]]:
    device_ns = offset_ns + _time_ns(block)
    samples: NDArray[np.float32] = block.to_ndarray()[0].astype(np.float32)
    return device_ns, lambda arrival_ns: AudioBlock(device_ns, arrival_ns, samples, AUDIO_RATE)


def _streams(container: av.container.InputContainer) -> list[av.stream.Stream]:
    return [*container.streams.video[:1], *readable(container)[:1]]


def _time_ns(frame: av.VideoFrame | av.AudioFrame) -> int:
    if frame.pts is None or frame.time_base is None:
        return 0
    return round(frame.pts * frame.time_base * 1_000_000_000)


def _made_utc_ns(container: av.container.InputContainer) -> int | None:
    for tag in MADE_TAGS:
        with contextlib.suppress(KeyError, ValueError):
            made = datetime.fromisoformat(container.metadata[tag])
            if made.tzinfo:
                return round(made.timestamp() * 1e9)
    return None


def _check_whole(path: Path, stream: VideoStream) -> None:
    """Where the file has an index, its last packet must lie inside the file."""
    entries = [stream.index_entries[i] for i in range(len(stream.index_entries))]
    if entries and max(entry.pos + entry.size for entry in entries) > path.stat().st_size:
        raise WozError(f"{path} is cut off; copy it again from where it was recorded.")


def _probe(path: Path) -> _Facts:
    with permitted():
        if not path.is_file():
            raise WozError(f"There is no file {path}; check its path.")
    try:
        demand_playable(path)
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise WozError(f"{path} holds no video; choose a file with a picture.")
            stream = container.streams.video[0]
            _check_whole(path, stream)
            first = upright(next(container.decode(stream)))
            fps = float(stream.average_rate or 25)
            duration_ns = int(container.duration or 0) * 1000 + round(1e9 / fps)
            width, height = first.width // 2 * 2, first.height // 2 * 2
            began = int(container.start_time or 0) * 1000
            sound = bool(readable(container))
            colours = Colours.of(first.reformat(width, height, "yuv420p"))
            return _Facts(width, height, fps, sound, duration_ns, began, _made_utc_ns(container), colours)
    except PermissionError as error:
        raise WozError(unread(path, error)) from error
    except (av.FFmpegError, OSError, StopIteration) as error:
        raise WozError(f"{path} can't be read as a video; it is damaged, cut off, or of another kind.") from error
