"""Turns of words: where one begins and where it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from woz.annotation.word_times import tidied
from woz.annotation.words import as_written
from woz.base.interval import Interval
from woz.model.ids import TranscriptId, TurnId, new_id
from woz.model.people import Role
from woz.model.transcript import Turn, Word
from woz.transcription.floor import Floor
from woz.transcription.task import MIXED, Heard, Result, Span, VoiceResult

Times = Callable[[Interval], Interval]
Replies = dict[tuple[str, str], list[Interval]]
"""By speaker of the track, and label of the voice."""


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """A silence of `pause_ns` between two words of one voice begins a new turn, and so does `longest_ns`; speech
    without words is none.

    So does a silence of `breath_ns` that another voice fills, if it began after this one and speaks for more than
    `reply_ns`.
    """

    pause_ns: int = 800_000_000
    longest_ns: int = 60_000_000_000
    breath_ns: int = 300_000_000
    reply_ns: int = 800_000_000


@dataclass(frozen=True, slots=True)
class Placed:
    """How a speaker's track times map to the trainee's time line, and to when it was said (None: not kept)."""

    heard: Times
    said: Times | None = None


def turns_of(
    result: Result,
    transcript_id: TranscriptId,
    places: Mapping[str, Placed],
    settings: TurnSettings | None = None,
) -> list[Turn]:
    """All speakers' turns by time; turns of different speakers may overlap, and each keeps its words."""
    settings = settings or TurnSettings()
    replies = _replies(result, places, settings)
    turns = [
        turn
        for voice in result.voices
        for turn in _turns(voice, replies, transcript_id, places[voice.speaker], settings)
    ]
    return sorted(turns, key=lambda turn: turn.interval)


def _turns(
    voice: VoiceResult, replies: Replies, transcript_id: TranscriptId, place: Placed, settings: TurnSettings
) -> Iterator[Turn]:
    reached = list(_reached(voice, replies, place, settings))
    translations = _translations(voice.translation, [whole for _, whole in reached])
    for (words, whole), translation in zip(reached, translations, strict=True):
        yield _turn(words, whole, voice, transcript_id, place, translation)


def _reached(
    voice: VoiceResult, replies: Replies, place: Placed, settings: TurnSettings
) -> Iterator[tuple[Sequence[Heard], Interval]]:
    """The words of each turn, and from where to where it lasts: speech without words may be at both ends."""
    floor = Floor.of(voice)
    groups = [
        words
        for stretch in grouped(voice.words, settings, floor)
        for words in _cut(stretch, replies, (voice.speaker, stretch[0].voice), place, settings, floor)
    ]
    begins = [words[0].start_ns for words in groups[1:]]
    free_ns = None
    for words, next_ns in zip_longest(groups, begins):
        whole = floor.reach(_whole(words), free_ns, next_ns, settings.breath_ns)
        free_ns = whole.end_ns
        yield words, whole


def _replies(result: Result, places: Mapping[str, Placed], settings: TurnSettings) -> Replies:
    """Where each voice says more than a word of assent, on the trainee's time line."""
    found: Replies = {}
    for voice in result.voices:
        for words in grouped(voice.words, settings, Floor.of(voice)):
            span = places[voice.speaker].heard(_whole(words))
            if span.duration_ns > settings.reply_ns:
                found.setdefault((voice.speaker, words[0].voice), []).append(span)
    return found


def _cut(
    words: Sequence[Heard],
    replies: Replies,
    own: tuple[str, str],
    place: Placed,
    settings: TurnSettings,
    floor: Floor,
) -> Iterator[Sequence[Heard]]:
    """The words of one voice, cut where another one takes the floor while this one is silent."""
    others = [span for voice, spans in replies.items() if voice != own for span in spans]
    first, end_ns = 0, words[0].end_ns
    for i, word in enumerate(words):
        if floor.silence_ns(end_ns, word.start_ns) >= settings.breath_ns:
            silence = place.heard(Interval(end_ns, word.start_ns))
            began_ns = place.heard(_whole(words[first:i])).start_ns
            if any(other.start_ns > began_ns and _mostly(silence, other) for other in others):
                yield words[first:i]
                first = i
        end_ns = max(end_ns, word.end_ns)
    yield words[first:]


def _mostly(span: Interval, other: Interval) -> bool:
    return (span & other).duration_ns * 2 > span.duration_ns


def grouped(words: Iterable[Heard], settings: TurnSettings, floor: Floor | None = None) -> list[list[Heard]]:
    """Words by turns: by voice first, so that a short word of another voice does not cut a turn in two."""
    floor = floor or Floor()
    groups: list[list[Heard]] = []
    last: dict[str, list[Heard]] = {}
    for word in sorted(words, key=lambda w: (w.start_ns, w.end_ns)):
        group = last.get(word.voice)
        if group and _goes_on(group, word, settings, floor):
            group.append(word)
        else:
            groups.append([word])
            last[word.voice] = groups[-1]
    return groups


def _goes_on(group: Sequence[Heard], word: Heard, settings: TurnSettings, floor: Floor) -> bool:
    pause = floor.silence_ns(max(w.end_ns for w in group[-3:]), word.start_ns)
    return pause < settings.pause_ns and word.end_ns - group[0].start_ns <= settings.longest_ns


def _turn(
    words: Sequence[Heard],
    whole: Interval,
    voice: VoiceResult,
    transcript_id: TranscriptId,
    place: Placed,
    translation: str,
) -> Turn:
    interval = _interval(whole, place)
    confidences = [word.confidence for word in words if word.confidence is not None]
    label = words[0].voice
    return Turn(
        TurnId(new_id()),
        transcript_id,
        Role.OTHER if label or voice.speaker == MIXED else Role(voice.speaker),
        interval,
        as_written(word.text for word in words),
        place.said(whole) if place.said else None,
        tidied(_heard(words, place), interval),
        sum(confidences) / len(confidences) if confidences else None,
        label,
        translation=translation,
    )


def _interval(whole: Interval, place: Placed) -> Interval:
    """A turn's beginning and its end, each with the delay of its own moment, which may change within it."""
    start_ns, end_ns = (place.heard(Interval(at, at)).start_ns for at in (whole.start_ns, whole.end_ns))
    return Interval(start_ns, max(start_ns, end_ns))


def _heard(words: Sequence[Heard], place: Placed) -> list[Word]:
    """Each with the delay of its beginning."""
    spans = [place.heard(Interval(word.start_ns, max(word.start_ns, word.end_ns))) for word in words]
    return [Word(w.text, span, w.confidence, flag=w.flag) for w, span in zip(words, spans, strict=True)]


def _whole(words: Sequence[Heard]) -> Interval:
    return Interval(words[0].start_ns, max(max(word.start_ns, word.end_ns) for word in words))


def _translations(spans: Sequence[Span], turns: Sequence[Interval]) -> list[str]:
    """Of each turn what was translated from its time: a stretch belongs to the turn that holds most of it.

    Of several that hold as much it is the shortest: another voice may speak on all the while.
    """
    found: list[list[str]] = [[] for _ in turns]
    for span in spans:
        shares = [(_shared(span, turn), -turn.duration_ns) for turn in turns]
        most = max(shares, default=(0, 0))
        if most[0]:
            found[shares.index(most)].append(span.text)
    return [" ".join(texts) for texts in found]


def _shared(span: Span, whole: Interval) -> int:
    return max(0, min(span.end_ns, whole.end_ns) - max(span.start_ns, whole.start_ns))
