"""What lowers a measure of agreement from 1: the places where two differ, with what each takes from it. One less
their sum is the measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from woz.annotation.measures.agreement import (
    TOLERANCE_NS,
    UNIT_NS,
    Doubled,
    hits_of,
    mean,
    time_of,
)
from woz.annotation.measures.alpha import disagreement_of_time, unitizing_disagreement, units_apart
from woz.annotation.measures.boundaries import boundary_edits
from woz.annotation.measures.cards import Card, CardKind, edit_cards, time_cards, unhit_cards
from woz.annotation.measures.disagreement import Disagreement, beyond_chance
from woz.annotation.measures.kappa import cohen_disagreement, raw_agreement
from woz.annotation.measures.segment import Confusion, Segment

Made = Callable[[Confusion], Disagreement | None]


def _raw(confusion: Confusion) -> Disagreement | None:
    agreement = raw_agreement(confusion)
    return None if agreement is None else Disagreement(1 - agreement, 1.0)


def _alpha(confusion: Confusion) -> Disagreement | None:
    return disagreement_of_time(confusion, UNIT_NS)


OF_TIME: Mapping[str, Made] = {"kappa": cohen_disagreement, "alpha": _alpha, "time agreement": _raw}


def disagreement(sessions: Sequence[Doubled], name: str) -> Disagreement | None:
    """What is observed, and what chance would make (1 where the measure asks for no chance). None where the measure
    isn't defined, and where it is a mean over several sessions.
    """
    if name in OF_TIME:
        return OF_TIME[name](time_of(sessions))
    if name.startswith("f1@"):
        f1 = hits_of(sessions, _iou(name)).f1
        return None if f1 is None else Disagreement(1 - f1, 1.0)
    if len(sessions) != 1:
        return None
    if name == "unitizing alpha":
        return _unitizing(sessions[0])
    value = mean(sessions, name)
    return None if value is None else Disagreement(1 - value, 1.0)


def lowering(sessions: Sequence[Doubled], name: str) -> list[Card]:
    """By session and time; without shares where the measure isn't defined."""
    if name in OF_TIME:
        return _shared_time(sessions, OF_TIME[name](time_of(sessions)))
    if name.startswith("f1@"):
        hits = hits_of(sessions, _iou(name))
        whole = 2 * hits.hits + hits.false + hits.missed
        return [replace(card, share=1 / whole) for card in unhit_cards(sessions, _iou(name))]
    weights = [each.compared_ns if mean([each], name) is not None else 0 for each in sessions]
    whole = sum(weights)
    return [
        replace(card, share=card.share * weight / whole)
        for each, weight in zip(sessions, weights, strict=True)
        if weight
        for card in OF_SESSIONS[name](each)
        if card.share is not None
    ]


def _iou(name: str) -> float:
    return int(name.removeprefix("f1@")) / 100


def _shared_time(sessions: Sequence[Doubled], found: Disagreement | None) -> list[Card]:
    cards = time_cards(sessions)
    if found is None or beyond_chance(found) is None:
        return cards
    whole = sum(each.compared_ns for each in sessions) * found.by_chance
    return [replace(card, share=card.span.duration_ns / whole) for card in cards]


def _edits(session: Doubled) -> list[Card]:
    longer = max(map(len, session.segments))
    return [replace(card, share=1 / longer) for card in edit_cards([session])]


def _boundaries(session: Doubled) -> list[Card]:
    one, other = (session.edges(side) for side in session.segments)
    edits = boundary_edits(one, other, TOLERANCE_NS)
    whole = len(set(one) & set(other)) + len(edits)
    return [_boundary(session, a, b, cost / whole) for a, b, cost in edits]


def _boundary(session: Doubled, one: int | None, other: int | None, share: float) -> Card:
    a, b = (_at(side, t) for side, t in zip(session.segments, (one, other), strict=True))
    apart = one - other if one is not None and other is not None else None
    first = a or b
    assert first
    return Card(session.session, _kind(a, b), a and a[0], b and b[0], first[1], apart, share)


def _kind(one: object, other: object) -> CardKind:
    return CardKind.BOUNDARY if one and other else CardKind.MISSING if one else CardKind.EXTRA


def _at(side: Sequence[Segment], t: int | None) -> tuple[Segment, str] | None:
    """The segment that begins then, else the one that ends then."""
    if t is None:
        return None
    begun = next((each for each in side if each.boundaries and each.start_ns == t), None)
    return (
        (begun, "start") if begun else (next(each for each in side if each.boundaries and each.end_ns == t), "end")
    )


def _unitizing(session: Doubled) -> Disagreement | None:
    if session.unitizing is None:
        return None
    return unitizing_disagreement(session.joined, session.compared_ns, UNIT_NS)


def _units(session: Doubled) -> list[Card]:
    found = _unitizing(session)
    if found is None:
        return []
    cut = dict(zip(chain(*session.joined), chain(*session.segments), strict=True))
    return [
        Card(session.session, _kind(a, b), a and cut[a], b and cut[b], share=apart / found.by_chance)
        for a, b, apart in units_apart(*session.joined, session.compared_ns, UNIT_NS)
    ]


OF_SESSIONS: Mapping[str, Callable[[Doubled], list[Card]]] = {
    "edit": _edits,
    "boundary similarity": _boundaries,
    "unitizing alpha": _units,
}
