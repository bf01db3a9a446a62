"""For FFmpeg's muxers: the same packets make the same file, byte for byte, whenever and wherever it is written.

Else Matroska's have a random id and the time of writing, and all name their version.
"""

SAME_BYTES = {"fflags": "+bitexact"}
