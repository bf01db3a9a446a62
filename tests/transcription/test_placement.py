"""The benchmark's own measure of where words are: a sentence that comes twice is no misplaced word."""

from __future__ import annotations

from tests.benchmarks.transcription.dialogues import SpokenWord
from tests.benchmarks.transcription.placement import placed_pairs


def _spoken(text: str, first_s: float, step_s: float = 0.3) -> list[SpokenWord]:
    return [SpokenWord(word, first_s + i * step_s) for i, word in enumerate(text.split())]


LEFT = "the long screw goes left"
SAID = [*_spoken(LEFT, 1.0), *_spoken("then the lamp", 20.0), *_spoken(LEFT, 41.0)]


def test_a_sentence_missed_once_is_not_taken_for_its_other_self() -> None:
    found = _spoken(LEFT, 41.1)
    assert placed_pairs(SAID, found) == [(8 + i, i) for i in range(5)]


def test_words_are_paired_with_those_near_them_and_only_the_same_ones() -> None:
    found = [*_spoken("a long screw goes left", 1.2), *_spoken("then lamp", 20.1), *_spoken("the long screw", 41.0)]
    pairs = placed_pairs(SAID, found)
    assert pairs == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (7, 6), (8, 7), (9, 8), (10, 9)]


def test_a_word_far_from_its_place_is_unmatched() -> None:
    assert placed_pairs(_spoken("hello", 1.0), _spoken("hello", 7.0)) == []
    assert placed_pairs(_spoken("hello", 1.0), _spoken("hello", 5.5)) == [(0, 0)]
    assert placed_pairs([], _spoken("hello", 5.5)) == []
