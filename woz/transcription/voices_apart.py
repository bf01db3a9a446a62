"""Diarization without a gated model: who speaks when in one track, by parts whose weights travel with packages.

In windows of five seconds a network tells up to three voices apart, overlap kept (`segmentation`); those of
windows that overlap are joined for some seconds (`tracklets`); what each says alone becomes a vector
(`voice_encoder`); the vectors of one person are clustered (`voice_clusters`); and the windows, half a second apart,
vote on every frame. It follows pyannote's pipelines (Bredin, "pyannote.audio 2.1 speaker diarization pipeline",
2023).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from woz.transcription.engine import Part
from woz.transcription.local_voices import LocalVoices, local_voices, span_of
from woz.transcription.segmentation import FRAME, Segmentation
from woz.transcription.tracklets import Tracklet, at_once, tracklets
from woz.transcription.tracks import RATE
from woz.transcription.voice_clusters import clustered

Samples = NDArray[np.float32]
Embed = Callable[[Samples], NDArray[np.float32]]
Spans = list[tuple[float, float, str]]

ACTIVE = 0.5
"""From this probability on a local voice speaks."""
THRESHOLD = 0.3
"""The cosine distance from which on voices are two people's."""
LEAST_S = 1.0
"""Who speaks less than this is nobody of their own."""
SHORTEST_S = 0.2
"""Speech shorter than this tells nothing of a voice."""
FILL_S = 0.2
"""Shorter silences within one voice are filled."""


def voices_apart(model: Segmentation, embed: Embed, samples: Samples, voices: int | None, part: Part) -> Spans:
    """Start, end (s), and whose voice; spans of two voices may overlap."""
    heard = local_voices(model, samples, lambda done: part(0.5 * done))
    active = heard.scores > ACTIVE
    found = [t for t in tracklets(active) if t.seconds >= SHORTEST_S]
    if not found:
        return []
    vectors = []
    for i, tracklet in enumerate(found):
        vectors.append(embed(_sound(samples, tracklet)))
        part(0.5 + 0.5 * (i + 1) / len(found))
    seconds = np.array([tracklet.seconds for tracklet in found])
    labels = clustered(np.stack(vectors), seconds, at_once(found, active), THRESHOLD, voices, LEAST_S)
    return list(_spans(_speaking(heard, found, labels), len(samples) / RATE))


def _sound(samples: Samples, tracklet: Tracklet) -> Samples:
    """What is said alone, or else all that is said, end to end."""
    alone = tracklet.alone.sum() * FRAME >= SHORTEST_S * RATE
    frames = tracklet.alone if alone else tracklet.speaks
    first = round(span_of(tracklet.first, tracklet.first)[0] * RATE)
    stretch = samples[first : first + len(frames) * FRAME]
    return np.asarray(stretch[np.repeat(frames, FRAME)[: len(stretch)]], np.float32)


def _speaking(heard: LocalVoices, found: list[Tracklet], labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a person speaks (frame, person): as many as the windows hear there, those they hear best."""
    people = np.zeros((*heard.scores.shape[:2], int(labels.max()) + 1), np.float32)
    for tracklet, person in zip(found, labels, strict=True):
        for window, voice in tracklet.places.items():
            np.maximum(people[window, :, person], heard.scores[window, :, voice], out=people[window, :, person])
    many = (heard.scores > ACTIVE).sum(axis=2, keepdims=True).astype(np.float32)
    count = np.rint(heard.total(many))
    likely = heard.total(people)
    rank = np.argsort(np.argsort(-likely, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((rank < count) & (likely > 0), np.bool_)


def _spans(speaking: NDArray[np.bool_], length_s: float) -> Iterator[tuple[float, float, str]]:
    for person in range(speaking.shape[1]):
        for first, last in _runs(speaking[:, person]):
            start, end = span_of(first, last)
            if start < length_s:
                yield start, min(end, length_s), f"person {person + 1}"


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last (not with it) of each run, short gaps filled."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))).reshape(-1, 2)
    found: list[tuple[int, int]] = []
    for first, last in edges.tolist():
        if found and (first - found[-1][1]) * FRAME <= FILL_S * RATE:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
