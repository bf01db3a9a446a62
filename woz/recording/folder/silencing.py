"""A recording written anew with a voice taken out: silence of the same length in its place, all else as it was."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from woz.base.edit_lists import UNSHIFTED, heard
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.recording.folder.trimmed_pictures import TrimmedPictures, is_trimmed
from woz.sound.passing_on import passed_on
from woz.sound.reading import readable

Sound = NDArray[np.int16]
Spans = Sequence[Interval] | None
"""Of a track; None is all of it."""
EARLIER = 1_000_000
"""Ticks by which the first packets of a film with pictures out of order are decoded before they are shown."""


@dataclass(slots=True)
class _Copy:
    """A track whose packets are passed on. Matroska keeps no decoding times: any that rise will do."""

    out: Stream
    last: int | None = None

    def take(self, packet: Packet[Any]) -> list[Packet[Any]]:
        if not packet.size or not heard(packet):
            return []
        if packet.dts is None and packet.pts is not None:
            packet.dts = packet.pts - EARLIER if self.last is None else self.last + 1
        self.last = packet.dts
        packet.stream = self.out
        return [packet]

    def end(self) -> list[Packet[Any]]:
        return []


@dataclass(slots=True)
class _Track:
    """A track that is decoded, silenced and encoded anew."""

    spans: Spans
    out: AudioStream
    framed: bool = False

    def take(self, packet: Packet[Any]) -> list[Packet[Any]]:
        made: list[Packet[Any]] = []
        frames: list[Any] = packet.decode()
        for frame in frames:
            if not self.framed:
                self.out.codec_context.options = {"frame_size": str(frame.samples)}
                self.framed = True
            made += self.out.encode(_silenced(frame, self.spans))
        return made

    def end(self) -> list[Packet[Any]]:
        return list(self.out.encode(None))


def silence(source: Path, target: Path, tracks: Mapping[int, Spans]) -> None:
    """Write `source` anew as `target`: of each sound track named, by its number among the sounds, all or some spans
    of the file's time are silent. Pictures and other tracks are the same packets; a sound that
    nothing reads isn't in it, and pictures of which a trimmed film shows a part are encoded anew.

    Raises WozError, with nothing left at `target`, where it can't be read or written, or where a track is missing
    that was named.
    """
    try:
        made = av.open(str(target), "w", format="matroska", options=UNSHIFTED)
        with av.open(str(source)) as reader, made as writer:
            _write(reader, writer, tracks)
        with target.open("rb+") as file:
            os.fsync(file.fileno())
        _demand_same(source, target)
    except (OSError, av.FFmpegError) as error:
        target.unlink(missing_ok=True)
        raise WozError(f"{source} can't be written anew without a voice ({error}); nothing was changed.") from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _write(reader: InputContainer, writer: OutputContainer, tracks: Mapping[int, Spans]) -> None:
    voices = readable(reader)
    sounds = [stream.index for stream in voices]
    if missing := [nr for nr in tracks if nr >= len(sounds)]:
        raise WozError(f"{reader.name} has no sound track {missing[0]}; nothing was changed.")
    silent = {sounds[nr]: spans for nr, spans in tracks.items()}
    streams: list[VideoStream | AudioStream] = [*reader.streams.video, *voices]
    made: dict[int, _Copy | _Track | TrimmedPictures] = {}
    trimmed = is_trimmed(reader.name)
    for stream in streams:
        if stream.index in silent and isinstance(stream, AudioStream):
            made[stream.index] = _Track(silent[stream.index], _like(writer, stream))
        elif isinstance(stream, AudioStream):
            made[stream.index] = _Copy(passed_on(writer, (stream,), Path(reader.name))[stream.index])
        elif trimmed:
            made[stream.index] = TrimmedPictures(writer, stream, reader.name)
        else:
            made[stream.index] = _Copy(writer.add_stream_from_template(stream))
        made[stream.index].out.metadata.update(stream.metadata)
    for packet in reader.demux(streams):
        writer.mux(made[packet.stream.index].take(packet))
    for track in made.values():
        writer.mux(track.end())


def _like(writer: OutputContainer, stream: AudioStream) -> AudioStream:
    """FLAC, whatever it was: silence takes no room in it."""
    out = writer.add_stream("flac", rate=stream.rate, layout=stream.layout.name, format="s16")
    assert isinstance(out, AudioStream)
    return out


def _silenced(frame: AudioFrame, spans: Spans) -> AudioFrame:
    channels = frame.layout.nb_channels
    samples = np.zeros((channels, frame.samples), np.int16)
    if spans is not None:
        samples = _as_s16(frame, channels)
        start_ns = round((frame.time or 0.0) * NS_PER_S)
        for span in spans:
            first, last = (round((t - start_ns) * frame.rate / NS_PER_S) for t in (span.start_ns, span.end_ns))
            samples[:, max(first, 0) : max(last, 0)] = 0
    out = AudioFrame.from_ndarray(samples.T.reshape(1, -1).copy(), format="s16", layout=frame.layout.name)
    out.sample_rate, out.time_base = frame.rate, Fraction(1, frame.rate)
    out.pts = round((frame.time or 0.0) * frame.rate)
    return out


def _as_s16(frame: AudioFrame, channels: int) -> Sound:
    data: Any = frame.to_ndarray()
    if not frame.format.is_planar:
        data = data.reshape(-1, channels).T
    if np.issubdtype(data.dtype, np.floating):
        data = np.round(np.clip(data, -1, 1) * 32767)
    elif data.dtype == np.int32:
        data = data >> 16
    made: Sound = data.astype(np.int16)
    return made


def _demand_same(source: Path, target: Path) -> None:
    """Each picture's time and each sound's length are compared; what a container rounds is a millisecond."""
    was, now = _measures(source), _measures(target)
    if len(was) != len(now) or not all(map(_same, was, now)):
        raise WozError(f"{source} came out different when a voice was taken out; nothing was changed.")


@dataclass(slots=True)
class _Measure:
    """When each picture of a track is shown (ms), and when the track ends."""

    pictures: list[int] = field(default_factory=list)
    end_s: float = 0.0


def _same(one: _Measure, other: _Measure) -> bool:
    return sorted(one.pictures) == sorted(other.pictures) and abs(one.end_s - other.end_s) < 0.1


def _measures(path: Path) -> list[_Measure]:
    with av.open(str(path)) as container:
        streams = [*container.streams.video, *readable(container)]
        found = {each.index: _Measure() for each in streams}
        for packet in container.demux(streams):
            if packet.pts is None or packet.time_base is None or not packet.size:
                continue
            seen, shown = found[packet.stream.index], packet.stream.type == "video"
            if packet.is_discard and (shown or not heard(packet)):
                continue
            if shown:
                seen.pictures.append(round(1000 * packet.pts * packet.time_base))
            seen.end_s = max(seen.end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return list(found.values())
