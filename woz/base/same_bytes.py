"""The same packets make the same file, byte for byte, whenever and wherever it is written, and the same pictures
the same packets on machines of any number of processors.

Else FFmpeg's muxers give Matroska a random id and the time of writing, and name their version; and an encoder cuts
a picture into as many slices as there are processors. One blurred copy in a thousand still differs by a level in a
picture's corner, from a cause that isn't known.
"""

from __future__ import annotations

from av.video.stream import VideoStream

SAME_BYTES = {"fflags": "+bitexact"}


def encode_alike(made: VideoStream) -> None:
    """By one thread; called before the first picture."""
    made.codec_context.thread_count = 1
