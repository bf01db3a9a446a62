"""What a media file really holds, packet by packet, whatever its index or its header says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """One stream of a file: 'video' or 'audio', and the time (ns) at which each of its packets is shown."""

    kind: str
    times_ns: tuple[int, ...]
    end_ns: int

    @property
    def interval(self) -> Interval:
        """From the first packet to the end of the last; for pictures, whose length isn't kept, to the last."""
        return Interval(self.times_ns[0], max(self.times_ns[0], self.end_ns)) if self.times_ns else Interval(0, 0)


def media_facts(path: Path) -> tuple[TrackFacts, ...]:
    """The file's streams in their order; a file that is cut off gives what it has.

    Raises WozError where nothing can be read.
    """
    try:
        with av.open(str(path)) as container:
            return _read(container)
    except (av.FFmpegError, OSError) as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error


def _read(container: av.container.InputContainer) -> tuple[TrackFacts, ...]:
    times: list[list[int]] = [[] for _ in container.streams]
    ends = [0 for _ in container.streams]
    for packet in container.demux():
        if packet.pts is None or packet.time_base is None:
            continue
        tick = packet.time_base * NS_PER_S
        times[packet.stream_index].append(round(packet.pts * tick))
        sound = packet.stream.type == "audio"
        end_ns = round((packet.pts + (packet.duration or 0) * sound) * tick)
        ends[packet.stream_index] = max(ends[packet.stream_index], end_ns)
    streams = zip(container.streams, times, ends, strict=True)
    return tuple(TrackFacts(stream.type, tuple(sorted(t)), end) for stream, t, end in streams)


def tracks_of(facts: tuple[TrackFacts, ...], kind: str) -> list[TrackFacts]:
    return [track for track in facts if track.kind == kind]
