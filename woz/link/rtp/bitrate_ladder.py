"""What to send at a given rate: first the bits fall, then the frames, then the pixels."""

from __future__ import annotations

from dataclasses import dataclass

ENOUGH_BITS = 0.025
"""Bits a pixel at which x264's fastest preset still shows hands and labels."""

SLOWEST_FPS = 10.0
SCALES = (1.0, 0.75, 0.5, 0.375, 0.25)
UP_MARGIN = 1.25
"""How much more than needed the rate must be to climb again."""


@dataclass(frozen=True, slots=True)
class Rung:
    scale: float
    fps: float


class BitrateLadder:
    """Chooses the rung for a source of width x height pixels at `fps`."""

    def __init__(self, width: int, height: int, fps: float) -> None:
        self._pixels = width * height
        self._fps = fps
        self._rung = Rung(1.0, fps)

    def choose(self, bit_rate: float) -> Rung:
        """The rung for this rate; it falls at once and climbs with a margin."""
        straight = self._fit(bit_rate)
        careful = self._fit(bit_rate / UP_MARGIN)
        if self._cost(straight) < self._cost(self._rung):
            self._rung = straight
        elif self._cost(careful) > self._cost(self._rung):
            self._rung = careful
        return self._rung

    def _cost(self, rung: Rung) -> float:
        return rung.scale**2 * rung.fps

    def _fit(self, bit_rate: float) -> Rung:
        slowest = min(SLOWEST_FPS, self._fps)
        for scale in SCALES:
            fps = bit_rate / (ENOUGH_BITS * self._pixels * scale**2)
            if fps >= slowest:
                return Rung(scale, min(fps, self._fps))
        return Rung(SCALES[-1], slowest)
