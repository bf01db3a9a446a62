"""Sessions of any content, drawn, and what of them a format has to bring back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.formats.registry import all_formats
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import (
    AnnotationId,
    LabelId,
    LinkId,
    SchemeId,
    SessionId,
    TierId,
    TranscriptId,
    TurnId,
)
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.scheme import Label, Overlap, Parent, Relation, Scheme, Shape, TierType
from woz.model.session import Session, SessionState, Take
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn, Word

all_formats()
"""Their modules are loaded before anything is drawn: Hypothesis draws constants of those that are there."""
S = 10**9
SID, TID = SessionId("20260101-000000-0000"), TranscriptId("transcript")
MADE = Made(Origin.MANUAL, "somebody", 1)
LABELS = (
    Label(LabelId("cut"), "cut", {"en": "Cut", "it": "Taglia"}),
    Label(LabelId("l2"), "stir & pour", {"en": 'Stir <"&"> pour'}),
    Label(LabelId("l3"), "nameless"),
)
SCHEME = Scheme(
    SchemeId("kitchen"),
    "Kitchen",
    3,
    (
        TierType("coarse", {"en": "Coarse"}, Shape.ANY, overlap=Overlap.ANY, labels=LABELS),
        TierType(
            "fine", {"en": "Fine"}, Shape.ANY, overlap=Overlap.ANY, parent=Parent("coarse"), labels=LABELS[:1]
        ),
        TierType("words", {"en": "Parts"}, Shape.ANY, parent=Parent("coarse", Relation.SUBDIVIDES), open=True),
        TierType("rating", {"en": "Rating"}, Shape.ANY, parent=Parent("coarse", Relation.ONE_TO_ONE)),
        TierType("tips", {"en": "Tips"}, Shape.POINT, overlap=Overlap.ANY),
    ),
)
TEXT = st.text(
    st.one_of(st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from("\n\t\"<&>'0 .#@")), max_size=12
).filter(lambda text: not set(text) & {"\ufffe", "\uffff"})
TIMES = st.one_of(
    st.integers(0, 10 * S), st.sampled_from([0, S, 2 * S, 3 * S, 3 * S + 400_000]), st.integers(-S, 3600 * S)
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(allow_nan=False),
    TEXT,
    st.sampled_from(["true", "3", '"x"', "null", "{}", ""]),
)
DOUBTS = st.one_of(st.none(), TEXT, st.sampled_from(["yes", '"yes"', '"']))
KEYS = st.sampled_from(["verb", "a.b", "x#1", "note", "confidence", "%2E", "täg", " "])


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    start, end = sorted((draw(TIMES), draw(TIMES)))
    return start, end


@st.composite
def _tier(draw: st.DrawFn, number: int, above: list[Annotation], key: str) -> list[Annotation]:
    return [
        draw(_annotation(f"{number}-{place}", f"tier{number}", above, key))
        for place in range(draw(st.integers(0, 5)))
    ]


@st.composite
def _annotation(draw: st.DrawFn, name: str, tier: str, above: list[Annotation], key: str) -> Annotation:
    shape = "point" if key == "tips" else draw(st.sampled_from(["interval", "interval", "point", "none"]))
    start, end = draw(spans())
    parent = draw(st.sampled_from([None, *above])) if above else None
    if parent and parent.end_ns is not None and shape == "interval" and draw(st.booleans()):
        assert parent.start_ns is not None
        start = min(max(start, parent.start_ns), parent.end_ns)
        end = min(max(end, start), parent.end_ns)
    label = draw(st.one_of(st.sampled_from(["cut", "l2", "l3", ""]), TEXT))
    return Annotation(
        AnnotationId(name),
        TierId(tier),
        None if shape == "none" else start,
        end if shape == "interval" else None,
        label,
        MADE,
        tuple(draw(st.lists(st.builds(Attribute, KEYS, VALUES, TEXT, TEXT), max_size=3))),
        draw(TEXT),
        draw(st.one_of(st.none(), st.floats(0, 1))),
        parent.id if parent else None,
    )


@st.composite
def turns(draw: st.DrawFn, number: int) -> Turn:
    words = st.builds(
        lambda text, span, confidence, doubt, flag: Word(text, Interval(*span), confidence, doubt, flag),
        TEXT,
        spans(),
        st.one_of(st.none(), st.floats(0, 1)),
        st.sampled_from([None, True, False]),
        st.sampled_from(["", "time spread"]),
    )
    return Turn(
        TurnId(f"turn{number}"),
        TID,
        draw(st.sampled_from(Role)),
        Interval(*draw(spans())),
        draw(TEXT),
        Interval(*draw(spans())) if draw(st.booleans()) else None,
        tuple(sorted(draw(st.lists(words, max_size=3)), key=lambda word: (word.interval, word.text))),
        draw(st.one_of(st.none(), st.floats(0, 1))),
        draw(st.sampled_from(["", "Anna", "trainee", "Anna (2)"])),
        draw(st.booleans()),
        (),
        draw(TEXT),
        doubt=draw(DOUBTS),
    )


PARENTS = {"fine": 0, "words": 0, "rating": 0}
"""Tier types below the first tier."""


@st.composite
def _named_tier(draw: st.DrawFn, number: int, key: str) -> Tier:
    return Tier(
        TierId(f"tier{number}"),
        SID,
        SCHEME.id,
        SCHEME.version,
        key,
        draw(st.one_of(st.sampled_from(["Same", key]), TEXT)),
        MADE,
        subject=draw(TEXT),
        parent_id=TierId("tier0") if key in PARENTS else None,
    )


@st.composite
def _link(draw: st.DrawFn, number: int, refs: list[ItemRef]) -> Link:
    return Link(
        LinkId(f"link{number}"),
        SID,
        draw(st.sampled_from(["answers", "corrects <x>"])),
        draw(st.sampled_from(refs)),
        draw(st.sampled_from(refs)),
        MADE,
        draw(TEXT),
        draw(DOUBTS),
    )


@st.composite
def bundles(draw: st.DrawFn) -> SessionBundle:
    keys = [each.key for each in SCHEME.tier_types]
    found: list[list[Annotation]] = []
    for number, key in enumerate(keys):
        found.append(draw(_tier(number, found[0] if key in PARENTS else [], key)))
    tiers = tuple(draw(_named_tier(number, key)) for number, key in enumerate(keys))
    said = tuple(draw(turns(number)) for number in range(draw(st.integers(0, 4))))
    annotations = tuple(each for tier in found for each in tier)
    refs = [ItemRef("annotation", each.id) for each in annotations] + [ItemRef("turn", each.id) for each in said]
    links = tuple(draw(_link(number, refs)) for number in range(draw(st.integers(0, 3)) if refs else 0))
    if refs and annotations:
        first, *rest = annotations
        member = Attribute("member", draw(st.sampled_from(refs)))
        annotations = (replace(first, made=MADE, attributes=(*first.attributes, member)), *rest)
    transcript = Transcript(TID, SID, Origin.MANUAL, "en", "test", 0)
    session = Session(
        SID,
        draw(TEXT) or "A title",
        SessionState.CLOSED,
        1_700_000_000 * S,
        60 * S,
        takes=(Take("a", Interval(0, 5)),),
    )
    return bundle_of(session, transcript, said, tiers, annotations, links)


def bundle_of(
    session: Session,
    transcript: Transcript | None,
    said: tuple[Turn, ...],
    tiers: tuple[Tier, ...] = (),
    annotations: tuple[Annotation, ...] = (),
    links: tuple[Link, ...] = (),
) -> SessionBundle:
    return SessionBundle(
        session,
        Path("ego.mkv"),
        (),
        transcript,
        tuple(sorted(said, key=lambda turn: turn.interval)),
        tiers,
        annotations,
        {(SCHEME.id, SCHEME.version): SCHEME},
        (),
        links=links,
    )


def content(bundle: SessionBundle) -> dict[str, Counter[str]]:
    """All of a session but ids, and who made what: items name each other by what they are."""
    tiers = {tier.id: tier for tier in bundle.tiers}
    named: dict[str, str] = {}
    for each in bundle.annotations:
        named[each.id] = repr((tiers[each.tier_id].tier_type, each.start_ns, each.end_ns, each.label, each.note))
    for turn in bundle.turns:
        named[turn.id] = repr((turn.speaker, turn.voice, turn.interval, turn.text))
    return {
        "tiers": Counter(_tier_content(tier, tiers) for tier in bundle.tiers),
        "annotations": Counter(_annotation_content(each, tiers, named) for each in bundle.annotations),
        "turns": Counter(_turn_content(turn) for turn in bundle.turns),
        "links": Counter(
            repr((link.type, link.note, link.doubt, named.get(link.source.id), named.get(link.target.id)))
            for link in bundle.links
        ),
    }


def _tier_content(tier: Tier, tiers: dict[TierId, Tier]) -> str:
    parent = tiers[tier.parent_id].name if tier.parent_id else None
    return repr((tier.name, tier.scheme_id, tier.scheme_version, tier.tier_type, tier.subject, parent))


def _annotation_content(each: Annotation, tiers: dict[TierId, Tier], named: dict[str, str]) -> str:
    def value(attribute: Attribute) -> Any:
        found = attribute.value
        return (found.kind, named.get(found.id)) if isinstance(found, ItemRef) else found

    attributes = sorted(((a.key, value(a), a.note, a.place) for a in each.attributes), key=lambda each: each[0])
    parent = named[each.parent_id] if each.parent_id else None
    tier = tiers[each.tier_id]
    return repr(
        (
            tier.name,
            tier.tier_type,
            each.start_ns,
            each.end_ns,
            each.label,
            each.note,
            each.confidence,
            attributes,
            parent,
        )
    )


def _turn_content(turn: Turn) -> str:
    words = sorted(repr(word) for word in turn.words)
    return repr(
        (
            turn.speaker,
            turn.voice,
            turn.interval,
            turn.said,
            turn.text,
            turn.confidence,
            turn.checked,
            turn.translation,
            turn.doubt,
            words,
        )
    )
