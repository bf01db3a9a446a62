"""How much text a Whisper's decoder has room for beside what it is told."""

from __future__ import annotations

import pytest

from woz.transcription.decoder_context import DecoderContext

MULTILINGUAL = DecoderContext(448, told=4, task=3)
ENGLISH = DecoderContext(448, told=2, task=1)
LONGEST_GLOSSARY = DecoderContext(448, told=228, task=3)


def _ended_by_ctranslate2(max_length: int, told: int) -> int:
    return min(max_length // 2, max_length - (told - 1))


def test_half_of_the_room_is_usual_and_all_of_it_is_nearly_twice_as_much() -> None:
    assert (MULTILINGUAL.usual, MULTILINGUAL.whole) == (224, 443)
    assert (ENGLISH.usual, ENGLISH.whole) == (224, 445)


def test_beside_the_longest_glossary_there_is_no_more_than_the_usual() -> None:
    assert LONGEST_GLOSSARY.usual == LONGEST_GLOSSARY.whole == 221


@pytest.mark.parametrize("told", [2, 4, 5, 60, 112, 223, 228])
def test_a_text_is_ended_at_its_room_and_no_position_is_beyond_the_context(told: int) -> None:
    context = DecoderContext(448, told, 1)
    for tokens in (context.usual, context.whole):
        assert _ended_by_ctranslate2(context.max_length(tokens), told) == tokens
        assert told - 1 + tokens <= 448
    assert context.max_length(context.usual) == 448
    assert context.task + 1 + context.whole + 1 <= 448


def test_a_text_is_timed_with_its_task_and_its_end() -> None:
    for context in (MULTILINGUAL, ENGLISH, LONGEST_GLOSSARY):
        assert context.task + 1 + context.whole + 1 <= context.positions
