"""Sessions with all that tiers, annotations and links may have, to be written and read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LabelId, LinkId, SchemeId, SessionId, TierId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import AttributeType, Label, Overlap, Scheme, Shape, TierType
from woz.model.session import Session, SessionState
from woz.model.tier import Tier, TierState

SID = SessionId("20260101-000000-0000")
S = 1_000_000_000
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
WORDS = st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=10).filter(
    lambda text: text == text.strip()
)
DIRTY = st.sampled_from(
    ["=1+1", "+49", "-5", "'-5", "a,b;c", 'say "yes"', "true", "3", "[1]", "two\nlines", "\r", "é日"]
)
FLOATS = st.floats(-1e6, 1e6, allow_nan=False)
VALUES = st.one_of(st.booleans(), st.integers(-(2**62), 2**62), FLOATS, TEXTS, DIRTY, st.none())
MADE = st.builds(Made, st.sampled_from(Origin), st.sampled_from(["woz", "annotator-1"]), st.integers(0, 2**60))


def scheme_of(labels: dict[str, str], key: str = "acts", attributes: tuple[AttributeType, ...] = ()) -> Scheme:
    """Of one tier type that allows anything."""
    made = tuple(Label(LabelId(ident), ident, {"en": name}) for ident, name in labels.items())
    kind = TierType(key, {"en": key}, Shape.ANY, overlap=Overlap.ANY, labels=made, attributes=attributes)
    return Scheme(SchemeId(f"scheme-{key}"), key, 1, (kind,))


def session_bundle(
    tiers: tuple[Tier, ...],
    annotations: tuple[Annotation, ...],
    schemes: tuple[Scheme, ...],
    links: tuple[Link, ...] = (),
    session_id: SessionId = SID,
) -> SessionBundle:
    session = Session(session_id, "A session", SessionState.CLOSED, 0, 60 * S)
    known = {(each.id, each.version): each for each in schemes}
    return SessionBundle(session, Path("ego.mkv"), (), None, (), tiers, annotations, known, (), links=links)


@st.composite
def rich(draw: Callable[..., Any]) -> SessionBundle:
    """Tiers in a tree, empty ones too; points, intervals that overlap, no times; values of all kinds; links."""
    scheme = scheme_of({"a": "Pick up", "b": "=Put; down"})
    count = draw(st.integers(1, 3))
    tiers = tuple(
        Tier(
            TierId(f"tier{n}"),
            SID,
            scheme.id,
            1,
            "acts",
            draw(WORDS | DIRTY),
            draw(MADE),
            subject=draw(TEXTS),
            parent_id=TierId(f"tier{n - 1}") if n and draw(st.booleans()) else None,
            state=draw(st.sampled_from(TierState)),
        )
        for n in range(count)
    )
    annotations = tuple(_annotation(draw, n, tiers) for n in range(draw(st.integers(0, 5))))
    links = tuple(_link(draw, n, annotations) for n in range(draw(st.integers(0, 3)))) if annotations else ()
    return session_bundle(tiers, annotations, (scheme,), links)


def _annotation(draw: Callable[..., Any], n: int, tiers: tuple[Tier, ...]) -> Annotation:
    start = draw(st.none() | st.integers(0, 3600 * S))
    end = None if start is None else draw(st.none() | st.integers(start, 7200 * S))
    ref = st.just(ItemRef("annotation", "ann0"))
    value = st.builds(Attribute, st.sampled_from(["k", "label", "attribute:x"]), VALUES | ref, TEXTS, TEXTS)
    return Annotation(
        AnnotationId(f"ann{n}"),
        draw(st.sampled_from(tiers)).id,
        start,
        end,
        draw(st.sampled_from(["a", "b", "c"])),
        draw(MADE),
        tuple(draw(st.lists(value, max_size=4))),
        f"{draw(TEXTS | DIRTY)}{n}",
        draw(st.none() | FLOATS),
        AnnotationId(f"ann{n - 1}") if n and draw(st.booleans()) else None,
    )


def _link(draw: Callable[..., Any], n: int, annotations: tuple[Annotation, ...]) -> Link:
    source, target = (ItemRef("annotation", draw(st.sampled_from(annotations)).id) for _ in range(2))
    return Link(
        LinkId(f"link{n}"), SID, draw(WORDS), source, target, draw(MADE), draw(TEXTS), draw(st.none() | TEXTS)
    )


@dataclass(frozen=True)
class Plain:
    """A session's items without their ids: by their places among the others."""

    tiers: tuple[Any, ...]
    annotations: tuple[Any, ...]
    links: tuple[Any, ...]


def plain(bundle: SessionBundle) -> Plain:
    tiers = sorted(bundle.tiers, key=lambda each: each.id)
    order: dict[TierId | None, int] = {tier.id: n for n, tier in enumerate(tiers)}
    annotations = sorted(bundle.annotations, key=lambda each: repr(_facts(each, order)))
    place = {str(each.id): n for n, each in enumerate(annotations)}
    return Plain(
        tuple((tier.name, tier.made, tier.subject, tier.state, order.get(tier.parent_id)) for tier in tiers),
        tuple((_facts(each, order), place.get(each.parent_id or ""), _refs(each, place)) for each in annotations),
        tuple(sorted((_linked(each, place) for each in bundle.links), key=repr)),
    )


def _facts(each: Annotation, order: Mapping[TierId | None, int]) -> tuple[Any, ...]:
    attributes = sorted((_valued(at) for at in each.attributes), key=lambda at: at.key)
    facts = each.start_ns, each.end_ns, each.label, each.made, each.note, each.confidence
    return order[each.tier_id], *facts, tuple((at, type(at.value)) for at in attributes)


def _valued(attribute: Attribute) -> Attribute:
    return replace(attribute, value="REF") if isinstance(attribute.value, ItemRef) else attribute


def _refs(each: Annotation, place: dict[str, int]) -> list[int]:
    return [place[at.value.id] for at in each.attributes if isinstance(at.value, ItemRef)]


def _linked(link: Link, place: dict[str, int]) -> tuple[Any, ...]:
    return link.type, place[link.source.id], place[link.target.id], link.note, link.doubt, link.made
