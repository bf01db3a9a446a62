"""A small copy of a film with its times and chosen voices, to be sent and annotated: a film like any other.

Each frame has the time that it has in the film, so that what is marked on the one lies on the other. Pictures are
as high as a proxy's; groups are a second long, so that near any frame one is soon at it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from woz.base.colours_kept import keep_colours
from woz.base.edit_lists import UNSHIFTED, heard
from woz.base.errors import WozError
from woz.base.pictures import reshaped
from woz.base.same_bytes import SAME_BYTES, encode_alike
from woz.base.upright import upright
from woz.playback.proxy import HEIGHT
from woz.sound.passing_on import passed_on
from woz.sound.reading import readable

LOOKS = {"preset": "veryfast", "crf": "27", "bf": "0"}
GROUP = 30


def write_small_film(film: Path, sound: Path, tracks: Sequence[int], target: Path) -> None:
    """`tracks` are those of `sound` that go along, in this order.

    Raises WozError for a film that can't be read, and where the disk takes no more; nothing is left then.
    """
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            av.open(str(film)) as pictures,
            av.open(str(sound)) as voices,
            av.open(str(part), "w", format="matroska", options=UNSHIFTED | SAME_BYTES) as out,
        ):
            _write(pictures, voices, tracks, out)
        part.replace(target)
    except (OSError, av.FFmpegError) as error:
        raise WozError(
            f"No small copy of {film.name} could be made ({error.strerror}); woz check looks at the film."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _write(pictures: InputContainer, voices: InputContainer, tracks: Sequence[int], out: OutputContainer) -> None:
    shown = pictures.streams.video[0]
    shown.thread_type = "AUTO"
    frames = map(upright, pictures.decode(shown))
    first = next(frames, None)
    if first is None:
        raise WozError(f"{pictures.name} holds no picture that can be decoded; woz check looks at the film.")
    made = _stream(out, shown, first)
    heard_of = readable(voices)
    chosen = [heard_of[track] for track in tracks]
    sounds = passed_on(out, chosen, Path(voices.name))
    lines = [_encoded(chain((first,), frames), made)]
    if chosen:
        lines.append(_relaid(voices, chosen, sounds))
    for packet in heapq.merge(*lines, key=_time):
        out.mux(packet)


def _encoded(frames: Iterable[av.VideoFrame], made: VideoStream) -> Iterator[Any]:
    for frame in frames:
        small = reshaped(frame, made.width, made.height, "yuv420p", "BILINEAR")
        small.pts, small.time_base = frame.pts, frame.time_base
        small.pict_type = av.video.frame.PictureType.NONE
        yield from made.encode(small)
    yield from made.encode(None)


def _relaid(source: InputContainer, chosen: Sequence[Any], sounds: dict[int, Any]) -> Iterator[Any]:
    for packet in source.demux(chosen):
        if packet.dts is not None and heard(packet):
            packet.stream = sounds[packet.stream.index]
            yield packet


def _time(packet: Any) -> Fraction:
    at = packet.pts if packet.dts is None else packet.dts
    return Fraction(at or 0) * Fraction(packet.time_base)


def _stream(out: OutputContainer, like: VideoStream, first: av.VideoFrame) -> VideoStream:
    made = out.add_stream("libx264", rate=like.average_rate or 30, options=dict(LOOKS))
    scale = min(1.0, HEIGHT / first.height)
    made.width, made.height = (max(2, round(side * scale / 2) * 2) for side in (first.width, first.height))
    made.pix_fmt = "yuv420p"
    made.time_base = made.codec_context.time_base = like.time_base or Fraction(1, 1000)
    made.codec_context.gop_size = GROUP
    encode_alike(made)
    keep_colours(made, first)
    return made
