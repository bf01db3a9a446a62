"""Near duplicates: question sets that say nearly the same, within a split and across splits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from woz.base.counts import counted
from woz.dataset.gates.item import Finding, Gate, Item
from woz.dataset.texts import jaccard, ngrams, words_of

NAME = "near duplicates"
NEAR = 0.8
LONGEST = 3
BANDS, ROWS = 16, 4
"""Of MinHash: two sets that share 0.8 fall together in some band with a chance of 0.9998."""
_PRIME = (1 << 61) - 1
MOST_TOGETHER = 200


def duplicates_gate(items: Sequence[Item]) -> Gate:
    """Each pair is told at its later one; of pairs across splits that is what leaks."""
    grams = [_grams(item) for item in items]
    nearest = dict[int, tuple[float, int]]()
    across = pairs = 0
    for i, j in _candidates(grams):
        share = jaccard(grams[i], grams[j])
        if share >= NEAR:
            pairs += 1
            across += items[i].split != items[j].split
            nearest[j] = max(nearest.get(j, (0.0, i)), (share, i))
    findings = [
        Finding(items[j].question.id, _reason(items[j], items[i], share)) for j, (share, i) in nearest.items()
    ]
    verb = "shares" if pairs == 1 else "share"
    told = (
        f"{counted(pairs, 'pair')} {verb} {NEAR:.0%} of their words' runs or more; {across} of them across splits."
    )
    return Gate(NAME, len(items), tuple(findings), (told,))


def _reason(item: Item, other: Item, share: float) -> str:
    where = "of its own session" if item.question.session_id == other.question.session_id else (
        f"of session {other.question.session_id}"
    )  # fmt: skip
    splits = f"; one is in {other.split}, one in {item.split}" if item.split != other.split else ""
    return f"Nearly the same as “{other.question.text} {other.question.answer}” {where} ({share:.2f}){splits}."


def _grams(item: Item) -> frozenset[str]:
    """Runs of words of question and answer; of the answer alone where the question is the same for all."""
    question = [] if item.put else ngrams(words_of(item.question.text), LONGEST)
    return frozenset(f"q {gram}" for gram in question) | frozenset(ngrams(words_of(item.question.answer), LONGEST))


def _candidates(grams: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Pairs (earlier, later) that fall together in a band, each once."""
    seen = set[tuple[int, int]]()
    rng = np.random.default_rng(7)
    factors = rng.integers(1, 1 << 31, BANDS * ROWS, dtype=np.uint64)
    shifts = rng.integers(0, 1 << 61, BANDS * ROWS, dtype=np.uint64)
    hashes = [_minhash(each, factors, shifts) for each in grams]
    for band in range(BANDS):
        together = dict[bytes, list[int]]()
        for i, each in enumerate(hashes):
            if each is not None:
                together.setdefault(each[band * ROWS : (band + 1) * ROWS].tobytes(), []).append(i)
        for found in together.values():
            for a in range(len(found)):
                for b in found[a + 1 : a + 1 + MOST_TOGETHER]:
                    if (found[a], b) not in seen:
                        seen.add((found[a], b))
                        yield found[a], b


def _minhash(
    grams: frozenset[str], factors: NDArray[np.uint64], shifts: NDArray[np.uint64]
) -> NDArray[np.uint64] | None:
    if not grams:
        return None
    digests = b"".join(hashlib.blake2b(gram.encode(), digest_size=4).digest() for gram in sorted(grams))
    values = np.frombuffer(digests, np.uint32).astype(np.uint64)
    mixed: NDArray[np.uint64] = (values[:, None] * factors[None, :] + shifts[None, :]) % np.uint64(_PRIME)
    least: NDArray[np.uint64] = mixed.min(axis=0)
    return least
