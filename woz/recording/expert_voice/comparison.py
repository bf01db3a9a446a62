"""The expert's own recording against the voice as the trainee got it: the delay, and what either of them lacks."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.recording.expert_voice.heard_delay import RATE, HeardDelay, both_voices, delay_between
from woz.recording.folder.manifest import VoiceComparison
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.clock_map import ClockMap

STEP_NS = 50 * NS_PER_MS
LOUD = 0.006
"""Root mean square above which somebody speaks."""
PART = 0.1
"""A voice that is fainter than this part of the other is missing."""
SHORTEST_NS = 250 * NS_PER_MS

Levels = NDArray[np.float64]


def compare_voices(folder: SessionFolder) -> VoiceComparison:
    """Raises WozError for files that can't be read; without both voices nothing is known."""
    voices = both_voices(folder)
    delay = delay_between(voices) if voices else None
    if not voices or not delay or not delay.said_ns:
        return VoiceComparison()
    said = _levels(voices.said, voices.said_start_ns)
    heard = _levels(voices.heard, voices.heard_start_ns)
    low, middle, high = np.percentile(delay.delay_ns, [5, 50, 95])
    moved = _moved(said, voices.to_session, delay, len(heard))
    return VoiceComparison(
        round(float(middle)),
        round(float(high - low) / 2),
        _lacking(moved, heard, delay),
        _lacking(heard, moved, delay),
    )


def _levels(samples: NDArray[np.float32], start_ns: int) -> Levels:
    """Root mean square of each step from time 0 on."""
    step = RATE * STEP_NS // 1_000_000_000
    before = np.zeros(round(start_ns * RATE / 1e9), np.float32)
    whole = np.concatenate([before, samples])
    blocks = whole[: len(whole) // step * step].reshape(-1, step)
    levels: Levels = np.sqrt(np.mean(np.square(blocks, dtype=np.float64), axis=1))
    return levels


def _moved(said: Levels, to_session: ClockMap, delay: HeardDelay, steps: int) -> Levels:
    """What was said, at the times at which it was heard."""
    moved = np.zeros(steps)
    at_ns = np.array([to_session.to_session(i * STEP_NS) for i in range(len(said))], np.int64)
    heard_ns = at_ns + np.interp(at_ns, delay.said_ns, delay.delay_ns)
    places = np.rint(heard_ns / STEP_NS).astype(np.int64)
    inside = (places >= 0) & (places < steps)
    np.maximum.at(moved, places[inside], said[inside])
    return moved


def _lacking(one: Levels, other: Levels, delay: HeardDelay) -> tuple[Interval, ...]:
    """Where the one speaks and the other doesn't, two steps either way, on the time at which it was said."""
    padded = np.pad(other, 2)
    near = np.max([padded[i : i + len(other)] for i in range(5)], axis=0)
    lacking = (one > LOUD) & (near < PART * one)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], _bridged(lacking), [0]])))
    shift = round(float(np.median(delay.delay_ns)))
    spans = [(int(a) * STEP_NS, int(b) * STEP_NS) for a, b in edges.reshape(-1, 2)]
    said = [Interval(max(0, a - shift), max(0, b - shift)) for a, b in spans]
    return tuple(span for span in said if span.duration_ns >= SHORTEST_NS)


def _bridged(flags: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Pauses of up to half a second within a stretch belong to it."""
    filled = flags.astype(np.int8)
    places = np.flatnonzero(flags)
    for a, b in pairwise(places):
        if b - a <= 10:
            filled[a:b] = 1
    return filled


def comparison_data(comparison: VoiceComparison) -> dict[str, object]:
    """For the journal: figures, and one sentence."""
    return {"text": _sentence(comparison), **asdict(comparison)}


def _sentence(found: VoiceComparison) -> str:
    if found.delay_ns is None:
        return "The expert's own recording and the voice as received share no sound that could be compared."
    lacks = [
        f"{what} lacks {sum(span.duration_ns for span in spans) / NS_PER_S:.1f} s"
        for what, spans in (("the received voice", found.not_received), ("the own recording", found.not_recorded))
        if spans
    ]
    said = f"The expert was heard {found.delay_ns / NS_PER_MS:.0f} ms after speaking (middle 90% within"
    return (
        f"{said} {found.spread_ns / NS_PER_MS:.0f} ms either way); {' and '.join(lacks) or 'neither lacks a part'}."
    )
