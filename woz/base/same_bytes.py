"""The same packets make the same file, and the same pictures the same packets, byte for byte, whenever and wherever
a file is written.

Else FFmpeg's muxers give Matroska a random id and the time of writing, and name their version; an encoder cuts a
picture into as many slices as there are processors; and x264's rate control by a tree of macroblocks comes to other
quantisers by its code for AVX-512 than by that for older processors, and by the former (of build 165) to some that
depend on memory that nobody wrote, seldom, and in a picture's last corner.
"""

from __future__ import annotations

from av.video.stream import VideoStream

SAME_BYTES = {"fflags": "+bitexact"}
ALIKE = {"mbtree": "0"}
"""Of x264's options."""


def encode_alike(made: VideoStream) -> None:
    """By one thread; called before the first picture, after other options are set."""
    made.codec_context.thread_count = 1
    if made.codec_context.name == "libx264":
        made.codec_context.options = {**made.codec_context.options, **ALIKE}
