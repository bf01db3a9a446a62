"""Words and when they were said, in NIST's time marked conversation format (SCTK, doc/infmts.htm; RT-09).

A line a word: recording, channel, start, duration, word, confidence, kind, speaker. woz puts a comment before each
turn, `;; turn SPEAKER START END`. Without such comments a turn ends where the speaker or the channel changes, or
at a pause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from woz.base.interval import NS_PER_S, Interval
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session
from woz.formats.parts import Lost, Part
from woz.formats.reading import Reading
from woz.formats.transcripts.columns import (
    COMMENT,
    MOST_STRANGE,
    Sessions,
    decimal,
    demand_lines,
    finite,
    line_scheme,
    lost_lines,
    ns_of,
    recording_name,
)
from woz.formats.transcripts.kept import kept_in
from woz.formats.transcripts.names import name_of, speaker_of, with_blanks, without_blanks
from woz.formats.transcripts.unheld import TEXTS, WORD_CONFIDENCES, WORD_ENDS, WORDS, unheld
from woz.model.transcript import Turn, Word

KEY = "ctm"
PAUSE_NS = NS_PER_S
MOST_WORDS = 10_000
"""A turn ends after so many."""
_SCHEME = line_scheme(KEY, "CTM")
_MARK = f"{COMMENT} turn"
_NONE = "NA"


@dataclass(slots=True)
class _Open:
    """A turn whose words are still read. `span` is that of the comment before it."""

    speaker: str
    channel: str
    span: Interval | None = None
    words: list[Word] = field(default_factory=list)


def _read(reading: Reading) -> Iterator[Part]:
    sessions, words = Sessions(reading, _SCHEME), _Words()
    read = lost = 0
    for line in reading.lines():
        fields = line.split()
        if not fields:
            continue
        if line.startswith(COMMENT):
            yield from words.close(sessions)
            if not words.mark(fields):
                sessions.wait("comment", line)
        elif not (word := _word(fields)):
            lost += 1
            if not read and lost > MOST_STRANGE:
                break
        else:
            read += 1
            if fields[0] != sessions.key:
                yield from words.close(sessions)
                yield from sessions.of(fields[0])
            yield from words.add(sessions, fields, word)
    demand_lines(reading, read, "CTM file")
    yield from words.close(sessions)
    yield from sessions.end()
    if words.kinds:
        yield Lost("kinds of words", words.kinds)
    yield from lost_lines(lost)


class _Words:
    """Puts words together into turns."""

    def __init__(self) -> None:
        self._open: _Open | None = None
        self._marked: tuple[str, Interval] | None = None
        self.kinds = 0

    def mark(self, fields: list[str]) -> bool:
        """Whether a comment is that of a turn."""
        if " ".join(fields[:2]) != _MARK or len(fields) != 5:
            return False
        try:
            self._marked = (fields[2], Interval(ns_of(fields[3]), ns_of(fields[4])))
        except ValueError:
            return False
        return True

    def add(self, sessions: Sessions, fields: list[str], word: Word) -> Iterator[Part]:
        kind = fields[6] if len(fields) > 6 else "lex"
        self.kinds += kind not in ("lex", _NONE)
        speaker = fields[7] if len(fields) > 7 else ""
        if self._open and not self._goes_on(self._open, speaker, fields[1], word):
            yield from self.close(sessions)
        if not self._open:
            name, span = self._marked or (speaker, None)
            self._open, self._marked = _Open(name, fields[1], span), None
        self._open.words.append(word)

    def _goes_on(self, turn: _Open, speaker: str, channel: str, word: Word) -> bool:
        if turn.span is not None:
            return len(turn.words) < MOST_WORDS
        last = turn.words[-1].interval
        near = last.start_ns <= word.interval.start_ns < last.end_ns + PAUSE_NS
        return near and (turn.speaker, turn.channel) == (speaker, channel) and len(turn.words) < MOST_WORDS

    def close(self, sessions: Sessions) -> Iterator[Part]:
        turn, self._open = self._open, None
        if not turn:
            return
        speaker, voice = speaker_of(with_blanks(turn.speaker or ("" if turn.channel == "1" else turn.channel)))
        end_ns = max(word.interval.end_ns for word in turn.words)
        yield from sessions.turn(
            Turn(
                sessions.new_turn_id(),
                sessions.transcript_id,
                speaker,
                Interval(turn.words[0].interval.start_ns, end_ns) if turn.span is None else turn.span,
                " ".join(word.text for word in turn.words),
                words=tuple(turn.words),
                voice=voice,
            )
        )


def _word(fields: list[str]) -> Word | None:
    """None for a line that is no word's; one that would end before it starts has no length."""
    try:
        start, length = ns_of(fields[2]), max(0, ns_of(fields[3]))
        confidence = finite(fields[5]) if len(fields) > 5 and fields[5] != _NONE else None
        return Word(with_blanks(fields[4]), Interval(start, start + length), confidence)
    except (ValueError, IndexError):
        return None


def _write(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    name, kept = recording_name(bundle), kept_in(bundle, KEY)
    for turn in bundle.turns:
        for each in kept.before.get(turn.id, ()):
            yield f"{each.texts.get('text', '')}\n"
        if turn.words:
            speaker = without_blanks(name_of(turn.speaker, turn.voice))
            span = f"{decimal(turn.interval.start_ns)} {decimal(turn.interval.end_ns)}"
            yield f"{_MARK} {speaker} {span}\n"
            yield from (_line(name, speaker, word) for word in turn.words if word.text.strip())
    for each in kept.rest:
        yield f"{each.texts.get('text', '')}\n"


def _line(name: str, speaker: str, word: Word) -> str:
    start, length = decimal(word.interval.start_ns), decimal(word.interval.duration_ns)
    confidence = _NONE if word.confidence is None else repr(word.confidence)
    return f"{name} 1 {start} {length} {without_blanks(word.text)} {confidence} lex {speaker}\n"


def _more(bundle: SessionBundle) -> Iterable[Lost]:
    words = [[word.text for word in turn.words] for turn in bundle.turns]
    other = (bool(said) and turn.text != " ".join(said) for turn, said in zip(bundle.turns, words, strict=True))
    yield Lost("texts that are not their words with blanks between", sum(other))
    yield Lost("words without a letter or a sign", sum(not text.strip() for said in words for text in said))


FORMATS = (
    Format(
        KEY,
        "words and when they were said, CTM",
        "words.ctm",
        ("words with their times and confidence", "turns", "speakers and voices", "comments of a file"),
        ("turns without words", "doubts", "translations", "checks", "annotations"),
        "NIST SCTK, doc/infmts.htm; RT-09 evaluation plan",
        read=_read,
        write=each_session("words.ctm", _write),
        losses=unheld({TEXTS, WORDS, WORD_ENDS, WORD_CONFIDENCES}, KEY, _more),
    ),
)
