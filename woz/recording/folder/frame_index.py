"""When each frame of a session's film is shown, without reading the film where its table says so."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.capture.unplayed import kept_parts_objection

log = logging.getLogger(__name__)

KEY_COLUMN = 3
ROUNDED_NS = 2 * NS_PER_MS


@dataclass(frozen=True, slots=True, eq=False)
class FrameIndex:
    """Times (ns) of all frames, rising, as the film's packets have them, and the numbers of its key frames.

    What a trimmed film's edit list cuts away is no frame of it.

    `disagreed` where the film's table of frames says something else, by more than rounding.
    """

    times: list[int]
    keys: NDArray[np.int64]
    disagreed: bool = False

    def key_before(self, number: int) -> int:
        """The key frame from which a frame is decoded."""
        at = int(np.searchsorted(self.keys, number, "right")) - 1
        return int(self.keys[at]) if at >= 0 else 0


def frame_index(film: Path, table: Path) -> FrameIndex:
    """From the table of frames where it agrees with the film's first, middle and last packets, else from all.

    Raises WozError for a film that can't be read, and for one of several parts.
    """
    try:
        if why := kept_parts_objection(film):
            raise WozError(why)
        with av.open(str(film)) as container:
            if not container.streams.video:
                raise WozError(f"The video {film} can't be read (it holds no pictures).")
            tabled = tabled_index(table)
            if tabled and _agrees(container, tabled):
                return tabled
            if tabled:
                log.info("%s disagrees with %s; its packets are read", table, film.name)
        with av.open(str(film)) as container:
            found = _demuxed(container)
            return replace(found, disagreed=tabled is not None and not _near(found, tabled))
    except (OSError, av.FFmpegError) as error:
        raise WozError(
            f"The video {film} can't be read ({error.strerror}); bring back a copy of it, or see to its rights."
        ) from error


def _near(found: FrameIndex, tabled: FrameIndex) -> bool:
    """Whether they differ by no more than rounding."""
    times, wanted = np.array(found.times, np.int64), np.array(tabled.times, np.int64)
    return len(times) == len(wanted) and bool(np.all(np.abs(times - wanted) <= ROUNDED_NS))


def tabled_index(table: Path) -> FrameIndex | None:
    """By the table alone, as a film is written of its rows: whole milliseconds, each later than the one before.

    None where there is none, or it doesn't say which frames are key frames.
    """
    try:
        with table.open(encoding="ascii") as file:
            file.readline()
            if not file.readline().strip():
                return None
        columns = (1, KEY_COLUMN)
        rows = np.loadtxt(table, np.int64, delimiter=",", usecols=columns, ndmin=2, skiprows=1, encoding="ascii")
    except (OSError, ValueError):
        return None
    order = np.arange(len(rows))
    milliseconds = np.maximum.accumulate(np.round(rows[:, 0] / NS_PER_MS).astype(np.int64) - order) + order
    return FrameIndex((milliseconds * NS_PER_MS).tolist(), np.flatnonzero(rows[:, 1]))


def _agrees(container: InputContainer, tabled: FrameIndex) -> bool:
    """Whether what the film holds at its beginning, in its middle and at its end is what the table says."""
    times, last = np.array(tabled.times), len(tabled.times) - 1
    for number in (0, last // 2, last):
        first = tabled.key_before(number)
        found = _group(container, tabled.times[first], to_end=number == last)
        wanted = times[first : first + len(found)]
        whole = first + len(found) == len(times) if number == last else len(found) > 0
        if not whole or found != wanted.tolist():
            return False
    return True


def _group(container: InputContainer, t_ns: int, to_end: bool) -> list[int]:
    """The times of the packets from a key frame to the next, or to the end of the film."""
    stream = container.streams.video[0]
    assert stream.time_base
    container.seek(int(t_ns / NS_PER_S / stream.time_base), stream=stream)
    found: list[int] = []
    for packet in container.demux(stream):
        if packet.pts is None or packet.is_discard:
            continue
        if packet.is_keyframe and found and not to_end:
            break
        found.append(_time(packet))
    return sorted(found)


def _demuxed(container: InputContainer) -> FrameIndex:
    stream = container.streams.video[0]
    packets = (packet for packet in container.demux(stream) if packet.pts is not None and not packet.is_discard)
    found = [(_time(packet), packet.is_keyframe) for packet in packets]
    found.sort()
    return FrameIndex([t for t, _ in found], np.flatnonzero([key for _, key in found]))


def _time(packet: av.Packet[Any]) -> int:
    base = packet.time_base
    assert packet.pts is not None
    return round(packet.pts * NS_PER_S * base.numerator / base.denominator)
