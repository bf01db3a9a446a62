"""A copy of a film tells players of the same colours, be they those of HDR: without that it looks washed out."""

from __future__ import annotations

from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream


def keep_colours(made: VideoStream, like: VideoCodecContext | VideoFrame) -> None:
    """Range, matrix, primaries and transfer (ITU-T H.273), as a film or a picture of it has them."""
    to = made.codec_context
    to.color_range, to.colorspace = like.color_range, like.colorspace
    to.color_primaries, to.color_trc = like.color_primaries, like.color_trc
