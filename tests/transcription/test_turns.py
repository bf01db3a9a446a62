"""Turns of words: by pause and voice, overlapping, on both time lines; and which results are doubtful."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.annotation.doubts import is_doubtful
from woz.annotation.words import words_in
from woz.base.interval import NS_PER_S, Interval
from woz.model.ids import TranscriptId
from woz.model.people import Role
from woz.model.transcript import CUT, SPREAD, Turn
from woz.transcription.attribution import doubts, voiced
from woz.transcription.task import MIXED, Heard, Result, Span, Task, Track, Voice, VoiceResult
from woz.transcription.turns import Placed, TurnSettings, turns_of

LATER = Placed(lambda span: Interval(span.start_ns + 7, span.end_ns + 7), lambda span: span)
AS_IT_IS = Placed(lambda span: span)
PLACES = {Role.TRAINEE: AS_IT_IS, Role.EXPERT: LATER, MIXED: AS_IT_IS}


def _word(text: str, start_s: float, end_s: float, **more: object) -> Heard:
    return Heard(text, round(start_s * 1e9), round(end_s * 1e9), **more)  # type: ignore[arg-type]


def _voice(speaker: str, *words: Heard, **more: object) -> VoiceResult:
    return VoiceResult(speaker, words, **more)  # type: ignore[arg-type]


def _turns(*voices: VoiceResult, settings: TurnSettings | None = None) -> list[Turn]:
    return turns_of(Result(voices, "en", "test"), TranscriptId("t"), PLACES, settings)


def test_a_pause_begins_a_turn_and_turns_of_two_people_may_overlap() -> None:
    trainee = _voice(Role.TRAINEE, _word("is", 0, 1, confidence=0.5), _word("it", 1.2, 2), _word("off", 3, 4))
    expert = _voice(Role.EXPERT, _word("yes", 1.5, 1.9))
    first, second, third = _turns(trainee, expert)
    assert (first.text, second.text, third.text) == ("is it", "yes", "off")
    assert first.interval.intersects(second.interval)
    assert [word.text for word in first.words] == ["is", "it"]
    assert first.confidence == 0.5
    assert second.interval.start_ns == 1_500_000_007
    assert second.said == Interval(1_500_000_000, 1_900_000_000)


def test_the_other_s_reply_in_a_silence_begins_a_turn_and_an_assent_does_not() -> None:
    trainee = _voice(Role.TRAINEE, _word("is", 0, 1), _word("it", 1.5, 2), _word("off", 2.1, 3))
    reply = _voice(Role.EXPERT, _word("neither", 0.9, 1.4), _word("did", 1.4, 1.6), _word("I", 1.6, 1.9))
    assent = _voice(Role.EXPERT, _word("mm-hm", 1.0, 1.5))
    assert [t.text for t in _turns(trainee, reply)] == ["is", "neither did I", "it off"]
    assert [t.text for t in _turns(trainee, assent)] == ["is it off", "mm-hm"]


def test_a_breath_under_the_other_s_speech_cuts_nothing() -> None:
    breath = _voice(Role.TRAINEE, _word("is", 0, 1), _word("it", 1.2, 2))
    after = _voice(Role.EXPERT, _word("so", 0.5, 1.5), _word("what", 1.5, 2))
    along = _voice(Role.EXPERT, _word("all", -0.5, 1), _word("along", 1, 3))
    assert "is it" in [t.text for t in _turns(breath, after)]
    longer = _voice(Role.TRAINEE, _word("is", 0, 1), _word("it", 1.5, 2))
    assert "is it" in [t.text for t in _turns(longer, along)]


def test_voices_of_a_mixed_track_cut_each_other() -> None:
    words = [_word("a", 0, 1, voice="v1"), _word("b", 1, 2, voice="v2"), _word("c", 1.7, 2.5, voice="v1")]
    assert [t.text for t in _turns(_voice(MIXED, *words))] == ["a", "b", "c"]


def test_a_spread_time_is_no_sign_of_invention() -> None:
    voice = _voice(Role.TRAINEE, *[_word("a", i, i + 1, flag=SPREAD) for i in range(3)])
    assert doubts(Result((voice,), "en", "test")) == ""
    assert not any(is_doubtful(word) for turn in _turns(voice) for word in turn.words)


def test_the_pause_and_the_longest_turn_are_settings() -> None:
    words = [_word("a", 0, 1), _word("b", 1.5, 2), _word("c", 2.1, 3)]
    assert len(_turns(_voice(Role.TRAINEE, *words))) == 1
    settings = TurnSettings(pause_ns=400_000_000, longest_ns=NS_PER_S)
    assert [t.text for t in _turns(_voice(Role.TRAINEE, *words), settings=settings)] == ["a", "b", "c"]


def test_speech_without_words_is_no_silence_and_belongs_to_the_turn_beside_it() -> None:
    words = [_word("is", 1, 2), _word("it", 3, 4), _word("off", 6, 7)]
    speech = ((0.5, 4.5), (4.7, 5), (5.9, 7), (8, 9))
    voice = _voice(Role.TRAINEE, *words, speech=tuple((round(a * 1e9), round(b * 1e9)) for a, b in speech))
    first, second = _turns(voice)
    assert (first.text, first.interval) == ("is it", Interval(NS_PER_S // 2, 5 * NS_PER_S))
    assert (second.text, second.interval) == ("off", Interval(59 * NS_PER_S // 10, 7 * NS_PER_S))
    assert first.words[-1].interval.end_ns == 4 * NS_PER_S


def test_two_turns_in_one_stretch_of_speech_end_with_their_words() -> None:
    words = [_word("a", 1, 2), _word("b", 2.1, 3)]
    settings = TurnSettings(longest_ns=NS_PER_S)
    voice = _voice(Role.TRAINEE, *words, speech=((0, 4 * NS_PER_S),))
    first, second = _turns(voice, settings=settings)
    assert first.interval == Interval(NS_PER_S, 2 * NS_PER_S)
    assert second.interval.start_ns == round(2.1e9)


def test_a_long_stretch_without_words_is_nobody_s() -> None:
    words = [_word("a", 1, 2), _word("b", 12, 13)]
    first, second = _turns(_voice(Role.TRAINEE, *words, speech=((0, 13 * NS_PER_S),)))
    assert (first.text, second.text) == ("a", "b")


_stretch = st.tuples(st.integers(1, 30), st.integers(1, 40), st.lists(st.integers(0, 100), max_size=8).map(sorted))
"""Silence before it and its length, in tenths of a second; where words begin and end, in hundredths of it."""


@given(st.lists(_stretch, min_size=1, max_size=8))
def test_no_turn_begins_or_ends_in_silence(stretches: list[tuple[int, int, list[int]]]) -> None:
    at, speech, words = 0, list[tuple[int, int]](), list[Heard]()
    for silence, length, edges in stretches:
        start_ns, length_ns = (at + silence) * NS_PER_S // 10, length * NS_PER_S // 10
        at += silence + length
        speech.append((start_ns, start_ns + length_ns))
        times = [start_ns + length_ns * edge // 100 for edge in edges]
        words += [Heard("a", first, last) for first, last in pairwise(times)]
    turns = _turns(_voice(Role.TRAINEE, *words, speech=tuple(speech)))
    assert sum(len(turn.words) for turn in turns) == len(words)
    for turn in turns:
        for edge_ns in (turn.interval.start_ns, turn.interval.end_ns):
            assert any(start_ns <= edge_ns <= end_ns for start_ns, end_ns in speech)


def test_the_speech_of_a_track_with_several_voices_is_anybody_s() -> None:
    words = [_word("a", 1, 2, voice="voice 1"), _word("b", 3, 4, voice="voice 1")]
    turns = _turns(_voice(MIXED, *words, speech=((0, 5 * NS_PER_S),)))
    assert [turn.text for turn in turns] == ["a", "b"]
    assert turns[0].interval == Interval(NS_PER_S, 2 * NS_PER_S)


def test_voices_are_named_by_whose_track_it_is() -> None:
    words = [_word("mine", 0, 1), _word("hers", 2, 3), _word("near", 3.4, 3.5)]
    spans = [(0, 5 * NS_PER_S // 2, "A"), (2 * NS_PER_S, 3 * NS_PER_S, "B")]
    assert [w.voice for w in voiced(words, spans, Role.TRAINEE)] == ["", "other 1", "other 1"]
    assert [w.voice for w in voiced(words, spans, None)] == ["voice 1", "voice 2", "voice 2"]
    assert voiced(words, [], None) == words


def test_a_diarized_voice_is_nobody_yet() -> None:
    (turn,) = _turns(_voice(MIXED, _word("who", 0, 1, voice="voice 1")))
    assert (turn.speaker, turn.voice) == (Role.OTHER, "voice 1")


def test_flags_make_words_doubtful_and_translations_go_with_their_turn() -> None:
    spans = (Span("what", 0, NS_PER_S), Span("elsewhere", 8 * NS_PER_S, 9 * NS_PER_S))
    (turn,) = _turns(_voice(Role.TRAINEE, _word("cosa", 0, 1, flag="repeated"), language="it", translation=spans))
    assert turn.translation == "what"
    assert is_doubtful(turn.words[0])
    assert not is_doubtful(replace(turn.words[0], doubt=False))


def test_what_was_translated_goes_with_one_turn_alone() -> None:
    """It was translated as one stretch; the other's reply cut it in two."""
    words = [_word("è", 0, 1), _word("questo", 1.5, 2), _word("quello", 2.1, 4)]
    reply = _voice(Role.EXPERT, _word("neither", 0.9, 1.4), _word("did", 1.4, 1.6), _word("I", 1.6, 1.9))
    trainee = _voice(Role.TRAINEE, *words, translation=(Span("is it that", 0, 4 * NS_PER_S),))
    turns = [turn for turn in _turns(trainee, reply) if turn.speaker == Role.TRAINEE]
    assert [(turn.text, turn.translation) for turn in turns] == [("è", ""), ("questo quello", "is it that")]


