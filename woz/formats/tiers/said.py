"""A turn with its words, from the texts that formats of tiers hold of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from woz.base.interval import Interval
from woz.formats.tiers.layers import CHECKED, DOUBT, DOUBTED, DOUBTFUL, FLAG, RIGHT, SAID, TRANSLATION
from woz.formats.tiers.times import whole_ns
from woz.formats.tiers.values import CONFIDENCE, YES, confidence_from, doubt_from
from woz.model.ids import TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import Turn, Word

Timed = tuple[str, int, int]
"""Text, start, end (ns)."""


def turn_from(
    turn_id: TurnId,
    transcript_id: TranscriptId,
    who: tuple[Role, str],
    text: Timed,
    values: Mapping[str, str],
    words: Iterable[tuple[str, int, int, Mapping[str, str]]],
) -> tuple[Turn, bool]:
    """Also whether its end lay before its start; it is empty then."""
    start, end = text[1], max(text[1], text[2])
    turn = Turn(
        turn_id,
        transcript_id,
        who[0],
        Interval(start, end),
        text[0],
        _said(values.get(SAID, "")),
        tuple(_word(*word) for word in words),
        confidence_from(values.get(CONFIDENCE)),
        who[1],
        values.get(CHECKED) == YES,
        translation=values.get(TRANSLATION, ""),
        doubt=doubt_from(values.get(DOUBTED)),
    )
    return turn, text[2] < start


def _word(text: str, start: int, end: int, values: Mapping[str, str]) -> Word:
    doubt = {DOUBTFUL: True, RIGHT: False}.get(values.get(DOUBT, ""))
    return Word(
        text, Interval(start, max(start, end)), confidence_from(values.get(CONFIDENCE)), doubt, values.get(FLAG, "")
    )


def _said(text: str) -> Interval | None:
    try:
        start, end = (whole_ns(each) for each in text.split())
        return Interval(start, end)
    except ValueError:
        return None
