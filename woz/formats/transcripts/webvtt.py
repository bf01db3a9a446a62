"""Turns as subtitles with voices (W3C WebVTT), both ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from heapq import merge
from pathlib import Path

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Reading
from woz.formats.transcripts.clock_times import stamp, stamped_ns, unstamped
from woz.formats.transcripts.kept import BEFORE, OF, AllKept, Keeping, Kept, kept_in, kept_scheme
from woz.formats.transcripts.unheld import TEXTS, WORDLESS, WORDS, unheld
from woz.formats.transcripts.webvtt_text import TIME, payload_of, said_in
from woz.model.ids import SessionId, TranscriptId, TurnId
from woz.model.transcript import Turn

MOST_LINES = 10_000
KEY = "webvtt"
_SCHEME = kept_scheme(KEY, "WebVTT", ("id", "settings", "payload", "text"))
_TIMING = re.compile(rf"\s*{TIME}[ \t]*-->[ \t]*{TIME}(?:[ \t]+(.*))?")
_OWN_NOTE = re.compile(r"NOTE session (\S+), transcript: \S+")
_LANGUAGE = re.compile(r"^Language:\s*(\S+)", re.MULTILINE)


def read_turns(path: Path, transcript_id: TranscriptId) -> list[Turn]:
    """The turns alone, by time. Raises WozError for a file that is missing or no WebVTT."""
    turns = (part for part in _read(Reading(path)) if isinstance(part, Turn))
    return sorted((replace(turn, transcript_id=transcript_id) for turn in turns), key=lambda turn: turn.interval)


def _read(reading: Reading) -> Iterator[Part]:
    lines = reading.lines()
    if not re.match(r"WEBVTT(?:[ \t]|$)", first := next(lines, "")):
        raise WozError(f"{reading.path} is no WebVTT file: it does not begin with WEBVTT.")
    blocks = _blocks(lines, reading.path)
    header = first.removeprefix("WEBVTT") + _rest_of_header(lines)
    yield from _Cues(reading, header).parts(blocks)


def _rest_of_header(lines: Iterator[str]) -> str:
    text = ""
    for line in lines:
        if not line or len(text) > MOST_LINES:
            break
        text += f"\n{line}"
    return text


def _blocks(lines: Iterator[str], path: Path) -> Iterator[list[str]]:
    """Lines up to an empty one, or to the times of the next cue."""
    block: list[str] = []
    timed = False
    for line in lines:
        arrow = "-->" in line
        if block and (not line or (arrow and (timed or len(block) > 1))):
            yield block
            block, timed = [], False
        if line:
            block.append(line)
            timed = timed or arrow
        if len(block) > MOST_LINES:
            raise WozError(f"{path} has a cue of more than {MOST_LINES} lines; it is no such file.")
    if block:
        yield block


class _Cues:
    def __init__(self, reading: Reading, header: str) -> None:
        self._reading = reading
        self._header = header
        self._session = SessionId(reading.new_id())
        self._transcript = TranscriptId(reading.new_id())
        self._keeping = Keeping(reading, self._session, _SCHEME)
        self._waiting: list[Kept] = []

    def parts(self, blocks: Iterator[list[str]]) -> Iterator[Part]:
        first = next(blocks, [])
        own = _OWN_NOTE.fullmatch("\n".join(first))
        language = _LANGUAGE.search(self._header)
        yield Begin(
            own[1] if own else "",
            self._session,
            self._transcript,
            self._reading.path.stem,
            (_SCHEME,),
            language=language[1] if language else self._reading.language,
        )
        if self._header:
            yield from self._keeping.keep(Kept("header", {"text": self._header}))
        if first and not own:
            yield from self._block(first)
        for block in blocks:
            yield from self._block(block)
        for kept in self._waiting:
            yield from self._keeping.keep(kept)

    def _block(self, block: list[str]) -> Iterator[Part]:
        place = next((i for i, line in enumerate(block[:2]) if "-->" in line), None)
        if place is None:
            label = re.match(r"(NOTE|STYLE|REGION)\b", block[0])
            self._waiting.append(Kept(label[1].lower() if label else "block", {"text": "\n".join(block)}))
            return
        timing = _TIMING.fullmatch(block[place])
        if timing is None:
            yield Lost("cues whose times can't be read")
            return
        texts = {"id": block[0] if place else "", "settings": (timing[9] or "").strip()}
        span = (stamped_ns(timing.groups()[:4]), stamped_ns(timing.groups()[4:8]))
        yield from self._cue(
            span, {key: text for key, text in texts.items() if text}, "\n".join(block[place + 1 :])
        )

    def _cue(self, span: tuple[int, int], texts: dict[str, str], payload: str) -> Iterator[Part]:
        if span[1] < span[0]:
            yield from self._keeping.keep(Kept("cue", {**texts, "payload": payload}, span))
            return
        interval = Interval(*span)
        said = said_in(payload, interval)
        if not said.text and not said.named:
            yield from self._keeping.keep(Kept("cue", {**texts, "payload": payload}, span))
            return
        turn_id = TurnId(self._reading.new_id())
        turn = Turn(
            turn_id, self._transcript, said.speaker, interval, said.text, words=said.words, voice=said.voice
        )
        yield turn
        if payload != payload_of(turn):
            texts["payload"] = payload
        if texts:
            yield from self._keeping.keep(Kept("cue", texts), OF, turn_id)
        for kept in self._waiting:
            yield from self._keeping.keep(kept, BEFORE, turn_id)
        self._waiting = []


def _write(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    """Turns as cues with voices, and what an imported file held besides, where its turns are still as it said."""
    kept = kept_in(bundle, KEY)
    header = next((each.texts.get("text", "") for each in kept.rest if each.label == "header"), "")
    yield f"WEBVTT{header}\n\nNOTE session {bundle.session.id}, transcript: {bundle.origin or 'none'}\n"
    turns = ((turn.interval.start_ns, _turn(turn, kept)) for turn in bundle.turns)
    cues = [(span[0], _cue(span, each.texts, each.texts.get("payload", ""))) for span, each in _timed(kept)]
    yield from (text for _, text in merge(turns, sorted(cues, key=_start), key=_start))
    for each in kept.rest:
        if each.label != "header":
            yield f"\n{each.texts.get('text', '')}\n"


def _timed(kept: AllKept) -> Iterator[tuple[tuple[int, int], Kept]]:
    return ((each.span, each) for each in kept.cues if each.span)


def _start(cue: tuple[int, str]) -> int:
    return cue[0]


def _turn(turn: Turn, kept: AllKept) -> str:
    own, before = kept.of.get(turn.id), kept.before.get(turn.id, ())
    texts = dict(own.texts) if own else {}
    payload, canonical = texts.get("payload"), payload_of(turn)
    if payload is not None:
        said = said_in(payload, turn.interval)
        same = (turn.speaker, turn.voice, turn.text, turn.words)
        canonical = payload if (said.speaker, said.voice, said.text, said.words) == same else canonical
    blocks = "".join(f"\n{each.texts.get('text', '')}\n" for each in before)
    return blocks + _cue((turn.interval.start_ns, turn.interval.end_ns), texts, canonical)


def _cue(span: tuple[int, int], texts: Mapping[str, str], payload: str) -> str:
    name = f"{texts['id']}\n" if texts.get("id") else ""
    settings = f" {texts['settings']}" if texts.get("settings") else ""
    return f"\n{name}{stamp(span[0])} --> {stamp(span[1])}{settings}\n{payload}\n"


FORMATS = (
    Format(
        KEY,
        "turns as subtitles, WebVTT",
        "turns.vtt",
        (
            "turns",
            "speakers and voices",
            "starts of words",
            "ids, settings, notes, styles and regions",
        ),
        ("ends of words, confidence and doubts", "translations", "checks", "annotations"),
        "https://www.w3.org/TR/webvtt1/",
        read=_read,
        write=each_session("turns.vtt", _write),
        losses=unheld({TEXTS, WORDS, WORDLESS}, KEY, unstamped),
        by_default=True,
    ),
)
