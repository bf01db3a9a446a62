"""Reads turns from a WebVTT file: cues with voices (W3C WebVTT)."""

from __future__ import annotations

import html
import re
from pathlib import Path

from woz.base.errors import WozError, reason_of
from woz.base.interval import Interval
from woz.model.ids import TranscriptId, TurnId, new_id
from woz.model.people import Role
from woz.model.transcript import Turn

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"^{_TIME}[ \t]+-->[ \t]+{_TIME}")
_VOICE = re.compile(r"^<v(?:\.[^ >]*)?[ \t]+([^>]*)>")
_TAG = re.compile(r"<[^>]*>")


def read_turns(path: Path, transcript_id: TranscriptId) -> list[Turn]:
    """One turn a cue, by time; a cue without a known voice is of somebody else.

    Raises WozError for a file that is missing or no WebVTT.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WozError(f"{path} can't be read ({reason_of(error)}).") from error
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", blocks[0]):
        raise WozError(f"{path} is no WebVTT file: it does not begin with WEBVTT.")
    turns = [turn for block in blocks for turn in _cue(block, transcript_id)]
    return sorted(turns, key=lambda turn: turn.interval)


def _cue(block: str, transcript_id: TranscriptId) -> list[Turn]:
    lines = block.strip("\n").split("\n")
    timings = [(i, _TIMING.match(line.strip())) for i, line in enumerate(lines[:2])]
    i, timing = next(((i, found) for i, found in timings if found), (0, None))
    if timing is None:
        return []
    start, end = _ns(timing.groups()[:4]), _ns(timing.groups()[4:])
    payload = " ".join(lines[i + 1 :]).strip()
    voice = _VOICE.match(payload)
    words = " ".join(html.unescape(_TAG.sub("", payload)).split())
    if end < start or not words:
        return []
    speaker = _role(voice.group(1)) if voice else Role.OTHER
    return [Turn(TurnId(new_id()), transcript_id, speaker, Interval(start, end), words)]


def _role(name: str) -> Role:
    known = {role.value: role for role in Role}
    return known.get(name.strip().lower(), Role.OTHER)


def _ns(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, milliseconds = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000_000 + milliseconds * 1_000_000
