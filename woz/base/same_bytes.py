"""The same packets make the same file, and the same pictures the same packets, byte for byte, whenever and wherever
a file is written.

Else FFmpeg's muxers give Matroska a random id and the time of writing, and name their version; and an encoder cuts
a picture into as many slices as the machine has processors, with a rare difference even on one machine.
"""

from __future__ import annotations

from av.video.stream import VideoStream

SAME_BYTES = {"fflags": "+bitexact"}


def encode_alike(made: VideoStream) -> None:
    """By one thread; called before the first picture."""
    made.codec_context.thread_count = 1
