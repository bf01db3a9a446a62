"""Options that sentence vectors find near one another: a person sees whether both are right, or say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from woz.dataset.distractors.sentence_vectors import SentenceVectors
from woz.dataset.gates.item import Finding, Gate, Item

NAME = "near in meaning"
NEAR = 0.9
"""Cosine. Opposites are as near as this, so that nothing follows from it but a look."""


def meaning_gate(items: Sequence[Item], vectors: SentenceVectors) -> Gate:
    findings = [Finding(item.question.id, reason) for item in items for reason in _reasons(item, vectors)]
    told = f"Pairs of options with a cosine of {NEAR} or more; opposites are near as well, so look at each."
    return Gate(NAME, len(items), tuple(findings), (told,))


def _reasons(item: Item, vectors: SentenceVectors) -> Iterator[str]:
    rows = vectors.of(item.options)
    near = rows @ rows.T
    for i, one in enumerate(item.options):
        for j in range(i + 1, len(item.options)):
            if near[i, j] >= NEAR:
                yield f"“{one}” and “{item.options[j]}” are near in meaning ({near[i, j]:.2f})."
