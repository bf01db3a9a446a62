"""Converts a track of sound in pieces of half a minute, each kept as soon as it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import soxr
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.deidentifying.voices.keys import TrackKeys
from woz.deidentifying.voices.port import RATE, STEP, Converter

PIECE_S, MARGIN_S = 30, 1
"""Each piece is converted with so much before and after it, so that no seam is heard."""
FULL_SCALE = 32767

Progress = Callable[[float], bool]
"""Is told the part (0..1) that is done; False where nobody waits for the rest."""
Planes = NDArray[np.float32]
"""Channel, sample."""


def convert_track(
    media: Path, track: int, keys: TrackKeys, converter: Converter, pcm: Path, progress: Progress
) -> bool:
    """Appends what is missing, as 16-bit samples of all channels in turn. False where it was stopped."""
    with av.open(str(media)) as container:
        stream = container.streams.audio[track]
        rate, channels = stream.rate, stream.codec_context.layout.nb_channels
        whole = PIECE_S * rate * channels * 2
        done = pcm.stat().st_size // whole if pcm.is_file() else 0
        length = float(container.duration or 0) / av.time_base
        with pcm.open("ab") as out:
            out.truncate(done * whole)
            for number, (start_ns, planes, before, count) in enumerate(_pieces(container, stream)):
                if number < done:
                    continue
                if not progress(min(1.0, number * PIECE_S / max(1.0, length))):
                    return False
                masked = [_masked(plane, rate, start_ns, keys, converter) for plane in planes]
                kept = np.stack([plane[before : before + count] for plane in masked], axis=1)
                out.write((np.clip(kept, -1, 1) * FULL_SCALE).round().astype("<i2").tobytes())
                out.flush()
    return True


def _masked(plane: Planes, rate: int, start_ns: int, keys: TrackKeys, converter: Converter) -> Planes:
    """One channel's piece; what lies above 8 kHz is gone."""
    low = np.asarray(soxr.resample(plane, rate, RATE), np.float32)
    made = converter.convert(low, keys.at(start_ns, -(-len(low) // STEP)))
    if made.shape != low.shape:
        raise WozError(
            f"The voice converter {converter.facts.name} gave {len(made)} samples for {len(low)}; times must stay,"
            " so take another one."
        )
    high = np.asarray(soxr.resample(made, RATE, rate), np.float32)
    return np.pad(high, (0, max(0, len(plane) - len(high))))[: len(plane)]


def _pieces(container: InputContainer, stream: AudioStream) -> Iterator[tuple[int, Planes, int, int]]:
    """The time of what is given (ns), its channels, and which samples of it are the piece: from where, how many."""
    rate, begin_ns, at = stream.rate, 0, 0
    piece, margin = PIECE_S * rate, MARGIN_S * rate
    waiting = np.zeros((stream.codec_context.layout.nb_channels, 0), np.float32)
    first = 0
    """The number of the first sample in `waiting`."""
    blocks = list[Planes]()
    held = 0
    for t_ns, planes in _planes(container, stream):
        begin_ns = t_ns if at == 0 and not held and not waiting.size else begin_ns
        blocks.append(planes)
        held += planes.shape[1]
        if first + waiting.shape[1] + held >= at + piece + margin:
            waiting, blocks, held = np.concatenate([waiting, *blocks], axis=1), [], 0
            while first + waiting.shape[1] >= at + piece + margin:
                given = waiting[:, : at + piece + margin - first]
                yield begin_ns + first * NS_PER_S // rate, given, at - first, piece
                at += piece
                waiting, first = waiting[:, at - margin - first :], at - margin
    waiting = np.concatenate([waiting, *blocks], axis=1)
    while (left := first + waiting.shape[1] - at) > 0:
        yield begin_ns + first * NS_PER_S // rate, waiting, at - first, min(piece, left)
        at += piece


def _planes(container: InputContainer, stream: AudioStream) -> Iterator[tuple[int, Planes]]:
    """Time (ns) and channels of each block, as many samples as there are."""
    floats = av.AudioResampler("fltp", stream.codec_context.layout, stream.rate)
    for frame in container.decode(stream):
        t_ns = 0 if frame.time is None else round(frame.time * NS_PER_S)
        for each in floats.resample(frame):
            yield t_ns, each.to_ndarray().astype(np.float32)
