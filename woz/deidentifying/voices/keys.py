"""Whose key is used when. Keys are drawn from a secret: whoever knows a key can undo its masking."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from woz.base.interval import NS_PER_S
from woz.deidentifying.voices.port import RATE, STEP, Keys


def key_of(secret: str, release: str, person: str) -> float:
    """0 to 1, the same for the same three."""
    drawn = hmac.new(secret.encode(), f"{release}/{person}".encode(), hashlib.sha256).digest()
    return int.from_bytes(drawn[:8]) / 2**64


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody with this key speaks from `start_ns` to `end_ns`, in the file's own time."""

    start_ns: int
    end_ns: int
    key: float


@dataclass(frozen=True, slots=True)
class TrackKeys:
    """Of a track: `own` is its owner's, also wherever nobody else is known to speak."""

    own: float
    spans: tuple[Span, ...] = ()

    def at(self, start_ns: int, count: int) -> Keys:
        """For so many steps from a time on."""
        step_ns = STEP * NS_PER_S // RATE
        keys = np.full(count, self.own)
        for span in self.spans:
            first, last = ((t - start_ns) // step_ns for t in (span.start_ns, span.end_ns))
            keys[max(0, first) : max(0, last + 1)] = span.key
        return keys


def digest_of(tracks: Sequence[TrackKeys]) -> str:
    """Tells whether keys are others, without telling them."""
    return hashlib.sha256(repr(tuple(tracks)).encode()).hexdigest()