def test_what_one_voice_says_while_another_speaks_on_is_translated_in_its_own_turn() -> None:
    words = [_word("vediamo", 0, 4, voice="voice 1"), _word("sì", 1, 2, voice="voice 2")]
    spans = (Span("let's see", 0, 4 * NS_PER_S), Span("yes", NS_PER_S, 2 * NS_PER_S))
    turns = _turns(_voice(MIXED, *words, language="it", translation=spans))
    assert [(turn.text, turn.translation) for turn in turns] == [("vediamo", "let's see"), ("sì", "yes")]


@pytest.mark.parametrize(("first_s", "then_s"), [(0.1, 0.4), (0.4, 0.1)], ids=["later", "earlier"])
def test_where_the_delay_changes_in_a_turn_its_words_are_in_order_inside_it(first_s: float, then_s: float) -> None:
    def heard(span: Interval) -> Interval:
        return span.shifted(round((first_s if span.start_ns < NS_PER_S else then_s) * NS_PER_S))

    words = [_word("is", 0, 1), _word("it", 1, 2), _word("off", 2, 3)]
    result = Result((_voice(Role.EXPERT, *words),), "en", "test")
    (turn,) = turns_of(result, TranscriptId("t"), {Role.EXPERT: Placed(heard, lambda span: span)})
    assert turn.interval.start_ns == turn.words[0].interval.start_ns == round(first_s * NS_PER_S)
    assert turn.interval.end_ns == turn.words[-1].interval.end_ns == round((3 + then_s) * NS_PER_S)
    assert all(a.interval.end_ns <= b.interval.start_ns for a, b in pairwise(turn.words))


