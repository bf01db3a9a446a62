"""Which size of the drawn view a machine carries beside all else that a demo runs on it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import av

from woz.base.interval import NS_PER_S
from woz.base.settings import VideoSettings
from woz.capture.synthetic import picture
from woz.capture.tabletop import TableTop
from woz.link.rtp.view_encoder import ViewEncoder
from woz.recording.live.encoders import PRESETS, SOFTWARE, open_encoder

SIZES = (1408, 1056, 704, 480)
"""Sides of the square view in pixels, each a multiple of 16."""
FPS = 20
FRAMES = 12
ELSE_CORES = 0.7
"""What two windows, two links, the sound daemon and the actors take whatever the view's size, in cores."""
FILLED = 0.85
"""No more of what is free is counted on."""
LOOK_S = 1.0
STAT = Path("/proc/stat")


@dataclass(frozen=True, slots=True)
class Capacity:
    """`free` of `cores` cores are; the view's largest size would take `largest_takes`, and `size` takes `takes`."""

    size: int
    cores: int
    free: float
    largest_takes: float
    takes: float

    @property
    def words(self) -> str:
        """Why the view is smaller than it could be; empty where it is not."""
        if self.size == SIZES[0]:
            return ""
        most, doubt = SIZES[0], "" if self.takes <= self.free else "; even so there may be gaps"
        return (
            f"The view is drawn at {self.size}x{self.size}: {self.free:.1f} of {self.cores} cores are free, and"
            f" {most}x{most} would take {self.largest_takes:.1f}{doubt}"
        )


def measure() -> Capacity:
    """Takes some seconds."""
    cores = usable_cores()
    watch = IdleWatch(cores)
    time.sleep(LOOK_S)
    return choose(cores, watch.free_cores(), frame_cost_s)


def choose(cores: int, free: float, cost_s: Callable[[int], float], sizes: Sequence[int] = SIZES) -> Capacity:
    """The largest size whose frames, at `cost_s` of processor time each, find room; else the smallest."""
    largest_takes = _needed(cost_s(sizes[0]))
    size, taken = sizes[0], largest_takes
    for smaller in sizes[1:]:
        if taken <= FILLED * free:
            break
        size, taken = smaller, _needed(cost_s(smaller))
    return Capacity(size, cores, free, largest_takes, taken)


def frame_cost_s(size: int) -> float:
    """Processor time in seconds of drawing, recording, sending, receiving and twice showing a picture."""
    scene, settings = TableTop(size), replace(VideoSettings(), record_codec=SOFTWARE, record_preset=PRESETS[-1])
    recording, sending = open_encoder(settings, size, size, FPS), ViewEncoder(settings, FPS)
    receiving = av.CodecContext.create("h264", "r")
    begin_s = time.process_time()
    for n in range(FRAMES):
        drawn = picture(scene, n, n / FRAMES, mark=False)
        drawn.pts = n * 1_000 // FPS
        recording.encode(drawn)
        sent = sending.encode(drawn, n * NS_PER_S // FPS, key=not n)
        for shown in (drawn, *receiving.decode(av.Packet(sent.data))):
            shown.to_ndarray(format="rgb24")
    return (time.process_time() - begin_s) / FRAMES


def usable_cores() -> int:
    """Those that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class IdleWatch:
    """How much of the machine nobody has used since the watch began."""

    def __init__(self, cores: int, stat: Path = STAT) -> None:
        self._cores, self._stat = cores, stat
        self._begin = _ticks(stat)

    def free_cores(self) -> float:
        """All of them where the system doesn't tell."""
        end = _ticks(self._stat)
        if self._begin is None or end is None or end[1] <= self._begin[1]:
            return float(self._cores)
        return self._cores * (end[0] - self._begin[0]) / (end[1] - self._begin[1])


def _ticks(stat: Path) -> tuple[int, int] | None:
    """Idle ones and all, of all cores since the machine began."""
    try:
        counts = [int(count) for count in stat.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError):
        return None
    return (counts[3] + counts[4], sum(counts)) if len(counts) == 8 else None


def _needed(cost_s: float) -> float:
    return cost_s * FPS + ELSE_CORES
