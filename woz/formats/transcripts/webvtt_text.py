"""The text of a WebVTT cue: who says it, its words, and the times between them (W3C WebVTT, section 6)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from woz.base.interval import Interval
from woz.formats.transcripts.clock_times import milliseconds_of, stamp, stamped_ns
from woz.formats.transcripts.names import speaker_of
from woz.model.people import Role
from woz.model.transcript import SPREAD, Turn, Word

TIME = r"(?:(\d{2,6}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_VOICE = re.compile(r"\s*<v(?:\.([^ \t\n>]*))?(?:[ \t\n]+([^>]*))?>")
_STAMP = re.compile(f"<{TIME}>")
_TAG = re.compile(r"<[^>]*>?")
_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Said:
    """`named` says whether there was a voice."""

    speaker: Role
    voice: str
    text: str
    words: tuple[Word, ...]
    named: bool


def said_in(payload: str, span: Interval) -> Said:
    """Words have times where there are some between them; words between the same two share the stretch."""
    voice = _VOICE.match(payload)
    speaker, name = _speaker(voice[1] or "", html.unescape(voice[2] or "")) if voice else (Role.OTHER, "")
    text, stamps, end = "", [(0, span.start_ns)], 0
    for found in _STAMP.finditer(payload):
        text += _plain(payload[end : found.start()])
        at = min(max(stamped_ns(found.groups()), stamps[-1][1]), span.end_ns)
        stamps.append((len(text), at))
        end = found.end()
    text += _plain(payload[end:])
    words = tuple(_words(text, stamps, span.end_ns)) if len(stamps) > 1 else ()
    return Said(speaker, name, " ".join(text.split()), words, voice is not None)


def _speaker(classes: str, name: str) -> tuple[Role, str]:
    name = " ".join(name.split())
    role = next((Role(each) for each in classes.split(".") if each in list(Role)), None)
    return (role, name) if role else speaker_of(name)


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup))


def _words(text: str, stamps: list[tuple[int, int]], end_ns: int) -> list[Word]:
    stretches: list[list[str]] = [[] for _ in stamps]
    place = 0
    for token in _TOKEN.finditer(text):
        while place + 1 < len(stamps) and stamps[place + 1][0] <= token.start():
            place += 1
        stretches[place].append(token[0])
    edges = [*(at for _, at in stamps), end_ns]
    words = []
    for number, tokens in enumerate(stretches):
        start, length = edges[number], edges[number + 1] - edges[number]
        for i, token_text in enumerate(tokens):
            share = Interval(start + length * i // len(tokens), start + length * (i + 1) // len(tokens))
            words.append(Word(token_text, share, flag=SPREAD if len(tokens) > 1 else ""))
    return words


def payload_of(turn: Turn) -> str:
    """Texts in one line; a word's start stands before it where that is after the start of what is before it."""
    return _voice(turn) + (_timed(turn) if _has_words(turn) else _escaped(" ".join(turn.text.split())))


def _voice(turn: Turn) -> str:
    voice = _escaped(" ".join(turn.voice.split()))
    if not voice:
        return "" if turn.speaker is Role.OTHER and turn.text.split() else f"<v {turn.speaker}>"
    own = turn.speaker is Role.OTHER and speaker_of(turn.voice) == (Role.OTHER, turn.voice)
    return f"<v {voice}>" if own else f"<v.{turn.speaker} {voice}>"


def _has_words(turn: Turn) -> bool:
    """Words that are those of the text, as each can be told from its neighbours."""
    return bool(turn.words) and [word.text for word in turn.words] == turn.text.split()


def _timed(turn: Turn) -> str:
    before, end = milliseconds_of(turn.interval.start_ns), milliseconds_of(turn.interval.end_ns)
    parts: list[str] = []
    for word in turn.words:
        at = milliseconds_of(word.interval.start_ns)
        blank = " " if parts else ""
        if before < at < end and word.flag != SPREAD:
            parts.append(f"{blank}<{stamp(word.interval.start_ns)}>")
            blank, before = "", at
        parts.append(blank + _escaped(word.text))
    return "".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
