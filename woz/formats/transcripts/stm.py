"""Who said what and when, in NIST's segment time marked format (SCTK, doc/infmts.htm): a line a turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session
from woz.formats.parts import Lost, Part
from woz.formats.reading import Reading
from woz.formats.transcripts.columns import (
    Columns,
    Sessions,
    decimal,
    line_scheme,
    lines_of,
    ns_of,
    read_columns,
)
from woz.formats.transcripts.names import name_of, speaker_of, with_blanks, without_blanks
from woz.formats.transcripts.unheld import TEXTS, WORDLESS, unheld
from woz.model.ids import TranscriptId, TurnId
from woz.model.transcript import Turn

KEY = "stm"
_SCHEME = line_scheme(KEY, "STM")
_LABEL = re.compile(r"<[^>\s]*>(?:\s+|$)")


def _read(reading: Reading) -> Iterator[Part]:
    columns = Columns("STM file", 0, 5, _is_line, _line)
    yield from read_columns(reading, Sessions(reading, _SCHEME), columns)


def _is_line(fields: list[str]) -> bool:
    """A line of RTTM has numbers in the same places; it is none."""
    try:
        timed = len(fields) >= 5 and all(isinstance(ns_of(each), int) for each in fields[3:5])
        return timed and not (fields[0] == "SPEAKER" and " ".join(fields[5:]).startswith("<NA> <NA>"))
    except ValueError:
        return False


def _line(sessions: Sessions, fields: list[str], line: str) -> Iterator[Part]:
    turn = _turn(fields, sessions.new_turn_id(), sessions.transcript_id)
    if turn is None:
        sessions.wait("line", line)
        return
    own = _own(turn, fields[0]).split(maxsplit=5)
    same = [*own[:3], *own[5:]] == [*fields[:3], *(" ".join(each.split()) for each in fields[5:])]
    yield from sessions.turn(turn, "" if same else line)


def _turn(fields: list[str], turn_id: TurnId, transcript_id: TranscriptId) -> Turn | None:
    """None for times that are none, or backwards."""
    speaker, voice = speaker_of(with_blanks(fields[2]))
    said = fields[5] if len(fields) > 5 else ""
    label = _LABEL.match(said)
    text = " ".join(said[label.end() if label else 0 :].split())
    try:
        interval = Interval(ns_of(fields[3]), ns_of(fields[4]))
    except ValueError:
        return None
    return Turn(turn_id, transcript_id, speaker, interval, text, voice=voice)


def _own(turn: Turn, name: str) -> str:
    text = " ".join(turn.text.split())
    label = "<> " if _LABEL.match(text) else ""
    start, end = decimal(turn.interval.start_ns), decimal(turn.interval.end_ns)
    speaker = without_blanks(name_of(turn.speaker, turn.voice))
    return f"{name} 1 {speaker} {start} {end} {label}{text}".rstrip()


def _came(line: str, turn: Turn) -> Turn | None:
    fields = line.split(maxsplit=5)
    return _turn(fields, turn.id, turn.transcript_id) if _is_line(fields) else None


def _write(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    return lines_of(bundle, KEY, 0, _own, _came)


def _more(bundle: SessionBundle) -> Iterable[Lost]:
    texts = (turn.text for turn in bundle.turns)
    yield Lost("texts with line breaks, or several blanks", sum(text != " ".join(text.split()) for text in texts))


FORMATS = (
    Format(
        KEY,
        "who said what and when, STM",
        "turns.stm",
        ("turns", "speakers and voices", "channels, labels and comments of a file"),
        ("words' times", "confidence and doubts", "translations", "checks", "annotations"),
        "NIST SCTK, doc/infmts.htm",
        read=_read,
        write=each_session("turns.stm", _write),
        losses=unheld({TEXTS, WORDLESS}, KEY, _more),
    ),
)