def test_spaces_stand_between_words_that_are_written_with_them() -> None:
    words = [_word(text, i, i + 1) for i, text in enumerate(("赤", "い", "USB", "Hub", "を"))]
    (turn,) = _turns(_voice(Role.TRAINEE, *words, language="ja"))
    assert turn.text == "赤いUSB Hubを"
    assert words_in(turn.text) == [word.text for word in turn.words]
    (cantonese,) = _turns(_voice(Role.TRAINEE, _word("你", 0, 1), _word("好", 1, 2), language="yue"))
    assert cantonese.text == "你好"


def test_japanese_is_written_without_spaces() -> None:
    (turn,) = _turns(_voice(Role.TRAINEE, _word("は", 0, 1), _word("い", 1, 2), language="ja"))
    assert turn.text == "はい"


@pytest.mark.parametrize(
    ("voice", "reason"),
    [
        (_voice(Role.TRAINEE), "no words were recognised"),
        (VoiceResult(Role.TRAINEE, (_word("a", 0, 1),), ((0, 60 * NS_PER_S),)), "1 word for 60 s of speech"),
        (_voice(Role.TRAINEE, *[_word("a", i, i + 1, flag="repeated") for i in range(4)]), "may be invented"),
    ],
)
def test_little_text_or_invented_text_is_doubtful(voice: VoiceResult, reason: str) -> None:
    assert reason in doubts(Result((voice,), "en", "test"))


def test_a_good_result_is_not_doubtful() -> None:
    assert doubts(Result((_voice(Role.TRAINEE, _word("a", 0, 1), _word("b", 1, 2)),), "en", "test")) == ""


def test_words_that_are_cut_off_or_spread_are_not_taken_for_invented_ones() -> None:
    words = [_word("a", 0, 1, flag=CUT), _word("b", 1, 2, flag=SPREAD)]
    assert doubts(Result((_voice(Role.TRAINEE, *words),), "en", "test")) == ""


def test_tasks_and_results_travel_as_json() -> None:
    task = Task((Voice(Role.TRAINEE, Track("a", 1), Track("b"), True), Voice(MIXED, Track("c"))), name="n")
    assert Task.from_data(task.to_data()) == task
    result = Result(
        (_voice(Role.TRAINEE, _word("a", 0, 1), translation=(Span("b", 0, 1),)),), "it", "x", ("n",), ("f",)
    )
    assert Result.from_data(result.to_data()) == result
