"""Who spoke when, in NIST's Rich Transcription Time Marked format (RT-09 evaluation plan, appendix A)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session
from woz.formats.parts import Part
from woz.formats.reading import Reading
from woz.formats.transcripts.columns import (
    Columns,
    Sessions,
    decimal,
    finite,
    line_scheme,
    lines_of,
    ns_of,
    read_columns,
)
from woz.formats.transcripts.names import name_of, speaker_of, with_blanks, without_blanks
from woz.formats.transcripts.unheld import CONFIDENCES, WORDLESS, unheld
from woz.model.ids import TranscriptId, TurnId
from woz.model.transcript import Turn

KEY = "rttm"
_SCHEME = line_scheme(KEY, "RTTM")
_TYPES = {"SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER"}
_TYPES |= {"EDIT", "IP", "SU", "CB", "A/P", "SPEAKER", "SPKR-INFO"}
_NONE = "<NA>"
_FIELDS = (9, 10)


def _read(reading: Reading) -> Iterator[Part]:
    columns = Columns("RTTM file", 1, 10, _is_line, _line)
    yield from read_columns(reading, Sessions(reading, _SCHEME), columns)


def _is_line(fields: list[str]) -> bool:
    return fields[0] in _TYPES and len(fields) in _FIELDS


def _line(sessions: Sessions, fields: list[str], line: str) -> Iterator[Part]:
    turn = _turn(fields, sessions.new_turn_id(), sessions.transcript_id) if fields[0] == "SPEAKER" else None
    if turn is None:
        sessions.wait(fields[0].lower(), line)
        return
    own = _own(turn, fields[1]).split()
    same = [*own[:3], *own[5:]] == [*fields[:3], *fields[5:], _NONE][:8]
    yield from sessions.turn(turn, "" if same else line)


def _turn(fields: list[str], turn_id: TurnId, transcript_id: TranscriptId) -> Turn | None:
    """None for times that are none, or backwards."""
    try:
        start, length = ns_of(fields[3]), ns_of(fields[4])
        confidence = None if fields[8] == _NONE else finite(fields[8])
        speaker, voice = speaker_of(with_blanks(fields[7]))
        interval = Interval(start, start + length)
    except ValueError:
        return None
    return Turn(turn_id, transcript_id, speaker, interval, "", confidence=confidence, voice=voice)


def _own(turn: Turn, name: str) -> str:
    start, length = decimal(turn.interval.start_ns), decimal(turn.interval.duration_ns)
    speaker = without_blanks(name_of(turn.speaker, turn.voice))
    confidence = _NONE if turn.confidence is None else repr(turn.confidence)
    return f"SPEAKER {name} 1 {start} {length} {_NONE} {_NONE} {speaker} {confidence} {_NONE}"


def _came(line: str, turn: Turn) -> Turn | None:
    fields = line.split()
    return _turn(fields, turn.id, turn.transcript_id) if len(fields) in _FIELDS else None


def _write(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    return lines_of(bundle, KEY, 1, _own, _came)


FORMATS = (
    Format(
        KEY,
        "who spoke when, RTTM",
        "turns.rttm",
        ("turns' times", "speakers and voices", "confidence", "other lines of a file"),
        ("what was said", "annotations"),
        "NIST RT-09 evaluation plan, appendix A",
        read=_read,
        write=each_session("turns.rttm", _write),
        losses=unheld({CONFIDENCES, WORDLESS}, KEY),
        by_default=True,
    ),
)
