"""What an annotator does to a transcript's turns, each as an edit. Turns may overlap.

No change of text moves a turn: an expert's turn keeps both its times, heard and said. All raise WozError, in words
for the annotator, where the edit can't be made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.voices import Voice, voice_of
from woz.annotation.word_times import retimed, tidied, timed_words
from woz.annotation.words import joined, spans_of, words_in
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.model.ids import TranscriptId, TurnId
from woz.model.transcript import Turn, Word

MERGE_WITHIN_NS = 10 * NS_PER_S
"""A longer pause between two turns is no slip of the recogniser's."""


def sources(turn: Turn) -> tuple[TurnId, ...]:
    """The turns, as first made, that a turn comes from."""
    return turn.origins or (turn.id,)


def insert(transcript_id: TranscriptId, turn_id: TurnId, voice: Voice, span: Interval) -> Edit:
    """A new turn without text."""
    return Edit("New turn", (), (Turn(turn_id, transcript_id, voice.role, span, "", voice=voice.name),))


def delete(turn: Turn) -> Edit:
    return Edit("Delete turn", (turn,), ())


def set_text(turn: Turn, text: str) -> Edit:
    return Edit("Change text", (turn,), (with_text(turn, text),))


def with_text(turn: Turn, text: str) -> Turn:
    """The turn with another text; spaces and line breaks become single spaces."""
    words = retimed(turn.words, words_in(text), turn.interval) if turn.words else ()
    return replace(turn, text=" ".join(text.split()), words=words)


def set_checked(turn: Turn, checked: bool) -> Edit:
    return Edit("Mark as checked" if checked else "Mark as not checked", (turn,), (replace(turn, checked=checked),))


def set_voice(turn: Turn, voice: Voice) -> Edit:
    return Edit("Change speaker", (turn,), (replace(turn, speaker=voice.role, voice=voice.name),))


def set_interval(turn: Turn, span: Interval) -> Edit:
    """Move the turn's edges; what was said moves by as much, words outside are drawn in."""
    if not span:
        raise WozError("A turn can't end before it starts; move the playhead first.")
    said = turn.said
    if said:
        start = max(0, said.start_ns + span.start_ns - turn.interval.start_ns)
        said = Interval(start, max(start, said.end_ns + span.end_ns - turn.interval.end_ns))
    return Edit("Move turn", (turn,), (replace(turn, interval=span, said=said, words=tidied(turn.words, span)),))


def split(turn: Turn, at_word: int, new_id: TurnId) -> Edit:
    """Two turns; the second begins with word number `at_word`, from 0. A translation stays at the first."""
    words = timed_words(turn)
    if not 0 < at_word < len(words):
        raise WozError("Put the caret between two words to split the turn there.")
    cut = (words[at_word - 1].interval.end_ns + words[at_word].interval.start_ns) // 2
    heard, said = _cut(turn.interval, cut), _cut_said(turn, cut)
    start, _ = spans_of(turn.text)[at_word]
    kept = words if turn.words else ()
    first = replace(turn, interval=heard[0], said=said[0], text=turn.text[:start].rstrip(), words=kept[:at_word])
    second = replace(
        turn,
        id=new_id,
        interval=heard[1],
        said=said[1],
        text=turn.text[start:],
        words=kept[at_word:],
        origins=sources(turn),
        translation="",
    )
    return Edit("Split turn", (turn,), (first, second))


def merge(first: Turn, second: Turn) -> Edit:
    """One turn of two, in this order; it is checked where both were."""
    span = first.interval | second.interval
    origins = tuple(dict.fromkeys((*sources(first), *sources(second))))
    both = replace(
        first,
        interval=span,
        said=_said_together(first, second),
        text=joined((first.text, second.text)),
        words=_words_together(first, second, span),
        confidence=_confidence_together(first, second),
        checked=first.checked and second.checked,
        origins=() if origins == (first.id,) else origins,
        translation=joined((first.translation, second.translation)),
        doubt=_doubt_together(first, second),
    )
    return Edit("Merge turns", (first, second), (both,))


def merge_next(turns: Sequence[Turn], turn: Turn) -> Edit:
    """A turn with the next one of the same voice; others may speak between them."""
    return merge(turn, _neighbour(turns, turn, 1))


def merge_previous(turns: Sequence[Turn], turn: Turn) -> Edit:
    return merge(_neighbour(turns, turn, -1), turn)


def realign(turn: Turn, times: Sequence[Interval]) -> Edit:
    """Give all words of a turn other times; what is known of each word otherwise stays."""
    words = timed_words(turn)
    moved = (replace(word, interval=span) for word, span in zip(words, times, strict=True))
    return Edit("Time words anew", (turn,), (replace(turn, words=tidied(moved, turn.interval)),))


def _neighbour(turns: Sequence[Turn], turn: Turn, direction: int) -> Turn:
    alike = [t for t in turns if voice_of(t) == voice_of(turn) and t.transcript_id == turn.transcript_id]
    number = next(i for i, t in enumerate(alike) if t.id == turn.id) + direction
    if not 0 <= number < len(alike):
        raise WozError(f"There is no turn of the same speaker {'after' if direction > 0 else 'before'} this one.")
    other = alike[number]
    early, late = (turn, other) if direction > 0 else (other, turn)
    if late.interval.start_ns - early.interval.end_ns > MERGE_WITHIN_NS:
        raise WozError("The same speaker's turn is more than 10 s away; move its edge nearer to merge them.")
    return other


def _cut(span: Interval, at_ns: int) -> tuple[Interval, Interval]:
    at = min(max(at_ns, span.start_ns), span.end_ns)
    return Interval(span.start_ns, at), Interval(at, span.end_ns)


def _cut_said(turn: Turn, at_ns: int) -> tuple[Interval, Interval] | tuple[None, None]:
    """What was said is cut at the same part of its length as what was heard."""
    if turn.said is None:
        return None, None
    done, whole = at_ns - turn.interval.start_ns, max(1, turn.interval.duration_ns)
    return _cut(turn.said, turn.said.start_ns + turn.said.duration_ns * done // whole)


def _said_together(first: Turn, second: Turn) -> Interval | None:
    """A turn that was added by hand was said as long before it was heard as the other one."""
    if first.said and second.said:
        return first.said | second.said
    for known, other in ((first, second), (second, first)):
        if known.said:
            early = known.said.start_ns - known.interval.start_ns
            start = max(0, other.interval.start_ns + early)
            return known.said | Interval(start, start + other.interval.duration_ns)
    return None


def _words_together(first: Turn, second: Turn, span: Interval) -> tuple[Word, ...]:
    if not first.words and not second.words:
        return ()
    return tidied((*timed_words(first), *timed_words(second)), span)


def _doubt_together(first: Turn, second: Turn) -> str | None:
    doubts = [each.doubt for each in (first, second) if each.doubt is not None]
    return joined(doubts) if doubts else None


def _confidence_together(first: Turn, second: Turn) -> float | None:
    """The mean by length; that of the other where one has none."""
    a, b = first.confidence, second.confidence
    if a is None or b is None or a == b:
        return b if a is None else a
    lengths = first.interval.duration_ns, second.interval.duration_ns
    total = sum(lengths)
    return (a * lengths[0] + b * lengths[1]) / total if total else (a + b) / 2
