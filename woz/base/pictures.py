"""Scaled and converted copies of a picture that several threads hold."""

from __future__ import annotations

import threading

import av
from av.video.reformatter import VideoReformatter


class _Own(threading.local):
    def __init__(self) -> None:
        self.reformatter = VideoReformatter()


_own = _Own()


def reshaped(
    image: av.VideoFrame,
    width: int | None = None,
    height: int | None = None,
    pixel_format: str | None = None,
    interpolation: str | None = None,
) -> av.VideoFrame:
    """The picture at this size and in this pixel format; the same object where nothing changes. From any thread.

    `av.VideoFrame.reformat` keeps its converter in the frame: two threads that reshape one frame at a time set it
    up under each other's hands, and may wait for each other for ever.
    """
    return _own.reformatter.reformat(image, width, height, pixel_format, interpolation=interpolation)
