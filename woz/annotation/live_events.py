"""What was marked while a session was recorded, as annotations, and how they are taken in again.

Ids follow from session and event, so that an event is the same annotation whenever it is taken in.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from woz.annotation.edits import Edit
from woz.annotation.label_of import NAME
from woz.annotation.link_owner import link_owner
from woz.annotation.live_scheme import (
    CORRECTION,
    CORRECTS,
    CUE,
    KEPT_OUT,
    LIVE,
    MARK,
    MISTAKE,
    NOTE,
    SNAPSHOT,
    STEP,
    STROKE,
    WITHHELD,
)
from woz.annotation.tier_states import OPEN
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation, Attribute
from woz.model.events import Event, EventKind, standing
from woz.model.ids import AnnotationId, LinkId, SessionId, TierId
from woz.model.item import ItemRef
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.session import Session
from woz.model.tier import Tier

_NAMESPACE = uuid.UUID("5a51c2a4-5ff5-4b80-9d0e-3ff1a7f0c6de")
TIER_TYPES = {
    EventKind.STEP: STEP,
    EventKind.MISTAKE: MISTAKE,
    EventKind.CORRECTION: CORRECTION,
    EventKind.MARK: MARK,
    EventKind.NOTE: NOTE,
    EventKind.CUE: CUE,
    EventKind.STROKE: STROKE,
    EventKind.SNAPSHOT: SNAPSHOT,
    EventKind.BYSTANDER: WITHHELD,
}
LEAD_NS = 10 * NS_PER_S
"""So much before the key is kept out as well: who asks was heard and seen before that."""
_SCHEMES = {WITHHELD: KEPT_OUT}
_OWN = {LIVE.id, KEPT_OUT.id}
TAKEN_IN = "Take in what was marked live"


@dataclass(frozen=True, slots=True)
class _Marked:
    """An event that becomes an annotation: which one of those alike it is tells those without an id apart."""

    event: Event
    end_ns: int | None
    key: str


def live_items(session: Session, events: Iterable[Event]) -> tuple[Item, ...]:
    """A tier for each kind of event that there is, its annotations, and a link from each correction to its mistake.

    A step lasts to the next one, the last to the session's end; a stroke as long as it was drawn; all else are
    points. A bystander's stretch lasts from before they asked until they are gone, or the session's end. What was
    taken back is left out.
    """
    known = [e for e in standing(events) if e.kind in TIER_TYPES]
    marked = _marked([e for e in known if e.kind != EventKind.BYSTANDER], session.duration_ns or 0)
    marked += _withheld([e for e in known if e.kind == EventKind.BYSTANDER], session.duration_ns or 0)
    kinds = [kind for kind in TIER_TYPES if any(m.event.kind == kind for m in marked)]
    annotations = [_annotation(session, m) for m in marked]
    return (*(_tier(session, TIER_TYPES[kind]) for kind in kinds), *annotations, *_links(session, marked))


def taken_in(wanted: Sequence[Item], present: Iterable[Item], taken_away: Container[str]) -> Edit:
    """What brings the items of a session in step with its live ones; an empty edit where they are.

    `taken_away` holds the ids of what a person took away, which stays away; what a person changed stays as it is,
    as does all in a tier that is closed.
    """
    known = {str(item.id): item for item in present}
    tiers = [item for item in known.values() if isinstance(item, Tier) and item.scheme_id in _OWN]
    live_tiers = {tier.id for tier in tiers if tier.state in OPEN}
    closed = {tier.id for tier in tiers} - live_tiers
    marks = [item for item in (*wanted, *known.values()) if isinstance(item, Annotation)]
    shut = {mark.id for mark in marks if mark.tier_id in closed}
    goal = {str(item.id): item for item in wanted if not _belongs(item, shut)}
    gone = [
        item
        for item in known.values()
        if _machines(item, live_tiers) and not _belongs(item, shut) and str(item.id) not in goal
    ]
    changed = [(known[i], item) for i, item in goal.items() if i in known and _differs(known[i], item)]
    left = known.keys() | {i for i in goal if i not in taken_away}
    new = [item for i, item in goal.items() if i not in known and i not in taken_away and _stands(item, left)]
    before = (*gone, *(old for old, _ in changed))
    return Edit(TAKEN_IN, before, (*new, *(item for _, item in changed)))


def _belongs(item: Item, marks: Container[str]) -> bool:
    """Whether it is one of these marks, or a link that belongs to one."""
    return (link_owner(item).id if isinstance(item, Link) else item.id) in marks


def _machines(item: Item, live_tiers: Container[TierId]) -> bool:
    """Whether it was taken in, and nobody changed it since."""
    if isinstance(item, Annotation):
        return item.tier_id in live_tiers and item.made.origin == Origin.LIVE
    return isinstance(item, Link) and item.type == CORRECTS and item.made.origin == Origin.LIVE


def _differs(old: Item, new: Item) -> bool:
    return isinstance(old, Annotation | Link) and old.made.origin == Origin.LIVE and old != new


def _stands(item: Item, left: Container[str]) -> bool:
    """Whether what it hangs on is there."""
    if isinstance(item, Annotation):
        return item.tier_id in left
    return not isinstance(item, Link) or (item.source.id in left and item.target.id in left)


def _marked(events: Sequence[Event], duration_ns: int) -> list[_Marked]:
    steps = sorted((e for e in events if e.kind == EventKind.STEP), key=lambda e: e.t_ns)
    ends = {id(a): b.t_ns for a, b in pairwise(steps)}
    alike: Counter[str] = Counter()
    marked = []
    for event in events:
        key = str(event.data.get("id") or f"{event.by}/{event.t_ns}")
        alike[f"{event.kind}/{key}"] += 1
        end_ns = _end(event, ends.get(id(event), duration_ns))
        marked.append(_Marked(event, end_ns, f"{key}/{alike[f'{event.kind}/{key}']}"))
    return marked


def _withheld(events: Sequence[Event], duration_ns: int) -> list[_Marked]:
    found: list[_Marked] = []
    begun: Event | None = None
    for event in sorted(events, key=lambda each: each.t_ns):
        if event.data.get("asked"):
            begun = begun or event
        elif begun:
            found.append(_stretch(begun, event.t_ns))
            begun = None
    return [*found, _stretch(begun, max(duration_ns, begun.t_ns))] if begun else found


def _stretch(asked: Event, end_ns: int) -> _Marked:
    return _Marked(replace(asked, t_ns=max(0, asked.t_ns - LEAD_NS)), end_ns, f"{asked.by}/{asked.t_ns}")


def _end(event: Event, step_end_ns: int) -> int | None:
    if event.kind == EventKind.STEP:
        return max(event.t_ns, step_end_ns)
    if event.kind == EventKind.STROKE:
        end_ns = event.data.get("end_ns")
        return max(event.t_ns, end_ns if isinstance(end_ns, int) else event.t_ns)
    return None


def _tier_id(session_id: SessionId, tier_type: str) -> TierId:
    return TierId(uuid.uuid5(_NAMESPACE, f"{session_id}/{tier_type}").hex)


def _id(session_id: SessionId, marked: _Marked) -> AnnotationId:
    return AnnotationId(uuid.uuid5(_NAMESPACE, f"{session_id}/{marked.event.kind}/{marked.key}").hex)


def _made(session: Session, event: Event) -> Made:
    return Made(Origin.LIVE, event.by, session.start_utc_ns + event.t_ns)


def _tier(session: Session, tier_type: str) -> Tier:
    scheme = _SCHEMES.get(tier_type, LIVE)
    name = scheme.tier_type(tier_type).name()
    made = Made(Origin.LIVE, "woz", session.start_utc_ns)
    return Tier(_tier_id(session.id, tier_type), session.id, scheme.id, scheme.version, tier_type, name, made)


def _annotation(session: Session, marked: _Marked) -> Annotation:
    event = marked.event
    tier_type = TIER_TYPES[event.kind]
    return Annotation(
        _id(session.id, marked),
        _tier_id(session.id, tier_type),
        event.t_ns,
        marked.end_ns,
        _LABELS[event.kind](event) if event.kind in _LABELS else tier_type,
        _made(session, event),
        _ATTRIBUTES[event.kind](event) if event.kind in _ATTRIBUTES else (),
        note=_text(event, "text"),
    )


def _links(session: Session, marked: Sequence[_Marked]) -> list[Link]:
    mistakes = {m.event.data["id"]: m for m in marked if m.event.kind == EventKind.MISTAKE and "id" in m.event.data}
    links = []
    for each in marked:
        mistake = mistakes.get(each.event.data.get("of")) if each.event.kind == EventKind.CORRECTION else None
        if mistake:
            source, target = (ItemRef("annotation", _id(session.id, m)) for m in (each, mistake))
            link_id = LinkId(uuid.uuid5(_NAMESPACE, f"{source.id}/{CORRECTS}").hex)
            made = _made(session, each.event)
            links.append(Link(link_id, session.id, CORRECTS, source, target, made))
    return links


def _text(event: Event, key: str) -> str:
    return str(event.data.get(key) or "")


def _name(event: Event) -> tuple[Attribute, ...]:
    name = _text(event, "name")
    return (Attribute(NAME, name),) if name else ()


def _numbers(event: Event, names: Mapping[str, str]) -> tuple[Attribute, ...]:
    found = ((name, event.data.get(key)) for key, name in names.items())
    return tuple(Attribute(name, value) for name, value in found if isinstance(value, int))


def _drawing(event: Event) -> tuple[Attribute, ...]:
    return (Attribute("drawing", None, place=json.dumps(event.data.get("points", []))),)


def _snapshot(event: Event) -> tuple[Attribute, ...]:
    return (Attribute("file", _text(event, "file")), *_numbers(event, {"capture_ns": "captured"}))


_LABELS: Mapping[EventKind, Callable[[Event], str]] = {
    EventKind.STEP: lambda event: _text(event, "step_id"),
    EventKind.MARK: lambda event: _text(event, "name"),
    EventKind.BYSTANDER: lambda event: "bystander",
}
_ATTRIBUTES: Mapping[EventKind, Callable[[Event], tuple[Attribute, ...]]] = {
    EventKind.STEP: _name,
    EventKind.CUE: lambda event: _numbers(event, {"begin_ns": "begin", "end_ns": "end"}),
    EventKind.STROKE: _drawing,
    EventKind.SNAPSHOT: _snapshot,
}
