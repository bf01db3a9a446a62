"""How tiers of a TextGrid are named, so that what belongs together is put together again.

A further tier for items that overlap is `NAME ~2`, points beside intervals are `NAME (points)`, turns and words
`SPEAKER (turns)` and `SPEAKER (words)`, and further texts of a tier's items `NAME (note)`, `NAME (@verb)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from woz.formats.tiers.layers import CHECKED, DOUBT, DOUBTED, FLAG, ORIGINS, SAID, TRANSLATION
from woz.formats.tiers.values import CONFIDENCE, NOTE, ORIGIN
from woz.model.ids import SchemeId
from woz.model.people import Role
from woz.model.scheme import AttributeType, Overlap, Scheme, Shape, TierType, ValueKind

TURNS, WORDS, POINTS = "turns", "words", "points"
KEYS = frozenset((NOTE, CONFIDENCE, ORIGIN, TRANSLATION, CHECKED, SAID, ORIGINS, DOUBT, DOUBTED, FLAG))
DOCUMENT = "textgrid-document"
INTERVALS = "intervals"
_BOUNDS = tuple(AttributeType(key, ValueKind.TEXT, {"en": key}) for key in ("xmin", "xmax"))
SCHEME = Scheme(
    SchemeId("textgrid"),
    "TextGrid",
    1,
    (
        TierType(INTERVALS, {"en": "Intervals"}, Shape.ANY, overlap=Overlap.ANY, open=True),
        TierType(POINTS, {"en": "Points"}, Shape.POINT, overlap=Overlap.ANY, open=True),
        TierType(
            DOCUMENT, {"en": "TextGrid document"}, Shape.SESSION, overlap=Overlap.ANY, open=True, attributes=_BOUNDS
        ),
    ),
)
_LANE = re.compile(r"(.*) ~(\d{1,9})", re.DOTALL)
_PART = re.compile(r"(.*) \(([^()]*|@.*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """What a tier holds: `base` is the name of the whole, `part` one of turns, words, points or nothing, `lane` the
    number of the further tier, `key` the name of further texts.
    """

    base: str
    part: str = ""
    lane: int = 1
    key: str = ""

    @property
    def name(self) -> str:
        part = f" ({self.part})" if self.part else ""
        lane = f" ~{self.lane}" if self.lane > 1 else ""
        return f"{self.base}{part}{lane}{f' ({self.key})' if self.key else ''}"


def places_of(names: Iterable[str]) -> list[Place]:
    """Of all tiers, in their order: a name that would belong to a tier that isn't there is just a name."""
    found: list[Place] = []
    known: dict[str, Place] = {}
    for name in names:
        place = _place(name, known)
        known.setdefault(name, place)
        found.append(place)
    return found


def _place(name: str, known: dict[str, Place]) -> Place:
    part = _PART.fullmatch(name)
    if part and (part[2] in KEYS or part[2].startswith("@")) and part[1] in known and not known[part[1]].key:
        above = known[part[1]]
        return Place(above.base, above.part, above.lane, part[2])
    lane = _LANE.fullmatch(name)
    if lane and lane[1] in known and not known[lane[1]].key and known[lane[1]].lane == 1 and int(lane[2]) > 1:
        above = known[lane[1]]
        return Place(above.base, above.part, int(lane[2]))
    if part and part[2] == TURNS:
        return Place(part[1], TURNS)
    if part and part[2] == WORDS and Place(part[1], TURNS) in known.values():
        return Place(part[1], WORDS)
    if part and part[2] == POINTS and Place(part[1]) in known.values():
        return Place(part[1], POINTS)
    return Place(name)


def speaker_name(speaker: Role, voice: str) -> str:
    """The role, or the voice; both where the role has several, or the voice could be taken for a role."""
    if not voice:
        return str(speaker)
    return voice if speaker is Role.OTHER and speaker_from(voice) == (speaker, voice) else f"{speaker}: {voice}"


def speaker_from(name: str) -> tuple[Role, str]:
    role, _, voice = name.partition(": ")
    if role in list(Role):
        return Role(role), voice
    return Role.OTHER, name
