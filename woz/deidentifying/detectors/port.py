"""What a detector of faces is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height, width, 3: blue, green, red."""


@dataclass(frozen=True, slots=True)
class DetectorFacts:
    name: str
    version: str
    weights_sha256: str


@dataclass(frozen=True, slots=True)
class Found:
    """A face in a picture, in its pixels; `score` is 0 to 1."""

    left: float
    top: float
    width: float
    height: float
    score: float


class Detector(Protocol):
    @property
    def facts(self) -> DetectorFacts: ...

    def find(self, picture: Picture, least: float) -> list[Found]:
        """All faces with at least this score, none twice."""
        ...
