"""How long after it was said the expert's voice was heard, over a session, from the two recordings of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.model.stream import StreamKind
from woz.recording.folder.session_folder import SessionFolder
from woz.sound.correlation import normalised
from woz.sound.reading import read_track
from woz.timing.clock_map import ClockMap

Samples = NDArray[np.float32]

RATE = 8_000
WINDOW_NS = 4 * NS_PER_S
LONGEST_NS = 1_500 * NS_PER_MS
LIKELY = 0.3
"""The least normalised correlation that counts as the same sound."""
AS_GOOD = 0.9
"""Sound that repeats fits at several delays; the shortest that fits nearly as well as the best is taken."""
SILENT = 1e-3
NEIGHBOURS = 8
STRAY_NS = 100 * NS_PER_MS
"""A window that is further than this from the median of its neighbours, so many before and after, is left out."""


@dataclass(frozen=True, slots=True)
class HeardDelay:
    """Delays (ns) at times said (session time, ns), a straight line between them; none where nothing is known."""

    said_ns: tuple[int, ...]
    delay_ns: tuple[int, ...]

    def at(self, said_ns: int) -> int:
        """The delay of what was said at a session time; 0 where nothing is known."""
        if not self.said_ns:
            return 0
        return round(float(np.interp(said_ns, self.said_ns, self.delay_ns)))

    def heard(self, said: Interval) -> Interval:
        """When something was heard: as long as it was said."""
        return said.shifted(self.at(said.start_ns))


@dataclass(frozen=True, slots=True)
class BothVoices:
    """The expert's own recording, with its clock map, and the track of what was heard: mono, at `RATE`, each with
    the time (ns) of its first sample in its file."""

    said: Samples
    said_start_ns: int
    to_session: ClockMap
    heard: Samples
    heard_start_ns: int


def both_voices(folder: SessionFolder) -> BothVoices | None:
    """None where the expert's own recording, or what was heard, isn't there. Raises WozError for damaged files."""
    manifest = folder.manifest()
    entry = manifest.stream(StreamKind.EXPERT_SAID)
    if entry is None or entry.clock_map is None or manifest.stream(StreamKind.EXPERT_HEARD) is None:
        return None
    said, heard = read_track(folder.expert, 0, RATE), read_track(folder.ego, 1, RATE)
    return BothVoices(*said, ClockMap.from_json(entry.clock_map), *heard)


def heard_delay(folder: SessionFolder) -> HeardDelay:
    """Nothing known without the expert's own recording. Raises WozError for files that can't be read."""
    voices = both_voices(folder)
    return delay_between(voices) if voices else HeardDelay((), ())


def delay_between(voices: BothVoices) -> HeardDelay:
    """By cross-correlation of windows in which the expert speaks."""
    found: list[tuple[int, int]] = []
    for start_ns in range(0, len(voices.said) * NS_PER_S // RATE - WINDOW_NS + 1, WINDOW_NS // 2):
        at_ns = voices.to_session.to_session(start_ns + voices.said_start_ns)
        first, origin_ns = _cut(voices.heard, at_ns - voices.heard_start_ns, WINDOW_NS + LONGEST_NS)
        delay = _delay(_cut(voices.said, start_ns, WINDOW_NS)[0], first)
        if delay is not None:
            found.append((at_ns + WINDOW_NS // 2, delay + origin_ns))
    kept = [pair for i, pair in enumerate(found) if not _stray(found, i)]
    return HeardDelay(tuple(t for t, _ in kept), tuple(delay for _, delay in kept))


def _delay(said: Samples, heard: Samples) -> int | None:
    """How far into `heard` the whole of `said` begins, in ns; None where there is nothing alike."""
    if not len(said) or len(heard) < len(said) or float(np.std(said)) < SILENT:
        return None
    likeness = normalised(heard, said)
    if likeness.max() < LIKELY:
        return None
    return _peak(likeness) * NS_PER_S // RATE


def _peak(likeness: NDArray[np.float64]) -> int:
    """The highest point of the first hill that is nearly as high as the highest."""
    first = int(np.argmax(likeness >= AS_GOOD * likeness.max()))
    hill = likeness[first : first + RATE // 20]
    return first + int(np.argmax(hill))


def _cut(samples: Samples, start_ns: int, length_ns: int) -> tuple[Samples, int]:
    """A part of the samples, and by how much (ns) it begins later than asked: what lies before them is left out."""
    first = round(start_ns * RATE / NS_PER_S)
    last = first + round(length_ns * RATE / NS_PER_S)
    return samples[max(0, first) : max(0, last)], max(0, -first) * NS_PER_S // RATE


def _stray(found: list[tuple[int, int]], i: int) -> bool:
    near = [delay for _, delay in found[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1]]
    return abs(found[i][1] - float(np.median(near))) > STRAY_NS
