"""A copy of a film tells players of the same colours, be they those of HDR: without that it looks washed out."""

from __future__ import annotations

from dataclasses import dataclass

from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

RGB, BT601 = 0, 6
"""Matrices."""
HDR = {16: "PQ", 18: "HLG"}
"""Transfers of ITU-R BT.2100, by their codes in ITU-T H.273."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Range, matrix, primaries and transfer, as codes of ITU-T H.273; the range as FFmpeg counts it."""

    range: int
    matrix: int
    primaries: int
    transfer: int

    @classmethod
    def of(cls, picture: VideoCodecContext | VideoFrame) -> Colours:
        return cls(picture.color_range, picture.colorspace, picture.color_primaries, picture.color_trc)

    @property
    def hdr(self) -> str:
        """PQ or HLG; empty for other pictures."""
        return HDR.get(self.transfer, "")

    def put_on(self, codec: VideoCodecContext) -> None:
        """On an encoder of YUV that isn't open yet; what was RGB is brought to it by BT.601's matrix."""
        codec.color_range, codec.colorspace = self.range, BT601 if self.matrix == RGB else self.matrix
        codec.color_primaries, codec.color_trc = self.primaries, self.transfer


def keep_colours(made: VideoStream, like: VideoCodecContext | VideoFrame) -> None:
    """As a film or a picture of it has them."""
    Colours.of(like).put_on(made.codec_context)
