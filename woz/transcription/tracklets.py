"""Local voices of windows that overlap, joined where they speak together: one person's speech for some seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from woz.transcription.local_voices import APART
from woz.transcription.segmentation import FRAME
from woz.transcription.tracks import RATE

Flags = NDArray[np.bool_]

ALIKE = 0.6
"""Two local voices are one from this share of common speech (intersection over union) on …"""
TOGETHER_S = 0.3
"""… and from so much of it."""
LONGEST = 8
"""So many windows at most: one mistaken join must not make two people one for the rest of an hour."""
AT_ONCE_S = 0.5
"""Tracklets that each speak alone for this long in one window are two people's."""

Place = tuple[int, int]
"""A window, and a local voice in it."""


@dataclass(frozen=True)
class Tracklet:
    """The local voice of each window, and the frames of the whole in which it speaks, and speaks alone."""

    places: dict[int, int]
    first: int
    speaks: Flags
    alone: Flags

    @property
    def seconds(self) -> float:
        return float(self.speaks.sum()) * FRAME / RATE


def tracklets(active: Flags) -> list[Tracklet]:
    """Of the activity of local voices (window, frame, voice)."""
    alone = active & (active.sum(axis=2, keepdims=True) == 1)
    chains: dict[Place, dict[int, int]] = {}
    for window, voice in np.argwhere(active.any(axis=1)):
        chains[int(window), int(voice)] = {int(window): int(voice)}
    for (window, voice), (_, follower) in _joins(active):
        chain, after = chains[window, voice], chains[window + 1, follower]
        if not chain.keys() & after.keys():
            chain |= after
            for place in after.items():
                chains[place] = chain
    whole = {id(chain): chain for chain in chains.values()}.values()
    return [_tracklet(part, active, alone) for chain in whole for part in _parts(chain)]


def at_once(found: list[Tracklet], active: Flags) -> list[tuple[int, int]]:
    """Pairs of numbers of tracklets that are two people's."""
    alone = (active & (active.sum(axis=2, keepdims=True) == 1)).sum(axis=1)
    by_window: dict[int, list[int]] = {}
    for number, tracklet in enumerate(found):
        for window, voice in tracklet.places.items():
            if alone[window, voice] * FRAME >= AT_ONCE_S * RATE:
                by_window.setdefault(window, []).append(number)
    return sorted({(a, b) for numbers in by_window.values() for a in numbers for b in numbers if a < b})


def _joins(active: Flags) -> list[tuple[Place, Place]]:
    """Local voices of windows next to each other that speak together, the most alike first."""
    found = []
    for window in range(len(active) - 1):
        ours, theirs = active[window, APART:].astype(np.float32), active[window + 1, :-APART].astype(np.float32)
        both = ours.T @ theirs
        either = ours.sum(axis=0)[:, None] + theirs.sum(axis=0)[None, :] - both
        alike = both / np.maximum(either, 1)
        for a, b in np.argwhere((alike >= ALIKE) & (both * FRAME >= TOGETHER_S * RATE)):
            found.append((float(alike[a, b]), (window, int(a)), (window + 1, int(b))))
    return [(one, other) for _, one, other in sorted(found, reverse=True)]


def _parts(chain: dict[int, int]) -> Iterator[dict[int, int]]:
    """Equal parts of at most LONGEST windows."""
    windows = sorted(chain)
    size = -(-len(windows) // -(-len(windows) // LONGEST))
    for i in range(0, len(windows), size):
        yield {window: chain[window] for window in windows[i : i + size]}


def _tracklet(places: dict[int, int], active: Flags, alone: Flags) -> Tracklet:
    first, length = min(places), active.shape[1]
    frames = (max(places) - first) * APART + length
    speaks, by_itself = np.zeros(frames, np.bool_), np.zeros(frames, np.bool_)
    for window, voice in places.items():
        here = slice((window - first) * APART, (window - first) * APART + length)
        speaks[here] |= active[window, :, voice]
        by_itself[here] |= alone[window, :, voice]
    return Tracklet(places, first * APART, speaks, by_itself)
