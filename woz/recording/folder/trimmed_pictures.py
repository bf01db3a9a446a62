"""The pictures of a trimmed film encoded anew, as they are shown: its packets hold what was cut away as well."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from woz.base.colours_kept import keep_colours
from woz.base.upright import upright

LOOKS = {"preset": "veryfast", "crf": "14", "bf": "0"}
PLAIN = "yuv420p"
FORMATS = (PLAIN, "yuvj420p", "yuv420p10le")


def is_trimmed(path: str) -> bool:
    """Whether an edit list cuts pictures away."""
    with av.open(path) as container:
        pictures = container.streams.video
        return bool(pictures) and any(packet.is_discard for packet in container.demux(pictures))


class TrimmedPictures:
    """One track of pictures, which lie upright in the copy."""

    def __init__(self, out: OutputContainer, like: VideoStream, path: str) -> None:
        with av.open(path) as container:
            first = upright(next(container.decode(container.streams[like.index])))  # type: ignore[arg-type]
        self._format = first.format.name if first.format.name in FORMATS else PLAIN
        made = out.add_stream("libx264", rate=like.average_rate or 30, options=dict(LOOKS))
        made.width, made.height, made.pix_fmt = first.width, first.height, self._format
        made.time_base = made.codec_context.time_base = like.time_base or Fraction(1, 1000)
        keep_colours(made, first)
        self.out = made

    def take(self, packet: Packet[Any]) -> list[Packet[Any]]:
        """What is to be written of a packet of the film."""
        made: list[Packet[Any]] = []
        for frame in packet.decode():
            shown = upright(frame)
            if shown.format.name != self._format:
                shown = shown.reformat(format=self._format)
            shown.pict_type = 0
            made += self.out.encode(shown)
        return made

    def end(self) -> list[Packet[Any]]:
        return list(self.out.encode(None))
