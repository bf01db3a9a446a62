"""A recording of Aria glasses, of either generation, as a source: colour camera, microphones, gaze."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from woz.capture.replay import Item, Replay
from woz.capture.source import AudioBlock, GazeSample, Sink, SourceInfo, VideoFrame
from woz.capture.vrs_probe import GAZE, MICROPHONES, RGB, VrsFacts, open_provider, probe, stream
from woz.clock import Clock

FULL_SCALE = {1: 2.0**31, 2: 2.0**15}
"""Gen 1 gives its samples as 32-bit integers, Gen 2 on the scale of 16-bit ones."""

_Due = tuple[int, int, Callable[[int], Item]]


class VrsFileSource:
    """Replays a VRS file at its own pace; with `loop` it begins again, device time going on."""

    def __init__(self, path: Path, clock: Clock, loop: bool = False) -> None:
        """Raises WozError for a file that is missing, damaged, or no Aria recording."""
        self._path = path
        self._facts = probe(path)
        self._provider: Any = open_provider(path)
        facts = self._facts
        period_ns = facts.end_ns - facts.begin_ns + round(1e9 / facts.fps)
        self._replay = Replay(clock, f"replay of {path.name}", self._items, facts.begin_ns, period_ns, loop)

    @property
    def info(self) -> SourceInfo:
        facts = self._facts
        name = f"Aria Gen {facts.generation}: {self._path.name}"
        return SourceInfo(name, facts.width, facts.height, facts.fps, facts.audio_rate, facts.gaze)

    def start(self, sink: Sink) -> None:
        self._replay.start(sink)

    def stop(self) -> None:
        self._replay.stop()

    def _items(self, offset_ns: int, first: int) -> Iterator[tuple[int, Callable[[int], Item]]]:
        merged = heapq.merge(
            self._views(offset_ns, first), self._sounds(offset_ns), self._gazes(offset_ns), key=lambda due: due[:2]
        )
        return ((device_ns, make) for device_ns, _, make in merged)

    def _records(self, name: str) -> Iterator[tuple[Any, int]]:
        found = stream(self._provider, name)
        count = self._provider.get_num_data(found) if found else 0
        return ((found, i) for i in range(count))

    def _views(self, offset_ns: int, first: int) -> Iterator[_Due]:
        number = first
        for rgb, i in self._records(RGB):
            data, record = self._provider.get_image_data_by_index(rgb, i)
            if record.capture_timestamp_ns <= 0:
                continue
            image = upright(data.to_numpy_array(), self._facts)
            yield _view(record.capture_timestamp_ns + offset_ns, number, image)
            number += 1

    def _sounds(self, offset_ns: int) -> Iterator[_Due]:
        facts = self._facts
        for microphones, i in self._records(MICROPHONES):
            data, record = self._provider.get_audio_data_by_index(microphones, i)
            times = record.capture_timestamps_ns
            if times and times[0] > 0 and facts.audio_rate:
                samples = mixed_down(data.data, len(times), FULL_SCALE[facts.generation])
                yield _sound(times[0] + offset_ns, samples, facts.audio_rate)

    def _gazes(self, offset_ns: int) -> Iterator[_Due]:
        for eyes, i in self._records(GAZE):
            gaze = self._provider.get_eye_gaze_data_by_index(eyes, i)
            tracked_ns = round(gaze.tracking_timestamp.total_seconds() * 1e9)
            if tracked_ns > 0 and gaze.combined_gaze_valid:
                yield _gaze(tracked_ns + offset_ns, gaze)


def upright(picture: NDArray[np.uint8], facts: VrsFacts) -> av.VideoFrame:
    """A picture as the wearer saw it: Gen 1's camera is mounted sideways."""
    turned = np.rot90(picture, -1) if facts.generation == 1 else picture
    cut = np.ascontiguousarray(turned[: facts.height, : facts.width])
    return av.VideoFrame.from_ndarray(cut, format="rgb24").reformat(format="yuv420p")


def mixed_down(interleaved: list[int], frames: int, full_scale: float) -> NDArray[np.float32]:
    """Interleaved samples of all microphones as their mean, in -1..1; shape (frames,)."""
    channels = np.asarray(interleaved, np.float64).reshape(frames, -1)
    mean: NDArray[np.float64] = np.clip(channels.mean(axis=1) / full_scale, -1, 1)
    return mean.astype(np.float32)


def _view(device_ns: int, index: int, image: av.VideoFrame) -> _Due:
    return device_ns, 0, lambda arrival_ns: VideoFrame(index, device_ns, arrival_ns, image)


def _sound(device_ns: int, samples: NDArray[np.float32], rate: int) -> _Due:
    return device_ns, 1, lambda arrival_ns: AudioBlock(device_ns, arrival_ns, samples, rate)


def _gaze(device_ns: int, gaze: Any) -> _Due:
    return device_ns, 2, lambda arrival_ns: GazeSample(device_ns, arrival_ns, gaze.yaw, gaze.pitch, gaze.depth)
