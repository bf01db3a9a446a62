"""Reads a voice for recognition: 16 kHz, mono."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from woz.errors import WozError

RATE = 16_000


def read_voice(path: Path, track: int) -> tuple[NDArray[np.float32], int]:
    """Samples in -1..1 of an audio stream of a file, and the time (ns) of the first one.

    Raises WozError for a file that is missing or damaged, or has no such stream.
    """
    if not path.is_file():
        raise WozError(f"There is no file {path} to transcribe.")
    blocks: list[NDArray[np.float32]] = []
    start_ns = 0
    try:
        with av.open(str(path)) as container:
            if track >= len(container.streams.audio):
                raise WozError(f"{path} has no voice number {track + 1}; this session was not recorded with it.")
            resampler = av.AudioResampler("flt", "mono", RATE)
            for frame in container.decode(container.streams.audio[track]):
                if not blocks:
                    start_ns = round((frame.time or 0.0) * 1e9)
                blocks += [out.to_ndarray()[0].astype(np.float32) for out in resampler.resample(frame)]
            blocks += [out.to_ndarray()[0].astype(np.float32) for out in resampler.resample(None)]
    except av.FFmpegError as error:
        raise WozError(f"The sound of {path} can't be read ({error.strerror}); the file is damaged.") from error
    return (np.concatenate(blocks) if blocks else np.zeros(0, np.float32)), start_ns
