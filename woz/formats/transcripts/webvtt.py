"""Turns as subtitles with voices (W3C WebVTT)."""

from __future__ import annotations

from collections.abc import Iterable

from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session


def _write(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    """Turns as cues with voices."""
    yield f"WEBVTT\n\nNOTE session {bundle.session.id}, transcript: {bundle.origin or 'none'}\n"
    for i, turn in enumerate(bundle.turns, 1):
        yield f"\n{i}\n{_stamp(turn.interval.start_ns)} --> {_stamp(turn.interval.end_ns)}\n"
        yield f"<v {turn.speaker}>{_escaped(turn.text)}\n"


def _escaped(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamp(ns: int) -> str:
    milliseconds = round(ns / 1e6)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


FORMATS = (
    Format(
        "webvtt",
        "turns as subtitles, WebVTT",
        "turns.vtt",
        ("turns", "speakers"),
        ("words' times", "annotations"),
        "https://www.w3.org/TR/webvtt1/",
        write=each_session("turns.vtt", _write),
        by_default=True,
    ),
)
