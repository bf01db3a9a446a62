"""A project of BORIS in woz's words.

A category and a subject make a tier, a behaviour a label, a set of modifiers an attribute.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from woz.formats.reading import nanoseconds
from woz.formats.tools.boris_ethogram import BEHAVIOURS, Behaviour
from woz.formats.tools.boris_events import Bout
from woz.formats.values import MOST_WHOLE, scalar_of
from woz.model.annotation import Attribute

OBSERVATION = "observation"
"""The tier type of what is said of a whole observation, and its label: independent variables are attributes."""
UNPAIRED, COMMENT_STOP, FRAME, FRAME_STOP = "unpaired", "comment_stop", "frame", "frame_stop"
ASIDE = frozenset({UNPAIRED, COMMENT_STOP, FRAME, FRAME_STOP})
"""Attributes that hold what an event has beside its modifiers."""
TIME_OFFSET, KIND = "time offset", "type"
MEDIA = "MEDIA"


def tier_name(tier_type: str, subject: str) -> str:
    return f"{tier_type} of {subject}" if subject else tier_type


def behaviour_of(ethogram: Mapping[str, Behaviour], code: str) -> Behaviour:
    return ethogram.get(code) or Behaviour(code, state=False, category=BEHAVIOURS)


def aside(bout: Bout) -> tuple[Attribute, ...]:
    """What a bout holds beside its modifiers and the comment to its start."""
    found = [Attribute(UNPAIRED, True)] if bout.unpaired else []
    if bout.start.frame is not None:
        found.append(Attribute(FRAME, bout.start.frame))
    if bout.stop and bout.stop.frame is not None:
        found.append(Attribute(FRAME_STOP, bout.stop.frame))
    if bout.stop and bout.stop.comment:
        found.append(Attribute(COMMENT_STOP, bout.stop.comment))
    return tuple(each for each in found if not isinstance(each.value, int) or abs(each.value) <= MOST_WHOLE)


def said_of_all(fields: Mapping[str, Any], texts: Collection[str]) -> tuple[str, tuple[Attribute, ...]]:
    """An observation's description, and its independent variables, time offset and kind where they are special.

    `texts` are the variables that hold texts, whatever these look like.
    """
    variables = fields.get("independent_variables")
    found = [
        Attribute(str(name), scalar_of(value) if isinstance(value, str) and name not in texts else value)
        for name, value in (variables.items() if isinstance(variables, dict) else ())
        if isinstance(value, str | int | float) and value != ""
    ]
    offset = fields.get("time offset")
    if isinstance(offset, int | float) and offset:
        found.append(Attribute(TIME_OFFSET, float(offset)))
    if fields.get("type") not in (MEDIA, None):
        found.append(Attribute(KIND, str(fields["type"])))
    return str(fields.get("description") or ""), tuple(found)


def media_of(fields: Mapping[str, Any]) -> tuple[str, int | None]:
    """The first file of the first player, and the length of all of that player's."""
    files = fields.get("file")
    first = files.get("1") if isinstance(files, dict) else None
    names = [name for name in first if isinstance(name, str)] if isinstance(first, list) else []
    info = fields.get("media_info")
    lengths = info.get("length") if isinstance(info, dict) else None
    known = [lengths.get(name) for name in names] if isinstance(lengths, dict) else []
    seconds = [each for each in known if isinstance(each, int | float)]
    try:
        whole = nanoseconds(sum(seconds)) if seconds and len(seconds) == len(names) else None
    except ValueError:
        whole = None
    return (names[0] if names else ""), whole


def start_of(fields: Mapping[str, Any]) -> int | None:
    """The observation's date as UTC, in ns; BORIS keeps no zone with it."""
    try:
        begun = datetime.fromisoformat(str(fields.get("date")))
        return round((begun if begun.tzinfo else begun.replace(tzinfo=UTC)).timestamp()) * 10**9
    except (ValueError, OverflowError):
        return None
