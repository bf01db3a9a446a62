"""What makes one voice another: woz's own McAdams, and converters that installed packages bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Hz: converters get and give sound at this rate, one channel."""
STEP = RATE // 100
"""Samples of which each has a key: 10 ms."""

Samples = NDArray[np.float32]
"""-1 to 1."""
Keys = NDArray[np.float64]
"""0 to 1, one for each STEP: whose voice it is, as drawn for a person and a release."""


@dataclass(frozen=True, slots=True)
class ConverterFacts:
    name: str
    version: str


class Converter(Protocol):
    @property
    def facts(self) -> ConverterFacts: ...

    def convert(self, samples: Samples, keys: Keys) -> Samples:
        """As many samples, each at its time; the same for the same keys, other for others."""
        ...
