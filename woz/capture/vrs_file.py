"""A recording of Aria glasses, of either generation, as a source: colour camera, microphones, gaze."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import av
import numpy as np

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.capture.replay import Item, Replay
from woz.capture.source import AudioBlock, GazeSample, Sink, SourceInfo, VideoFrame, Way
from woz.capture.vrs_probe import VrsFacts, probe
from woz.capture.vrs_reader import read_record
from woz.timing.clock_map import ClockMap


class VrsFileSource:
    """Replays a VRS file at its own pace; with `loop` it begins again, device time going on."""

    def __init__(self, path: Path, clock: Clock, loop: bool = False) -> None:
        """Raises WozError for a file that is missing, damaged, or no Aria recording."""
        self._path = path
        self._loop = loop
        self._facts = probe(path)
        self._replay = Replay(clock, f"replay of {path.name}", self._items, self._facts.begin_ns, 0, loop=False)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def info(self) -> SourceInfo:
        facts = self._facts
        name = f"Aria Gen {facts.generation}: {self._path.name}"
        return SourceInfo(name, facts.width, facts.height, facts.fps, facts.audio_rate, facts.gaze, way=Way.FILE)

    @property
    def begin_ns(self) -> int:
        """Device time of the first picture."""
        return self._facts.begin_ns

    @property
    def duration_ns(self) -> int:
        """To the end of the last picture."""
        return self._facts.period_ns

    @property
    def start_utc_ns(self) -> int | None:
        """When it was recorded, where it says so; by the glasses' clock, whether that was set or not."""
        return self._facts.start_utc_ns

    @property
    def time_code(self) -> ClockMap | None:
        """From device time to the time code that several glasses share, where the recording has it."""
        pairs = self._facts.time_code
        return ClockMap(tuple((a, b) for a, b in pairs)) if pairs else None

    def items(self, sound_only: bool = False) -> Iterator[Item]:
        """All of it once, as fast as it is read; the times of arrival are those of the device.

        Raises WozError where it is damaged.
        """
        return (make(device_ns) for device_ns, make in self._records(0, 0, False, sound_only))

    def start(self, sink: Sink) -> None:
        self._replay.start(sink)

    def stop(self) -> None:
        self._replay.stop()

    def _items(self, offset_ns: int, first: int) -> Iterator[tuple[int, Callable[[int], Item]]]:
        return self._records(offset_ns, first, self._loop, False)

    def _records(
        self, offset_ns: int, first: int, loop: bool, sound_only: bool
    ) -> Iterator[tuple[int, Callable[[int], Item]]]:
        facts = json.dumps(asdict(self._facts))
        command = [sys.executable, "-m", "woz.capture.vrs_reader", str(self._path), str(int(loop)), facts]
        command += ["sound"] * sound_only
        reader = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert reader.stdout
        index = first
        try:
            while record := read_record(reader.stdout):
                device_ns, kind, extra, payload = record
                yield device_ns + offset_ns, _maker(self._facts, kind, device_ns, index, extra, payload)
                index += kind == 0
            if reader.wait():
                raise WozError(f"{self._path} could be read only in part; it is damaged.")
        finally:
            reader.stdout.close()
            reader.kill()
            reader.wait()


def _maker(
    facts: VrsFacts, kind: int, device_ns: int, index: int, extra: dict[str, Any], payload: bytes
) -> Callable[[int], Item]:
    if kind == 0:
        yuv = np.frombuffer(payload, np.uint8).reshape(facts.height * 3 // 2, facts.width)
        image = av.VideoFrame.from_ndarray(yuv, format="yuv420p")
        return lambda arrival_ns: VideoFrame(index, device_ns, arrival_ns, image)
    if kind == 1:
        samples = np.frombuffer(payload, np.float32)
        return lambda arrival_ns: AudioBlock(device_ns, arrival_ns, samples, facts.audio_rate or 48_000)
    return lambda arrival_ns: GazeSample(device_ns, arrival_ns, **extra)
