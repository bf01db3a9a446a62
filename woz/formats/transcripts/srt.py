"""Turns as SubRip subtitles, with the speaker before the text: "expert: Take the red one"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Reading
from woz.formats.transcripts.clock_times import stamp, stamped_ns, unstamped
from woz.formats.transcripts.kept import OF, Keeping, Kept, kept_in, kept_scheme
from woz.formats.transcripts.names import name_of, speaker_of
from woz.formats.transcripts.unheld import TEXTS, WORDLESS, unheld
from woz.model.ids import SessionId, TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import Turn

MOST_LINES = 10_000
KEY = "srt"
_SCHEME = kept_scheme(KEY, "SubRip", ("id", "settings", "payload"))
_TIME = r"(\d{1,6}):([0-5]?\d):([0-5]?\d)[,.](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s+(\S.*))?\s*")
_NUMBER = re.compile(r"\s*\d+\s*")
_MARKUP = re.compile(r"</?(?:b|i|u|s|font)\b[^>]*>|\{\\[^}]*\}", re.IGNORECASE)
_ROLE = re.compile(rf"((?:{'|'.join(Role)})(?::[^\s:].{{0,59}}?)?):(?: (.*))?")
_NAMED = re.compile(r"([^:]{1,40}):(?: (.*))?")
Who = tuple[Role, str, str]


def _said(line: str) -> Who:
    """Role, voice and text of one line. A name is a role's, or one to four words with capitals."""
    found = _ROLE.fullmatch(line) or _NAMED.fullmatch(line)
    if not found or not (found.re is _ROLE or _is_name(found[1])):
        return Role.OTHER, "", line
    return *speaker_of(found[1]), found[2] or ""


def _is_name(text: str) -> bool:
    words = text.split(" ")
    return (
        len(words) <= 4
        and text[0].isupper()
        and all(each and (each[0].isupper() or each[0].isdigit()) for each in words)
    )


def _line(turn: Turn) -> str:
    """The text with what a reader needs to know the speaker again."""
    text = " ".join(turn.text.split())
    name = name_of(turn.speaker, turn.voice)
    plain = () if turn.speaker is not Role.OTHER or turn.voice or not text else (text,)
    named = (f"{name}: {text}".rstrip(), f"{turn.speaker}:{turn.voice}: {text}".rstrip())
    same = (line for line in (*plain, *named) if _said(line) == (turn.speaker, turn.voice, text))
    return next(same, named[0])


def _plain(payload: str) -> str:
    return " ".join(_MARKUP.sub("", payload).split())


class _Cues:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._session = SessionId(reading.new_id())
        self._transcript = TranscriptId(reading.new_id())
        self._keeping = Keeping(reading, self._session, _SCHEME)
        self._number = 0

    def begin(self) -> Begin:
        title = self._reading.path.stem
        return Begin("", self._session, self._transcript, title, (_SCHEME,), language=self._reading.language)

    def cue(self, timing: re.Match[str], name: str, lines: list[str]) -> Iterator[Part]:
        self._number += 1
        payload = "\n".join(lines).strip("\n")
        found = {"id": "" if name == str(self._number) else name or "-", "settings": timing[9] or ""}
        texts = {key: text for key, text in found.items() if text}
        start, end = (_ns(timing.groups()[:4]), _ns(timing.groups()[4:8]))
        plain = _plain(payload)
        if end < start or not plain:
            yield from self._keeping.keep(Kept("cue", {**texts, "payload": payload}, (start, end)))
            return
        role, voice, text = _said(plain)
        turn = Turn(TurnId(self._reading.new_id()), self._transcript, role, Interval(start, end), text, voice=voice)
        yield turn
        if payload != _line(turn):
            texts["payload"] = payload
        if texts:
            yield from self._keeping.keep(Kept("cue", texts), OF, turn.id)


def _ns(parts: tuple[str | None, ...]) -> int:
    *whole, fraction = parts
    return stamped_ns((*whole, (fraction or "").ljust(3, "0")))


def _read(reading: Reading) -> Iterator[Part]:
    lines = (line.rstrip("\r") for line in reading.lines())
    cues = _Cues(reading)
    name, timing = _first(lines, reading)
    yield cues.begin()
    block: list[str] = []
    for line in lines:
        following = _TIMING.fullmatch(line)
        if not following:
            block.append(line)
            if len(block) > MOST_LINES:
                raise WozError(f"{reading.path} has a cue of more than {MOST_LINES} lines; it is no such file.")
            continue
        next_name = block.pop().strip() if block and _NUMBER.fullmatch(block[-1]) else ""
        yield from cues.cue(timing, name, block)
        name, timing, block = next_name, following, []
    if block and _NUMBER.fullmatch(block[-1]) and len(block) > 1 and not block[-2].strip():
        block.pop()
        yield Lost("cues without times")
    yield from cues.cue(timing, name, block)


def _first(lines: Iterator[str], reading: Reading) -> tuple[str, re.Match[str]]:
    """The number and the times of the first cue. Raises WozError where the file begins otherwise."""
    filled = (line for line in lines if line.strip())
    first = next(filled, "")
    number = first.strip() if _NUMBER.fullmatch(first) else ""
    timing = _TIMING.fullmatch(next(filled, "") if number else first)
    if timing is None:
        raise WozError(f"{reading.path} is no SubRip file: it does not begin with a number and the times of a cue.")
    return number, timing


def _write(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    kept = kept_in(bundle, KEY)
    turns = [(*_span(turn), *_shown(turn, kept.of.get(turn.id))) for turn in bundle.turns]
    cues = [(*each.span, each.texts, each.texts.get("payload", "")) for each in kept.cues if each.span]
    for number, (start, end, texts, payload) in enumerate(sorted(chain(turns, cues), key=lambda cue: cue[0]), 1):
        name = texts.get("id", str(number))
        settings = f" {texts['settings']}" if "settings" in texts else ""
        first = "" if number == 1 else "\n"
        yield first + (f"{name}\n" if name != "-" else "")
        yield f"{stamp(start, ',')} --> {stamp(end, ',')}{settings}\n{payload}\n"


def _span(turn: Turn) -> tuple[int, int]:
    return turn.interval.start_ns, turn.interval.end_ns


def _shown(turn: Turn, own: Kept | None) -> tuple[Mapping[str, str], str]:
    texts = own.texts if own else {}
    payload = texts.get("payload", "")
    same = _said(_plain(payload)) == (turn.speaker, turn.voice, turn.text)
    return texts, payload if "payload" in texts and same else _line(turn)


def _more(bundle: SessionBundle) -> Iterable[Lost]:
    yield from unstamped(bundle)
    changed = 0
    for turn in bundle.turns:
        line = _line(turn)
        plain = _plain(line)
        changed += plain != line or _said(plain) != (turn.speaker, turn.voice, " ".join(turn.text.split()))
    yield Lost("speakers and markup that can't be told from the text", changed)


FORMATS = (
    Format(
        KEY,
        "turns as subtitles, SubRip",
        "turns.srt",
        ("turns", "speakers and voices, before the text", "numbers, places and markup of a file"),
        ("words' times", "confidence and doubts", "translations", "checks", "annotations"),
        "https://en.wikipedia.org/wiki/SubRip",
        read=_read,
        write=each_session("turns.srt", _write),
        losses=unheld({TEXTS, WORDLESS}, KEY, _more),
    ),
)
